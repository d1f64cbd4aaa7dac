import { toldLaps } from "../../../shared/imitation/endurance.ts";
import { handsOf } from "../../../shared/imitation/hands.ts";
import type { Lesson } from "../../../shared/lesson/lesson.ts";
import { demonstrationsOf } from "../../../shared/lesson/training.ts";
import { count } from "../../../shared/plural.ts";
import { demonstrationWorld, type Level } from "../../../shared/worlds/level.ts";
import { isByKeys, stepsIn } from "../../../shared/worlds/steering.ts";
import { pathOfEpisode } from "../../worlds/replays.ts";
import { bestSoFar, ownDrive, type Told, toldOf } from "../headline.ts";
import { statesAsked } from "../learned/action-field.ts";
import { harmfulIn } from "../learned/effect.ts";
import { isNew } from "./highlights.ts";

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
    const wasStill = world.demonstratedIn && !world.demonstratedIn.weather;
    const swings = world.weather && wasStill && swung(lesson, world);
    if (holds) {
      const why = swings ? " You drove from side to side, so it saw how you come back." : "";
      return `${you}${clone} did not crash in ${told.starts} of ${told.starts} tries.${why}`;
    }
    // Who holds more often than not has seen enough of what wind does.
    const why =
      !world.weather || (!wasStill && 2 * told.held >= told.starts)
        ? ""
        : !wasStill
          ? (sayLate(lesson, world) ??
            " It saw few ways back to the middle. The wind pushes it to places where you never were.")
          : swings
            ? " The wind pushes it to places where you never showed it what to do."
            : " It copied your drive in the middle of the road. The wind pushes it to the side, where you never showed it what to do.";
    return `${you}${clone} crashed in ${told.starts - told.held} of ${told.starts} tries.${why}`;
  }

  function afterCorrections(): string {
    const newest = lesson.rounds.at(-1)!;
    if (learner !== newest) {
      const number = lesson.rounds.indexOf(learner) + 1;
      const { value, words } = toldOf(world, newest);
      // Not every lead is a lead beyond chance.
      const isAhead = told.better === "more" ? value > told.value : value < told.value;
      const came = `The new learner: ${words} ${told.unit}`;
      const why = isAhead
        ? `${came}. So small a lead may be chance, so you still see the learner of round ${number}.`
        : `${came}, no better than in round ${number}. So you still see the learner of round ${number}.`;
      return ["Your last answers are kept.", why, whereNow(lesson, world), next]
        .filter(Boolean)
        .join(" ");
    }
    if (told.held === null) return ofTries(told, world);
    if (2 * told.held >= told.starts) return `No crash in ${told.held} of ${told.starts} tries.`;
    const times = told.value / Math.max(0.1, clone!.value);
    if (times >= 1.95) return `It gets ${Math.round(times)} times as far as your clone did.`;
    return told.value > clone!.value
      ? "It gets a little further than your clone did."
      : `It gets no further than your clone did. ${next}`;
  }
}

/** What helps a learner that did not get better. */
const next = "The next questions are from its newest drives. Answer them and train again.";

/** Where the learner of the last round crashes, seen from the answers before it; empty where it does not. */
function whereNow(lesson: Lesson, world: Level): string {
  const before = lesson.rounds.at(-2)!;
  const harmful = harmfulIn(world, before);
  if (harmful > 0)
    return `If it follows ${harmful} of your ${count(before.answers.length, "answer")}, it crashes sooner than by itself.`;
  const answered = statesAsked(world, before)
    .slice(0, before.answers.length)
    .map((state) => world.picture.pose(state));
  const crashes = lesson.rounds.at(-1)!.episodes.flatMap((episode) => {
    const { poses, falls } = pathOfEpisode(episode);
    const [first] = falls;
    return first === undefined ? [] : [poses[first]!];
  });
  if (crashes.length === 0 || answered.length === 0) return "";
  const elsewhere = crashes.filter((pose) => isNew(world, pose, answered)).length;
  if (elsewhere === crashes.length) return "It crashes at places where you have not answered.";
  return elsewhere === 0
    ? "It still crashes near places where you answered: there a second answer helps."
    : "";
}

/** By how much one steers late by keys; null where that is not to be seen. */
function sayLate(lesson: Lesson, world: Level): string | null {
  if (!isByKeys(world)) return null;
  const { lag } = handsOf(world, demonstrationsOf(lesson));
  if (lag === 0) return null;
  const seconds = (lag / stepsIn(world.steering, 1, 1)).toFixed(2);
  return ` You steered about ${seconds} s late. Your clone copied that, so it turns too late.`;
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
