import { summaryOf, toldLaps } from "../../shared/imitation/endurance.ts";
import { bootstrapInterval, type Interval, mean } from "../../shared/imitation/statistics.ts";
import { bestRounds } from "../../shared/lesson/best.ts";
import type { Lesson, Round } from "../../shared/lesson/lesson.ts";
import { demonstrationsOf } from "../../shared/lesson/training.ts";
import { Stream, seeded } from "../../shared/random.ts";
import { untilFall } from "../../shared/worlds/episode.ts";
import { demonstrationWorld, type Level } from "../../shared/worlds/level.ts";
import { formatMeasure } from "../worlds/format.ts";

/** The one number that is told of a learner, over all held-out starts. */
export interface Told {
  readonly value: number;
  /** The number as it is written. */
  readonly words: string;
  /** What there is so many of, as in "laps before the first crash". */
  readonly unit: string;
  readonly better: "fewer" | "more";
  /** 95 %, over the starts. */
  readonly interval: Interval;
  /** From how many starts it held to the end; null where that is not what is measured. */
  readonly held: number | null;
  readonly starts: number;
}

/** Laps before the first crash where that was measured; elsewhere, and in older lessons, the world's measure. */
export function toldOf(world: Level, round: Round): Told {
  const starts = round.heldOut.length;
  if (round.endurance) {
    const { laps, interval, held } = summaryOf(round.endurance);
    return { ...toldAs(world, toldLaps(laps), true), interval, held, starts };
  }
  const random = seeded(round.seq, Stream.query);
  const means = (drawn: ArrayLike<number>) => mean(Array.from(drawn));
  const interval = bootstrapInterval([round.heldOut], means, random);
  return { ...toldAs(world, mean(round.heldOut), false), interval, held: null, starts };
}

function toldAs({ measure }: Level, value: number, laps: boolean) {
  return laps
    ? {
        value,
        words: value.toFixed(1),
        unit: "laps before the first crash",
        better: "more" as const,
      }
    : { value, words: formatMeasure(value, measure), unit: measure.unit, better: measure.better };
}

/** The learner that people are shown after each round: the best so far. */
export function bestSoFar(lesson: Lesson): readonly Round[] {
  return bestRounds(lesson).map((i) => lesson.rounds[i]!);
}

/** How far the person came in the best of their demonstrations, and whether that ended in a crash. */
export interface OwnDrive {
  readonly laps: number;
  readonly crashed: boolean;
}

/** Null where there is nothing to crash or to go round, and before the first demonstration. */
export function ownDrive(lesson: Lesson, world: Level): OwnDrive | null {
  const { laps, canFall } = demonstrationWorld(world);
  if (!laps || !canFall) return null;
  const drives = demonstrationsOf(lesson).map((drive): OwnDrive => {
    const before = untilFall(drive);
    return { laps: laps(before), crashed: before.length < drive.length };
  });
  return drives.sort((a, b) => b.laps - a.laps)[0] ?? null;
}
