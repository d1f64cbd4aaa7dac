import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * The path of a program on PATH; undefined where there is none of that name.
 * @param {string} name
 */
export function onPath(name) {
  return (process.env.PATH ?? "")
    .split(":")
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}
