import { afterEach, describe, expect, test, vi } from "vitest";
import { earlierOf, goOnFrom } from "../../client/lesson/earlier-walks.ts";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { emptyLesson, type Lesson } from "../../shared/lesson/lesson.ts";
import { worlds } from "../../shared/worlds/index.ts";

const walked = (world: string, n: number, taste: string | null = "duck"): Lesson => ({
  ...emptyLesson,
  world,
  taste,
  demonstrations: Array.from({ length: n }, (_, i) => ({
    seq: i + 2,
    episode: demonstrate(worlds[world]!, 5000 + i),
  })),
});
const counts = (id: string, lesson: Lesson) =>
  earlierOf(id, lesson).map(({ world, episodes }) => `${world} ${episodes.length}`);

/** A browser that keeps what `kept` has. */
function keeping(kept: Record<string, string>): Record<string, string> {
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept[key] ?? null,
    setItem: (key: string, value: string) => {
      kept[key] = value;
    },
  });
  return kept;
}
afterEach(() => vi.unstubAllGlobals());

describe("what was walked before a lesson", () => {
  test("is what was shown in the lessons that it goes on from, the last thirty walks of the last three", () => {
    expect(counts("a", walked("drought", 2))).toEqual([]);
    goOnFrom({ id: "a", lesson: walked("drought", 2) }, "b");
    expect(counts("b", walked("garden", 0))).toEqual(["drought 2"]);
    goOnFrom({ id: "b", lesson: walked("garden", 31) }, "c");
    expect(counts("c", walked("maze", 1))).toEqual(["drought 2", "garden 30"]);
    const last = walked("garden", 31).demonstrations.at(-1)!.episode;
    expect(earlierOf("c", walked("maze", 1))[1]!.episodes.at(-1)).toEqual(last);
    goOnFrom({ id: "c", lesson: walked("maze", 1) }, "d");
    goOnFrom({ id: "d", lesson: walked("rain", 3) }, "e");
    expect(counts("e", walked("drought", 1))).toEqual(["garden 30", "maze 1", "rain 3"]);
  });

  test("counts for the same taste alone, and where the same can be wanted", () => {
    goOnFrom({ id: "a", lesson: walked("drought", 2) }, "b");
    for (const taste of ["bee", null]) expect(counts("b", walked("garden", 1, taste))).toEqual([]);
    expect(counts("b", walked("road", 1))).toEqual([]);
    goOnFrom({ id: "a", lesson: walked("drought", 2, null) }, "b");
    expect(counts("b", walked("garden", 1))).toEqual([]);
    expect(counts("b", walked("garden", 1, null))).toEqual(["drought 2"]);
    // A lesson without a walk adds nothing.
    goOnFrom({ id: "a", lesson: walked("drought", 0) }, "b");
    expect(counts("b", walked("garden", 1))).toEqual([]);
  });

  test("is read from what the browser keeps, unless it is damaged or no walk any more", () => {
    const kept = keeping({});
    goOnFrom({ id: "a", lesson: walked("drought", 2) }, "kept");
    const [[key, text]] = Object.entries(kept) as [[string, string]];
    expect(key).toBe("dagger-dojo.earlier.kept");
    // As on a page that is loaded again.
    const read = (value: string) => {
      kept["dagger-dojo.earlier.fresh"] = value;
      return counts("fresh", walked("garden", 1));
    };
    expect(read(text)).toEqual(["drought 2"]);
    const [before] = JSON.parse(text);
    const tooLong = { ...before.episodes[0], controllers: Array(9999).fill(0) };
    expect(read(JSON.stringify([{ ...before, episodes: [tooLong, before.episodes[1]] }]))).toEqual([
      "drought 1",
    ]);
    expect(read(JSON.stringify([{ ...before, world: "gone" }]))).toEqual([]);
    for (const damaged of [text.slice(1), "{}", '[{"world":1}]']) expect(read(damaged)).toEqual([]);
  });
});
