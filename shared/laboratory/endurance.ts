import { type Control, controlWith } from "../imitation/control.ts";
import { type Endurance, enduranceOf, mostSteps, toldLaps } from "../imitation/endurance.ts";
import { bestSoFar, headlineIn } from "../imitation/headline.ts";
import { driverOf } from "../imitation/rollout.ts";
import { median } from "../imitation/statistics.ts";
import {
  firstOpenSeed,
  heldOutSeeds,
  validationSeeds,
  validationSteps,
} from "../lesson/protocol.ts";
import { count } from "../plural.ts";
import { policyKinds } from "../policies/index.ts";
import { worlds } from "../worlds/index.ts";
import { demonstrationWorld, type Level } from "../worlds/level.ts";
import { type Estimate, meanEstimate } from "./summary.ts";
import { tableLines } from "./table.ts";
import { asked, policiesTaught, stepsOf } from "./teaching.ts";
import { withInterval } from "./words.ts";

/** The parameters of a study of how far learners get before their first fall. */
export interface EnduranceStudy {
  /** Key in the registry of a world that one can fall in. */
  readonly world: string;
  /** Key in the registry of what learns. */
  readonly policy: string;
  /** Rounds of answers, after the clone. */
  readonly rounds: number;
  /** Simulated people, each with a lesson of their own. */
  readonly seeds: number;
  /** From which all of them are drawn. */
  readonly seed: number;
  /** Of their hands, as a share of half the range. */
  readonly noise: number;
  /** Between seeing and steering, milliseconds; there is none in stopped time. */
  readonly lag: number;
}

/** Worlds in which one can fall while going round. */
export const enduring: Readonly<Record<string, Level>> = Object.fromEntries(
  Object.entries(worlds).filter(([, { canFall, laps }]) => canFall && laps),
);

/** One person's lesson. */
export interface EnduranceRun {
  /** Of the clone and of the learner after each round of answers, on the held-out starts. [rounds + 1] */
  readonly newest: readonly Endurance[];
  /** After each training, which was the best so far on the validation starts. [rounds + 1] */
  readonly best: readonly number[];
  /** Without a question. */
  readonly control: Control;
}

/** Person number `index` of a study and their lesson. */
export function endure(study: EnduranceStudy, index: number): EnduranceRun {
  const { world: name, policy, rounds, noise, lag } = study;
  const world = enduring[name]!;
  const kind = policyKinds[policy]!;
  const hands = { noise, lag: stepsOf(world, lag / 1000) };
  const person = study.seed + index;
  const policies = policiesTaught(world, hands, () => kind, rounds, person);
  const headline = headlineIn(world);
  const validations = policies.map((policy) =>
    headline.from(policy, validationSeeds, validationSteps),
  );
  return {
    newest: policies.map(
      (policy) => enduranceOf(world, () => driverOf(world, policy), heldOutSeeds)!,
    ),
    best: bestSoFar(headline, validations),
    control: controlWith(world, hands, {
      kind,
      heldOut: heldOutSeeds,
      firstSeed: firstOpenSeed,
      seed: person,
    })!,
  };
}

/** The result of a study as text and as JSON. */
export function enduranceOutputs(study: EnduranceStudy, runs: readonly EnduranceRun[]) {
  const lines = tableLines({
    title: "Median over the starts, mean over people with a 95 % bootstrap interval",
    heading: ["who drives", "steps before the first fall", "laps"],
    rows: rowsOf(study, runs).map(({ who, steps, laps }) => [
      who,
      withInterval(steps, (value) => value.toFixed(0)),
      withInterval(laps, (value) => value.toFixed(1)),
    ]),
  });
  return {
    text: [titleOf(study), methodOf(study), "", ...lines, "", shareOf(runs), ""].join("\n"),
    json: `${JSON.stringify({ study, runs })}\n`,
  };
}

interface Row {
  readonly who: string;
  readonly steps: Estimate;
  readonly laps: Estimate;
}

function rowsOf(study: EnduranceStudy, runs: readonly EnduranceRun[]): Row[] {
  const row = (who: string, of: (run: EnduranceRun) => Endurance): Row => ({
    who,
    steps: meanEstimate(
      study,
      runs.map((run) => median(of(run).steps)),
    ),
    laps: meanEstimate(
      study,
      runs.map((run) => median(of(run).laps)),
    ),
  });
  return [
    ...Array.from({ length: study.rounds + 1 }, (_, round) =>
      row(
        round === 0 ? "the clone" : `after ${round * asked.budget} answers`,
        ({ newest, best }) => newest[best[round]!]!,
      ),
    ),
    ...runs[0]!.control.copies.map(({ demonstrations }, i) =>
      row(
        `${count(demonstrations, "demonstration")}, copied`,
        ({ control }) => control.copies[i]!.endurance,
      ),
    ),
    row("the person", ({ control }) => control.person),
  ];
}

/** In how many lessons the clone fell within a lap, and by how much the answers helped. */
function shareOf(runs: readonly EnduranceRun[]): string {
  const told = ({ laps }: Endurance) => toldLaps(median(laps));
  const clones = runs.map(({ newest }) => median(newest[0]!.laps));
  const learners = runs.map(({ newest, best }) => median(newest[best.at(-1)!]!.laps));
  const within = clones.filter((laps) => laps < 1).length;
  const ratios = learners.map((laps, i) => laps / clones[i]!);
  const worse = runs.flatMap(({ newest, best }) =>
    best.slice(1).map((now, i) => told(newest[now]!) < told(newest[best[i]!]!)),
  );
  const n = worse.filter(Boolean).length;
  return `The clone fell within a lap in ${within} of ${runs.length} lessons; after the answers the best got ${Math.min(...ratios).toFixed(1)} to ${Math.max(...ratios).toFixed(1)} times as far. It got worse after ${n} of ${worse.length} rounds.`;
}

function titleOf({ world: name, policy }: EnduranceStudy): string {
  return `Before the first fall: ${enduring[name]!.title}, ${policyKinds[policy]!.title}`;
}

function methodOf({ world: name, seeds, noise, lag }: EnduranceStudy): string {
  const world = enduring[name]!;
  const place = demonstrationWorld(world);
  const where = place === world ? "" : ` in the ${place.title.toLowerCase()}`;
  return `${count(seeds, "person", "people")} (noise ${noise}, late by ${lag} ms), one demonstration each${where}, ${asked.budget} answers a round in stopped time, the best so far by up to ${validationSeeds.length} validation starts; ${heldOutSeeds.length} held-out starts, at most ${mostSteps} steps.`;
}
