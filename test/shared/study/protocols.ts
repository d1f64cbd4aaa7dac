import { readFileSync } from "node:fs";

/** The example of the repository, as JSON that a test may change. */
export function exampleFile(): Record<string, unknown> {
  return JSON.parse(readFileSync("studies/examples/example.json", "utf8"));
}

/** The text of a file like the example but for `changes`. */
export function fileWith(changes: object): string {
  return JSON.stringify({ ...exampleFile(), ...changes });
}
