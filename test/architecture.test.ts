import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import * as events from "../shared/lesson/events/index.ts";
import { kinds, worlds } from "../shared/worlds/index.ts";

const root = resolve(import.meta.dirname, "..");

interface Import {
  readonly from: string;
  /** A path from the root for the project's own modules, a package's name for others. */
  readonly to: string;
  readonly typeOnly: boolean;
}

const files = ["client", "server", "shared"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name)),
);
const source = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
const imports = files.flatMap((file) => importsOf(file));

function importsOf(from: string): Import[] {
  const forms =
    /^(?:import|export)(\s+type)?\s+([\w\s{},*$]+?)\s+from\s+"([^"]+)"|^import\s+"([^"]+)"|import\("([^"]+)"\)/gm;
  return [...source.get(from)!.matchAll(forms)].map(([, type, names, path, bare, dynamic]) => {
    const target = path ?? bare ?? dynamic!;
    const named =
      names
        ?.match(/^\{([^}]*)\}$/)?.[1]
        ?.split(",")
        .map((name) => name.trim()) ?? [];
    const allTypes =
      named.length > 0 && named.every((name) => name === "" || name.startsWith("type "));
    const to = target.startsWith(".")
      ? relative(root, resolve(root, dirname(from), target))
      : target;
    return { from, to, typeOnly: Boolean(type) || allTypes };
  });
}

/** Imports in `folder` of paths that start with none of `allowed`. */
function strays(folder: string, allowed: readonly string[]): string[] {
  return imports
    .filter(
      ({ from, to }) => from.startsWith(folder) && !allowed.some((start) => to.startsWith(start)),
    )
    .map(({ from, to }) => `${from} → ${to}`);
}

const registry = /^shared\/(worlds|policies|queries)\/index\.ts$/;

test("source files have at most 300 lines", () => {
  const long = files.filter((file) => source.get(file)!.trimEnd().split("\n").length > 300);
  expect(long).toEqual([]);
});

test("a lesson's room stays a thin adapter", () => {
  const room = source.get("server/rooms/lessonRoom.ts")!;
  expect(room.trimEnd().split("\n").length).toBeLessThan(120);
});

describe("import arrows", () => {
  test("imports are found", () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(imports).toContainEqual({
      from: "client/lesson/stage-box.tsx",
      to: "client/stage/stage.ts",
      typeOnly: false,
    });
  });

  test("shared/ imports only itself and pure libraries", () => {
    const pure = ["shared/", "zod", "pure-rand/", "@stdlib/", "hyparquet-writer", "unhomoglyph"];
    expect(strays("shared/", pure)).toEqual([]);
  });

  test("what worlds, policies and lessons compute has the same bits in every engine", () => {
    const exact =
      /\bMath\.(abs|ceil|floor|fround|imul|LOG2E|max|min|round|sign|sqrt|trunc|PI|SQRT1_2|SQRT2)\b/g;
    // Engines compute x ** 2, too, by more than one method. A power of two is exact in all.
    const ofEngine = /\bMath(\.\w+)?|(?<!\b2 )\*\*/;
    const folders = ["worlds/", "policies/", "queries/", "imitation/", "lesson/"];
    const covered = [...folders, "random.ts", "spaces.ts", "arithmetic.ts"];
    for (const [file, text] of source) {
      if (!covered.some((start) => file.startsWith(`shared/${start}`))) continue;
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "").replace(exact, "");
      expect(code.match(ofEngine)?.[0] ?? null, file).toBeNull();
    }
    const users = imports.filter(
      ({ from, to }) => to.startsWith("@stdlib/") && from !== "shared/arithmetic.ts",
    );
    expect(users).toEqual([]);
  });

  test("shared/ has no clock, no DOM, no network and no randomness but what it is given", () => {
    const impure =
      /\b(?:Math\.random|Date\.now|new Date|performance\.now|setTimeout|setInterval|fetch\(|window\.|document\.|localStorage|process\.)/;
    for (const [file, text] of source) {
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
      if (file.startsWith("shared/")) expect(code.match(impure)?.[0] ?? null, file).toBeNull();
    }
  });

  test("worlds do not import policies", () => {
    const allowed = [
      "shared/worlds/",
      "shared/arithmetic.ts",
      "shared/plural.ts",
      "shared/random.ts",
      "shared/spaces.ts",
    ];
    expect(strays("shared/worlds/", allowed)).toEqual([]);
  });

  test("policies do not import worlds", () => {
    const allowed = [
      "shared/policies/",
      "shared/arithmetic.ts",
      "shared/random.ts",
      "shared/spaces.ts",
    ];
    expect(strays("shared/policies/", allowed)).toEqual([]);
  });

  test("other folders use policies by their interface, never by class", () => {
    const classes = files
      .filter((file) => file.startsWith("shared/policies/"))
      .flatMap((file) =>
        [...source.get(file)!.matchAll(/^export class (\w+) implements [^{]*\bPolicy\b/gm)].map(
          ([, name]) => name!,
        ),
      );
    expect(classes).toContain("RidgePolicy");
    const users = files.filter(
      (file) =>
        !file.startsWith("shared/policies/") &&
        classes.some((name) => new RegExp(`\\b${name}\\b`).test(source.get(file)!)),
    );
    expect(users).toEqual([]);
  });

  test("queries import only the interface of policies", () => {
    const allowed = [
      "shared/queries/",
      "shared/arithmetic.ts",
      "shared/policies/policy.ts",
      "shared/random.ts",
    ];
    expect(strays("shared/queries/", allowed)).toEqual([]);
  });

  test("imitation/ and irl/ import no registry and not each other", () => {
    const inside = ["shared/imitation/", "shared/irl/"] as const;
    const broken = imports.filter(
      ({ from, to }) =>
        (from.startsWith(inside[0]) && (to.startsWith(inside[1]) || registry.test(to))) ||
        (from.startsWith(inside[1]) && (to.startsWith(inside[0]) || registry.test(to))),
    );
    expect(broken).toEqual([]);
    expect(
      strays("shared/irl/", [
        "shared/irl/",
        "shared/worlds/",
        "shared/random.ts",
        "shared/spaces.ts",
      ]),
    ).toEqual([]);
  });

  test("the article's port imports nothing else, and nothing imports it", () => {
    expect(strays("shared/article/", ["shared/article/", "pure-rand/"])).toEqual([]);
    const users = imports.filter(
      ({ from, to }) => to.startsWith("shared/article/") && !from.startsWith("shared/article/"),
    );
    expect(users).toEqual([]);
  });

  test("nothing in shared/ imports the data that follow from lessons", () => {
    const below = imports.filter(
      ({ from, to }) =>
        to.startsWith("shared/data/") &&
        from.startsWith("shared/") &&
        !from.startsWith("shared/data/"),
    );
    expect(below).toEqual([]);
  });

  test("a lesson and its plan know nothing of studies", () => {
    const below = imports.filter(
      ({ from, to }) =>
        to.startsWith("shared/study/") &&
        from.startsWith("shared/") &&
        !/^shared\/(study|data)\//.test(from),
    );
    expect(below).toEqual([]);
    const allowed = [
      "shared/study/",
      "shared/lesson/",
      "shared/worlds/episode.ts",
      "shared/random.ts",
      "zod",
    ];
    expect(strays("shared/study/", allowed)).toEqual([]);
  });

  test("a lesson and its plan know nothing of classes, and classes nothing of studies", () => {
    const users = imports.filter(
      ({ from, to }) =>
        to.startsWith("shared/class/") &&
        from.startsWith("shared/") &&
        !/^shared\/(class|data)\//.test(from),
    );
    expect(users).toEqual([]);
    const allowed = [
      "shared/class/",
      "shared/lesson/",
      "shared/imitation/",
      "shared/policies/index.ts",
      "shared/policies/policy.ts",
      "shared/worlds/",
      "shared/random.ts",
      "shared/spaces.ts",
      // What a reward leads to, driven on the wall.
      "shared/irl/driver.ts",
      "zod",
      "unhomoglyph",
    ];
    expect(strays("shared/class/", allowed)).toEqual([]);
  });

  test("no page carries the table of letters that look alike", () => {
    const carried = new Set(files.filter((file) => file.startsWith("client/")));
    for (const file of carried)
      for (const { from, to, typeOnly } of imports) if (from === file && !typeOnly) carried.add(to);
    expect(carried).toContain("shared/class/pace.ts");
    expect(carried).not.toContain("unhomoglyph");
  });

  test("nothing imports the laboratory", () => {
    const below = imports.filter(
      ({ from, to }) =>
        to.startsWith("shared/laboratory/") && !from.startsWith("shared/laboratory/"),
    );
    expect(below).toEqual([]);
  });

  test("the client imports only types of server/, and the server nothing of client/", () => {
    expect(
      imports.filter(
        ({ from, to, typeOnly }) =>
          from.startsWith("client/") && to.startsWith("server/") && !typeOnly,
      ),
    ).toEqual([]);
    expect(
      imports.filter(({ from, to }) => from.startsWith("server/") && to.startsWith("client/")),
    ).toEqual([]);
  });

  test("a room of the client imports only what docs/architecture.md allows it", () => {
    const rooms = roomsIn(readFileSync(join(root, "docs/architecture.md"), "utf8"));
    const folders = readdirSync(join(root, "client"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `client/${name}/`);
    expect(Object.keys(rooms).sort()).toEqual(folders.sort());
    for (const [room, allowed] of Object.entries(rooms)) {
      const inside = imports.filter(
        ({ from, to }) => from.startsWith(room) && to.startsWith("client/"),
      );
      const others = inside.filter(({ to }) => !allowed.some((start) => to.startsWith(start)));
      expect(others.filter(({ to }) => to !== "client/jitless.ts")).toEqual([]);
    }
  });

  test("a step of the lesson imports nothing of another step, and a way of correcting of another way", () => {
    const steps = ["demonstrate", "clone", "watch", "correct", "reward"];
    const ways = readdirSync(join(root, "client/lesson/correct"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `correct/${name}`);
    expect(ways.length).toBeGreaterThan(2);
    for (const doors of [steps, ways]) {
      const roomOf = (file: string) => doors.find((at) => file.startsWith(`client/lesson/${at}/`));
      const strangers = imports.filter(
        ({ from, to }) => roomOf(from) && roomOf(to) && roomOf(from) !== roomOf(to),
      );
      expect(strangers).toEqual([]);
    }
  });

  test("only the stage imports Phaser", () => {
    const users = imports.filter(
      ({ from, to }) => to === "phaser" && !from.startsWith("client/stage/"),
    );
    expect(users).toEqual([]);
  });

  test("every policy and query file is in its registry", () => {
    for (const folder of ["policies", "queries"]) {
      const registered = imports
        .filter(({ from }) => from === `shared/${folder}/index.ts`)
        .map(({ to }) => to)
        .filter((to) => to.startsWith(`shared/${folder}/`));
      const entries = files.filter(
        (file) =>
          file.startsWith(`shared/${folder}/`) &&
          /^export const \w+: (PolicyKind|Query) =/m.test(source.get(file)!),
      );
      expect(entries.length).toBeGreaterThan(1);
      expect(registered).toEqual(expect.arrayContaining(entries));
    }
  });

  test("every format's file is in one of the two registries of formats", () => {
    const folders = ["shared/data/formats/", "server/export/"];
    const formats = files.filter(
      (file) =>
        folders.some((folder) => file.startsWith(folder)) &&
        /^export const \w+: Format\b/m.test(source.get(file)!),
    );
    expect(formats.length).toBeGreaterThan(4);
    const registries = ["shared/data/formats/index.ts", "server/export/formats.ts"];
    const registered = imports.filter(({ from }) => registries.includes(from)).map(({ to }) => to);
    expect(registered).toEqual(expect.arrayContaining(formats));
    // Nothing else names one.
    const users = imports.filter(
      ({ from, to }) => formats.includes(to) && !registries.includes(from),
    );
    expect(users).toEqual([]);
  });

  test("every event's file is in the list of events, under the event's type", () => {
    const kind = /^export const (\w+): (?:EventKind|InstantKind|WorkKind)</m;
    const lines = files.flatMap((file) => {
      const name = source.get(file)!.match(kind)?.[1];
      return name ? [`export { ${name} } from "./${name}.ts";`] : [];
    });
    expect(lines.length).toBeGreaterThan(10);
    const list = source.get("shared/lesson/events/index.ts")!;
    expect(list.match(/^export .+$/gm)).toEqual(lines.sort());
    for (const name of Object.keys(events))
      expect(source.get(`shared/lesson/events/${name}.ts`)).toMatch(
        new RegExp(`\\btype: (?:z\\.literal\\()?"${name}"`),
      );
  });
});

describe("kinds of worlds", () => {
  const folders = readdirSync(join(root, "shared/worlds"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const names = [...folders, ...Object.keys(worlds)];
  const isOf = (kind: string, file: string) =>
    file.startsWith(`shared/worlds/${kind}/`) ||
    new RegExp(`^client/worlds/${kind}[.-]`).test(file);
  const registries = ["shared/worlds/index.ts", "client/worlds/index.ts"];
  /** The list of levels, and a page that compares the two learners, each in worlds of its choice. */
  const choosing = ["client/course/course.ts", "client/bc-vs-dagger/"];
  const others = files.filter(
    (file) =>
      !folders.some((kind) => isOf(kind, file)) &&
      !registries.includes(file) &&
      !choosing.some((start) => file.startsWith(start)),
  );

  test("are each in the registry of worlds and in that of drawings", () => {
    expect(folders.sort()).toEqual(kinds.map(({ name }) => name).sort());
    for (const kind of folders) {
      const from = (registry: string) =>
        imports.filter((one) => one.from === registry).map(({ to }) => to);
      expect(from("shared/worlds/index.ts")).toContain(`shared/worlds/${kind}/index.ts`);
      expect(from("client/worlds/index.ts")).toContain(`client/worlds/${kind}.ts`);
    }
  });

  test("are named by their own files and the two registries alone", () => {
    expect(others.length).toBeGreaterThan(100);
    const users = imports.filter(
      ({ from, to }) => others.includes(from) && folders.some((kind) => isOf(kind, to)),
    );
    expect(users).toEqual([]);
    const naming = new RegExp(`["'\`](?:${names.join("|")})["'\`]`);
    for (const file of others) expect(codeOf(file).match(naming)?.[0] ?? null, file).toBeNull();
  });

  test("do not import each other", () => {
    for (const kind of folders) {
      const strangers = imports.filter(
        ({ from, to }) =>
          isOf(kind, from) && folders.some((other) => other !== kind && isOf(other, to)),
      );
      expect(strangers).toEqual([]);
    }
  });

  test("are never guessed from other properties", () => {
    const guesses = [
      /\b(?:world|level|other)\.(?:kind|name|title)\b\s*[!=]==/,
      /\bmeasure\.(?:name|unit|after)\s*[!=]==/,
      /\bheading\s*[!=]==\s*null/,
      /"\w+" in (?:world|level|picture)\b(?!\.)/,
    ];
    for (const file of others) {
      for (const guess of guesses) expect(codeOf(file).match(guess)?.[0] ?? null, file).toBeNull();
    }
  });
});

/** What each of the client's rooms may import of the client, from the table in the document. */
function roomsIn(document: string): Record<string, string[]> {
  const rooms: Record<string, string[]> = {};
  for (const [, room, allowed] of document.matchAll(
    /^\| `(client\/\w[\w-]*\/)` \|.*\|([^|]*)\|$/gm,
  )) {
    const named = [...allowed!.matchAll(/`([\w-]+\/)`/g)].map(([, name]) => `client/${name}`);
    const above = Object.keys(rooms);
    const [, but] = allowed!.split(" but ");
    const all = allowed!.includes("above")
      ? above.filter((one) => !but || !named.includes(one))
      : named;
    rooms[room!] = [room!, ...all];
  }
  return rooms;
}

/** A file without its comments. */
function codeOf(file: string): string {
  return source.get(file)!.replace(/\/\*[\s\S]*?\*\/|(?<![:"'`])\/\/.*/g, "");
}
