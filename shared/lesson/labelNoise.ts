import { type LabelNoise, type LabelPair, labelNoise } from "../imitation/labelNoise.ts";
import { realign } from "../imitation/lag.ts";
import { worlds } from "../worlds/index.ts";
import { stepsIn } from "../worlds/steering.ts";
import type { Lesson, Round } from "./lesson.ts";

/**
 * The ways of correcting in which a state may be labelled twice: it is asked about again, or a drive is steered along
 * with again. After a takeover the drive is another one, so that no state of it comes a second time.
 */
export const repeatable = ["timeStop", "shadow"] as const;

/** How much a person's labels of the same states differ, by the ways that they came in. */
export interface LabelNoises {
  /** From questions that came again, unannounced; null before the first. */
  readonly timeStop: LabelNoise | null;
  /** From drives that were steered along with twice; null before the first. */
  readonly shadow: LabelNoise | null;
  /**
   * From states labelled in both ways: what is systematic between the ways is in it. Where it is clearly above the noise
   * of `timeStop`, labels given while steering along are the worse ones. Null where no state is.
   */
  readonly both: LabelNoise | null;
}

/** Labels while steering along that are nearer to each other than this are not independent, seconds. */
const apart = 0.5;

/** From a lesson, all rounds together. */
export function labelNoises(lesson: Lesson): LabelNoises {
  const { action } = worlds[lesson.world]!;
  const { timeStop, shadow, both } = labelPairs(lesson);
  return {
    timeStop: labelNoise(action, timeStop),
    shadow: labelNoise(action, shadow),
    both: labelNoise(action, both),
  };
}

/** Pairs of labels for the same state, by the ways that they came in. */
export type LabelPairs = Readonly<Record<keyof LabelNoises, readonly LabelPair[]>>;

/** A lesson's pairs of labels for the same state. Each label is in one pair of a way, and in one of both ways, at most. */
export function labelPairs(lesson: Lesson): LabelPairs {
  const world = worlds[lesson.world]!;
  const found: Record<keyof LabelNoises, LabelPair[]> = { timeStop: [], shadow: [], both: [] };
  const every = Math.max(1, Math.round(stepsIn(world.steering, apart, 1)));
  for (const round of lesson.rounds) {
    const answers = answersAt(round);
    const steered = steeredAt(lesson.world, round);
    for (const labels of answers.values()) found.timeStop.push(...couples(labels));
    for (const [key, labels] of steered) {
      const isApart = Number(key.split(" ")[1]) % every === 0;
      if (isApart) found.shadow.push(...couples(labels));
      const [answer] = answers.get(key) ?? [];
      if (answer) found.both.push([answer, labels[0]!]);
    }
  }
  return found;
}

type Labels = Map<string, (readonly number[])[]>;

/** The answers of a round, by drive and time step. */
function answersAt({ queries, answers }: Round): Labels {
  const labels: Labels = new Map();
  answers.forEach((action, i) => {
    const [drive, t] = queries[i]!;
    add(labels, drive, t, action);
  });
  return labels;
}

/** What was steered along with a round's drives, by drive and time step, each drawn forward by its lag. */
function steeredAt(name: string, { shadows }: Round): Labels {
  const labels: Labels = new Map();
  for (const { drive, lag, actions } of shadows) {
    for (const { t, action } of realign(worlds[name]!, actions, lag)) add(labels, drive, t, action);
  }
  return labels;
}

function add(labels: Labels, drive: number, t: number, action: readonly number[]): void {
  const key = `${drive} ${t}`;
  const all = labels.get(key);
  if (all) all.push(action);
  else labels.set(key, [action]);
}

/** The first and the second, the third and the fourth, and so on. */
function couples(labels: readonly (readonly number[])[]): LabelPair[] {
  return Array.from(
    { length: Math.floor(labels.length / 2) },
    (_, i) => [labels[2 * i]!, labels[2 * i + 1]!] as const,
  );
}
