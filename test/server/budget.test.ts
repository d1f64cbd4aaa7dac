import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const folder = "dist/client";
const html = readFileSync(join(folder, "index.html"), "utf8");
const read = (name: string) => readFileSync(join(folder, "assets", name), "utf8");

/** Files in assets/ that the front page loads before anything is shown. */
const first = loadedWith(
  [...html.matchAll(/(?:src|href)="\.\/assets\/([^"]+\.(?:js|css))"/g)].map(([, name]) => name!),
);

/** These files and all that they import statically, transitively. */
function loadedWith(names: readonly string[]): readonly string[] {
  const loaded = new Set(names);
  for (const name of loaded) {
    if (!name.endsWith(".js")) continue;
    // A dynamic import is a call, with a bracket before the quotation mark.
    for (const [, other] of read(name).matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+)["'`]/g))
      loaded.add(other!);
  }
  return [...loaded];
}

test("the front page loads no more bytes than its budget", () => {
  expect(first.filter((name) => name.endsWith(".js")).length).toBeGreaterThan(0);
  expect(first.filter((name) => name.endsWith(".css")).length).toBeGreaterThan(0);
  const bytes = first.map((name) => gzipSync(read(name), { level: 9 }).length);
  const sum = bytes.reduce((a, b) => a + b);
  // The worlds' dynamics and drawings, trees and kerbs too, which the thumbnails are made of, and their arithmetic included.
  expect(sum, first.map((name, i) => `${name} ${bytes[i]}`).join(", ")).toBeLessThan(80_000);
});

test.each([
  ["Phaser", /phaser\.io/],
  ["the line to the server", /joinOrCreate/],
  ["the charts", /plot figures/],
  ["the lesson's page", /Steps of the lesson/],
])("%s is not loaded with the front page", (_, mark) => {
  const having = readdirSync(join(folder, "assets")).filter(
    (name) => name.endsWith(".js") && mark.test(read(name)),
  );
  expect(having, "it is in the build").not.toEqual([]);
  expect(first.filter((name) => having.includes(name))).toEqual([]);
});
