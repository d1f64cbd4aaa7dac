import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { presentationOf } from "../../client/worlds/index.ts";
import { pathOfEpisode } from "../../client/worlds/replays.ts";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { kinds } from "../../shared/worlds/index.ts";

const levels = kinds.flatMap((kind) => kind.levels.map((level) => ({ name: level.name, level })));
const sheets = ["ui/tokens", ...kinds.map(({ name }) => `worlds/${name}`)].flatMap((name) => {
  try {
    return [readFileSync(`client/${name}.css`, "utf8")];
  } catch {
    // Not every kind has colours of its own.
    return [];
  }
});

/** What the stage can read as a number. */
const hasColour = (tone: string) =>
  sheets.some((sheet) => new RegExp(`--${tone}: #[0-9a-f]{6};`).test(sheet));

test.each(levels)("all that is drawn of $name has a colour", ({ level }) => {
  const { ground, body, tracks, plants, smoke, dust } = presentationOf(level);
  const { poses } = pathOfEpisode(demonstrate(level, 10));
  const still = ground(level.picture);
  expect(still).not.toEqual([]);
  const primitives = [
    ...still,
    ...body.parts,
    ...(tracks?.(poses, level.picture) ?? []),
    ...(plants?.(level.picture) ?? []).flatMap(({ body }) => body),
  ];
  const inTheAir = [smoke?.tone, dust].filter((tone) => tone !== undefined);
  const tones = primitives.flatMap((primitive) => {
    if (primitive.kind === "line") return [primitive.stroke];
    if (primitive.kind === "meadow") return [primitive.fill, primitive.patches, primitive.blades];
    return primitive.kind === "tile" ? [primitive.fill, primitive.markFill] : [primitive.fill];
  });
  expect(
    [...new Set([...tones, ...inTheAir])].filter((tone) => tone !== "own" && !hasColour(tone)),
  ).toEqual([]);
  expect(still).not.toContainEqual(expect.objectContaining({ fill: "own" }));
  expect(body.parts).toContainEqual(expect.objectContaining({ fill: "own" }));
});

test("tyres leave a line under each side where the wheel was turned hard, and none elsewhere", () => {
  const { level } = levels.find(({ level }) => presentationOf(level).tracks)!;
  const { tracks } = presentationOf(level);
  const turned = [0, 0, 0.3, 0.6, 0.6, 0.6, 0.9];
  const poses = turned.map((heading, i) => ({ x: i, y: 0, heading }));
  const lengths = tracks!(poses, level.picture).map(({ points }) => points.length);
  expect(lengths).toEqual([3, 2, 3, 2]);
});
