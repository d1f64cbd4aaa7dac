import { type LabelNoise, type LabelPair, labelNoise } from "../imitation/labelNoise.ts";
import { type LabelPairs, labelPairs } from "../lesson/labelNoise.ts";
import type { Lesson } from "../lesson/lesson.ts";
import { worlds } from "../worlds/index.ts";

export interface NoiseTask {
  /** How many there are. */
  readonly lessons: number;
}

/** Noise of one label in a class, by the way in which it was given. */
export interface WayNoise extends LabelNoise {
  readonly way: "time-stop" | "shadow" | "both";
  /** Who labelled a state twice in it. */
  readonly pupils: number;
}

export type NoisePairs = readonly WayNoise[];

/** What is looked at of a lesson. */
export interface Doubled {
  readonly world: string;
  readonly pairs: LabelPairs;
}

export function doubledIn(lesson: Lesson): Doubled {
  return { world: lesson.world, pairs: labelPairs(lesson) };
}

/** What pupils' labels differ by from their own labels of the same states, all pupils together. */
export function noisePairs(lessons: readonly Doubled[]): NoisePairs {
  if (lessons.length === 0) return [];
  const { action } = worlds[lessons[0]!.world]!;
  return (["time-stop", "shadow", "both"] as const).flatMap((way) => {
    const name = way === "time-stop" ? "timeStop" : way;
    const each: (readonly LabelPair[])[] = lessons.map(({ pairs }) => pairs[name]);
    const noise = labelNoise(action, each.flat());
    return noise ? [{ way, pupils: each.filter(({ length }) => length > 0).length, ...noise }] : [];
  });
}
