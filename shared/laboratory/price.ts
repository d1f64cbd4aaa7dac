import type { RoundResult } from "../imitation/dagger.ts";
import type { Query } from "../queries/query.ts";
import type { Trajectory } from "../worlds/episode.ts";
import type { Level } from "../worlds/level.ts";
import { Outcome } from "../worlds/world.ts";

/** Seconds that a person takes for an answer while the world stands still: assumed, not measured. */
export const secondsAnAnswer = 2;

/** What a policy took of the expert, and of the road, from the first demonstration on. */
export interface Price {
  /** Answered while the world stood still. */
  readonly questions: number;
  /** Of the expert's time: at the wheel, or beside a learner whom they may stop, and for answers. */
  readonly seconds: number;
  /** In demonstrations, and in the drives that the questions are about. */
  readonly crashes: number;
}

/** What demonstrations take. */
export function priceOfShowing(world: Level, demonstrations: readonly Trajectory[]): Price {
  const { steering } = world;
  const steps = demonstrations.reduce((sum, { length }) => sum + length, 0);
  return {
    questions: 0,
    seconds: steering.pace === "runs" ? steps / steering.stepsPerSecond : secondsAnAnswer * steps,
    crashes: crashesIn(demonstrations),
  };
}

/** What DAgger had taken by the end of each of these rounds, which are its first ones. */
export function priceOfRounds(
  world: Level,
  { needs }: Query,
  demonstrations: readonly Trajectory[],
  rounds: readonly RoundResult[],
): Price[] {
  let { questions, seconds, crashes } = priceOfShowing(world, demonstrations);
  return rounds.map(({ drives, answers }) => {
    if (needs === "answers") {
      questions += answers.length;
      seconds += secondsAnAnswer * answers.length;
    } else seconds += priceOfShowing(world, drives).seconds;
    crashes += crashesIn(drives);
    return { questions, seconds, crashes };
  });
}

function crashesIn(drives: readonly Trajectory[]): number {
  return drives.reduce(
    (sum, { outcomes }) => sum + outcomes.filter((outcome) => outcome === Outcome.fell).length,
    0,
  );
}
