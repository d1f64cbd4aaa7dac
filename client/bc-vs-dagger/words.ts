import { count } from "../../shared/plural.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { stepsIn } from "../../shared/worlds/steering.ts";
import {
  type ArenaName,
  type ComparedRound,
  type Comparison,
  heldOut,
  type Learner,
  type Performance,
} from "./duel.ts";

/** Who drives. */
export type Who = "expert" | Learner;

export const names: Readonly<Record<Who, string>> = {
  expert: "the expert",
  cloning: "cloning",
  expertDrives: "same choice, but the expert drove",
  atRandom: "learner drove, but random places",
  dagger: "DAgger",
};

/** What each arena's wind is, and how much of it there can be. */
export const winds: Readonly<
  Record<ArenaName, { words: string; unit: string; most: number; step: number; usual: number }>
> = {
  path: { words: "Wind: how far it pushes", unit: "units", most: 0.2, step: 0.02, usual: 0.02 },
  road: {
    words: "Wind: how far a gust turns the car",
    unit: "radians",
    most: 1,
    step: 0.1,
    usual: 0.5,
  },
};

/** What the table has of everyone: the measure, and how it came about. */
export function columnsOf({ canFall }: Level) {
  return canFall
    ? ["Laps before the first crash", `No crash, of ${heldOut}`]
    : ["Off the curve", "2nd half ÷ 1st"];
}

export function cellsOf(world: Level, { measure, curve }: Performance): readonly string[] {
  return world.canFall
    ? [sayMeasure(world, measure), String(curve.at(-1)!)]
    : [sayMeasure(world, measure), bend(curve).toFixed(2)];
}

/** A measure, or what is told of several: "0.38", and laps as "1.3". */
export function sayMeasure({ canFall }: Level, value: number): string {
  return value.toFixed(canFall ? 1 : 2);
}

/** What the drive that is looked at came to: "crashes after 2.3 s", "is 0.61 off the curve". */
export function driveWords(
  world: Level,
  { falls, measure, steps }: { falls: number; measure: number; steps: number },
): string {
  if (!world.canFall) return `is ${sayMeasure(world, measure)} off the curve`;
  const seconds = (steps / stepsIn(world.steering, 1, 1)).toFixed(1);
  return falls > 0 ? `crashes after ${seconds} s` : `drives ${seconds} s without a crash`;
}

/** "After 3 rounds and 236 actions of the expert, DAgger gets 3.2 laps before its first crash, cloning 0.3, …" */
export function summary(
  world: Level,
  { expert, rounds }: Comparison,
  { labels, driven: { cloning, dagger } }: ComparedRound,
): string {
  const n = rounds.findIndex((round) => round.labels === labels);
  const say = (value: number) => sayMeasure(world, value);
  const of = (value: number) =>
    world.canFall
      ? `gets ${say(value)} laps before its first crash`
      : `is ${say(value)} off the curve on average`;
  if (n === 0) {
    return `Before the first round all learners are the same clone of ${labels} actions. It ${of(dagger.measure)}, the expert ${say(expert.measure)}.`;
  }
  return `After ${count(n, "round")} and ${labels} actions of the expert, DAgger ${of(dagger.measure)}, cloning ${say(cloning.measure)}, the expert ${say(expert.measure)}.`;
}

/** Which of two does better on the road, where they differ in who drove alone. */
export function sayWhoLeads(dagger: Performance, expertDrives: Performance): string {
  const told = ({ measure, curve }: Performance) =>
    `${measure.toFixed(1)} laps, no crash in ${curve.at(-1)} of ${heldOut}`;
  const lead =
    Math.sign(Number(dagger.measure.toFixed(1)) - Number(expertDrives.measure.toFixed(1))) ||
    Math.sign(dagger.curve.at(-1)! - expertDrives.curve.at(-1)!);
  const numbers = `(${told(dagger)}) than where the expert drove (${told(expertDrives)})`;
  if (lead > 0) return `In this run DAgger does better ${numbers}.`;
  if (lead < 0)
    return `In this run DAgger does less well ${numbers}. Here the choice of places helped, not who drove.`;
  return `In this run DAgger does as well as where the expert drove: ${told(dagger)}.`;
}

/** How the second half of a drive's error compares with the first: 1 where it grows evenly, 3 as T². */
function bend(error: readonly number[]): number {
  const half = error[error.length / 2 - 1]!;
  return (error.at(-1)! - half) / half;
}
