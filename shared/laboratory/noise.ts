import { human } from "../imitation/experts.ts";
import type { LabelNoise } from "../imitation/labelNoise.ts";
import { type Driver, demonstrate } from "../imitation/rollout.ts";
import { lagOf } from "../lesson/events/shadowed.ts";
import { type LabelNoises, labelNoises } from "../lesson/labelNoise.ts";
import { emptyLesson, type Lesson, type Round, type Shadow } from "../lesson/lesson.ts";
import { firstOpenSeed } from "../lesson/protocol.ts";
import { startRound } from "../lesson/training.ts";
import { count } from "../plural.ts";
import { Stream, seeded } from "../random.ts";
import { width } from "../spaces.ts";
import { type Episode, replay } from "../worlds/episode.ts";
import { demonstrationWorld, type Level } from "../worlds/level.ts";
import { meanEstimate } from "./summary.ts";
import { tableLines } from "./table.ts";
import { running, stepsOf } from "./teaching.ts";
import { withInterval } from "./words.ts";

/** The parameters of a study of what repeats tell of a person's noise. */
export interface NoiseStudy {
  /** Key of {@link running}. */
  readonly world: string;
  /** Key in the registry of what learns, and drives what is asked about. */
  readonly policy: string;
  /** Of their hands, as a share of half the range: what is to be found again. */
  readonly noise: number;
  /** Of an offset that stays for all answers of a round, and for all of a drive, likewise. */
  readonly inconsistency: number;
  /** Between seeing and steering, milliseconds; there is none in stopped time. */
  readonly lag: number;
  /** In stopped time, repeats included. */
  readonly questions: number;
  /** Simulated people. */
  readonly seeds: number;
  /** From which all of them are drawn. */
  readonly seed: number;
}

/** Drives that are steered along with, each twice. */
const drives = 2;
/** Of the questions, as in a lesson. */
const repeats = 0.2;

/** Person number `index`: one round in which they answer, and steer along with each drive twice. */
export function labelTwice(study: NoiseStudy, index: number): LabelNoises {
  const world = running[study.world]!;
  const person = study.seed + index;
  const { noise, inconsistency } = study;
  const lag = stepsOf(world, study.lag / 1000);
  const expert = human(world, { noise, inconsistency, lag, temperature: 0 });
  const random = seeded(person, Stream.expert);
  const first = firstOpenSeed + random.below(2 ** 31);
  const place = demonstrationWorld(world);
  const lesson: Lesson = {
    ...emptyLesson,
    world: world.name,
    demonstrations: [{ seq: 1, episode: demonstrate(place, first, expert.drives(random)) }],
  };
  const plan = { policy: study.policy, query: "novel", budget: study.questions, drives, repeats };
  const { round } = startRound(lesson, plan, first);
  const states = round.episodes.map((episode) => statesOf(world, episode));
  const answers = expert.answers(random);
  const shadows = round.episodes.flatMap((episode, drive) =>
    [0, 1].map((again): Shadow => {
      const actions = steered(world, states[drive]!, expert.drives(random));
      const lag = lagOf({ episode, actions, speed: 1 });
      return { seq: 3 + 2 * drive + again, drive, speed: 1, lag, actions };
    }),
  );
  const answered: Round = {
    ...round,
    seq: 2,
    basis: 1,
    ms: 0,
    digest: "",
    arithmetic: "",
    answers: round.queries.map(([drive, t]) => [...driven(world, answers, states[drive]![t]!)]),
    answered: round.queries.map(() => 3),
    interventions: [],
    shadows,
  };
  return labelNoises({ ...lesson, rounds: [answered] });
}

/** The state at each step of an episode. */
function statesOf(world: Level, episode: Episode): Float64Array[] {
  const { states, length } = replay(world, episode);
  return Array.from({ length }, (_, t) =>
    states.subarray(t * world.stateSize, (t + 1) * world.stateSize),
  );
}

function steered(world: Level, states: readonly Float64Array[], hands: Driver): number[] {
  return states.flatMap((state) => [...driven(world, hands, state)]);
}

function driven(world: Level, driver: Driver, state: Float64Array): Float64Array {
  const action = new Float64Array(width(world.action));
  driver(state, action);
  return action;
}

const ways = {
  timeStop: "stopped time, asked twice",
  shadow: "steering along, twice",
  both: "stopped time and steering along",
} as const satisfies Record<keyof LabelNoises, string>;

/** The result of a study as text and as JSON. */
export function noiseOutputs(study: NoiseStudy, runs: readonly LabelNoises[]) {
  const rows = (Object.keys(ways) as (keyof LabelNoises)[]).map((way) => {
    const found = runs.flatMap(({ [way]: noise }) => (noise ? [noise] : []));
    if (found.length === 0) return [ways[way], "0", "–", "–"];
    const over = (of: (noise: LabelNoise) => number) => meanEstimate(study, found.map(of));
    const isHeld = ({ interval: [low, high] }: LabelNoise) =>
      low <= study.noise && study.noise <= high ? 1 : 0;
    return [
      ways[way],
      over(({ pairs }) => pairs).value.toFixed(1),
      withInterval(
        over(({ noise }) => noise),
        (value) => value.toFixed(3),
      ),
      withInterval(over(isHeld), (value) => `${(100 * value).toFixed(0)} %`),
    ];
  });
  const text = [
    `What repeats tell of a person’s noise: ${running[study.world]!.title}`,
    `${count(study.seeds, "person", "people")} with a noise of ${study.noise} and an offset of ${study.inconsistency} in each round of answers and each drive, late by ${study.lag} ms while they steer. Each answers ${count(study.questions, "question")}, one in five of them again, and steers along with ${count(drives, "drive")}, twice each. Means over people and their 95 % bootstrap intervals.`,
    "",
    ...tableLines({
      title: "Noise",
      heading: ["way", "pairs", "noise", "90 % interval holds the noise"],
      rows,
    }),
    "",
  ].join("\n");
  return { text, json: `${JSON.stringify({ study, runs })}\n` };
}
