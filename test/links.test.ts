import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
/** Folders that documents speak of. */
const folders = ["client", "deploy", "docs", "scripts", "server", "shared", "test"];

const files = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) =>
    join(folder, name).replaceAll("\\", "/"),
  ),
);
const documents = [...readdirSync(root), ...files].filter((name) => name.endsWith(".md"));

/** What `pattern` finds in a text, its first group each. */
function finds(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, group]) => group!);
}

describe.each(documents)("%s", (document) => {
  const text = readFileSync(join(root, document), "utf8");
  const prose = text.replace(/^ *```[\s\S]*?^ *```$/gm, "");
  const near = (target: string) => join(root, dirname(document), target.replace(/#.*/, ""));

  test("links to what is there", () => {
    const targets = [
      ...finds(text, /\]\(([^)\s]+)\)/g),
      ...finds(text, /\b(?:src|href)="([^"]+)"/g),
    ].filter((target) => !/^(https?:|#)/.test(target));
    expect(targets.filter((target) => !existsSync(near(target)))).toEqual([]);
  });

  test("links to headings that are there", () => {
    const targets = finds(text, /\]\(([^)\s]*#[^)\s]+)\)/g).filter(
      (target) => !/^https?:/.test(target),
    );
    for (const target of targets) {
      const path = target.startsWith("#") ? join(root, document) : near(target);
      const headings = finds(readFileSync(path, "utf8"), /^#+ (.+)$/gm).map((heading) =>
        heading
          .toLowerCase()
          .replace(/[^\w\s-]/g, "")
          .replace(/\s/g, "-"),
      );
      expect(headings).toContain(target.replace(/.*#/, ""));
    }
  });

  test("names files and folders that are there", () => {
    const named = finds(prose, /`([\w-]+(?:\/[\w.-]+)*\/?)`/g).filter(
      (name) => name.includes("/") && folders.includes(name.split("/")[0]!),
    );
    expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });

  test("draws files and folders that are there", () => {
    const drawn = [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)]
      .flatMap(([, language, code]) => (language === "" ? code!.split(/[\s,;]+/) : []))
      .filter((word) => /^[\w/.-]+(\/|\.tsx?)$/.test(word));
    const known = [...folders, ...files].map((name) => `/${name}`);
    expect(
      drawn.filter((name) => !known.some((path) => path.endsWith(`/${name.replace(/\/$/, "")}`))),
    ).toEqual([]);
  });

  test("says of a file what it has", () => {
    const pairs = [...text.matchAll(/\]\(([^)\s]+\.tsx?)\) `(\w+)`/g)];
    for (const [, file, name] of pairs)
      expect(readFileSync(near(file!), "utf8")).toMatch(new RegExp(`\\bfunction\\*? ${name}\\b`));
  });
});

test("documents and what they name are found at all", () => {
  expect(documents).toEqual(
    expect.arrayContaining(["README.md", "CONTRIBUTING.md", "docs/architecture.md"]),
  );
});
