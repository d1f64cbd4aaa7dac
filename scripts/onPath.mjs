import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * Where a program is that is called by its name alone; undefined where there is none of that name.
 * @param {string} name
 */
export function onPath(name) {
  return (process.env.PATH ?? "")
    .split(":")
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}
