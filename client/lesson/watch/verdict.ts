import { toldLaps } from "../../../shared/imitation/endurance.ts";
import type { Lesson } from "../../../shared/lesson/lesson.ts";
import { demonstrationsOf } from "../../../shared/lesson/training.ts";
import { count } from "../../../shared/plural.ts";
import { demonstrationWorld, type Level } from "../../../shared/worlds/level.ts";
import { bestSoFar, ownDrive, type Told, toldOf } from "../headline.ts";
import { harmfulIn } from "../learned/effect.ts";

/** What is told of a lesson's learner. */
export interface Verdict {
  /** Of the learner that is shown: the best so far. */
  readonly told: Told;
  /** Of the first round's; null in the first round. */
  readonly clone: Told | null;
  /** In one or two plain sentences. */
  readonly words: string;
  /** Whether it held from every start. */
  readonly holds: boolean;
}

export function verdictOn(lesson: Lesson, world: Level): Verdict {
  const best = bestSoFar(lesson);
  const learner = best.at(-1)!;
  const told = toldOf(world, learner);
  const clone = best.length > 1 ? toldOf(world, lesson.rounds[0]!) : null;
  const holds = told.held === told.starts;
  const words = clone ? afterCorrections() : ofClone();
  return { told, clone, words, holds };

  function ofClone(): string {
    if (told.held === null) return ofTries(told, world);
    const own = ownDrive(lesson, world);
    const you =
      own === null
        ? ""
        : own.crashed
          ? `You crashed after ${sayLaps(own.laps)}. `
          : `You drove ${sayLaps(own.laps)} without a crash. `;
    // A drive of the person's is short, so that a clone may come farther and still be worse.
    const isShort = own !== null && !own.crashed && told.value > own.laps;
    const clone = isShort ? "Your clone had more time. It" : "Your clone";
    const wasStill = world.weather && world.demonstratedIn && !world.demonstratedIn.weather;
    const swings = wasStill && swung(lesson, world);
    if (holds) {
      const why = swings ? " You drove from side to side, so it saw how you come back." : "";
      return `${you}${clone} did not crash in ${told.starts} of ${told.starts} tries.${why}`;
    }
    const why = !wasStill
      ? ""
      : swings
        ? " The wind pushes it to places where you never showed it what to do."
        : " It copied your drive in the middle of the road. The wind pushes it to the side, where you never showed it what to do.";
    return `${you}${clone} crashed in ${told.starts - told.held} of ${told.starts} tries.${why}`;
  }

  function afterCorrections(): string {
    const newest = lesson.rounds.at(-1)!;
    if (learner !== newest) {
      const { answers } = lesson.rounds.at(-2)!;
      const harmful = harmfulIn(world, lesson.rounds.at(-2)!);
      const why =
        harmful > 0
          ? ` If it follows ${harmful} of your ${count(answers.length, "answer")}, it crashes sooner than by itself.`
          : "";
      return `Your last answers are kept, but did not help yet. You see the learner of round ${lesson.rounds.indexOf(learner) + 1}.${why} Correct it once more.`;
    }
    if (told.held === null) return ofTries(told, world);
    if (2 * told.held >= told.starts) return `No crash in ${told.held} of ${told.starts} tries.`;
    const times = told.value / Math.max(0.1, clone!.value);
    if (times >= 1.95) return `It gets ${Math.round(times)} times as far as your clone did.`;
    return told.value > clone!.value
      ? "It gets a little further than your clone did."
      : "It gets no further than your clone did. Correct it once more.";
  }
}

/** How far off the line one is who shows how to come back to it, as a share of how far one may be. */
const aside = 0.2;

/** Whether what was shown goes from side to side, and not along the middle alone. */
function swung(lesson: Lesson, world: Level): boolean {
  const { line, stateSize } = demonstrationWorld(world);
  return demonstrationsOf(lesson).some(({ states, length }) =>
    Array.from({ length }, (_, t) => states.subarray(t * stateSize, (t + 1) * stateSize)).some(
      (state) => line !== undefined && line.deviation(state) > aside,
    ),
  );
}

/** Where what counts is how it ends, or how far off it is. */
function ofTries({ value, words, unit, starts }: Told, { measure }: Level): string {
  if (measure.scale === "share")
    return `${Math.round(value * starts)} of ${starts} tries ended ${measure.after}.`;
  return `${words} ${unit}, in ${count(starts, "try", "tries")}.`;
}

function sayLaps(laps: number): string {
  const told = toldLaps(laps).toFixed(1);
  return `${told} ${told === "1.0" ? "lap" : "laps"}`;
}
