import { headlineIn } from "../imitation/headline.ts";
import { median, quantile } from "../imitation/statistics.ts";
import { isHopeful } from "../lesson/guess.ts";
import { type Refusal, refusal } from "../lesson/refusal.ts";
import { worlds } from "../worlds/index.ts";
import type { Level } from "../worlds/level.ts";
import { placesIn } from "./compare.ts";
import type { NoisePairs, WayNoise } from "./noise.ts";
import type { Progress } from "./progress.ts";
import type { DisagreementMap } from "./room.ts";
import type { GuessAbout, SchoolClass } from "./schoolClass.ts";

/** How numbers of several people lie. */
export interface Spread {
  /** People. */
  readonly n: number;
  readonly least: number;
  /** Quartiles. */
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
  readonly greatest: number;
}

export interface Guesses {
  readonly about: "clone" | "corrected";
  /** By pupils of whom both are known: [pupil's number, what they said, what came]. */
  readonly pairs: readonly (readonly [number, number, number])[];
  readonly said: Spread | null;
  readonly came: Spread | null;
  /** Whose guess was for more than came: all of its range. */
  readonly tooHopeful: number;
}

/** What became of the class's learner, beside those of its pupils. */
export interface Comparison {
  /** Of the class's event. */
  readonly seq: number;
  /** Pupils whose labels were taken. */
  readonly pupils: readonly number[];
  /** Labels of all of them. */
  readonly labels: number;
  /** Held-out starts that each score is over, in the class's unit. */
  readonly starts: number;
  readonly scores: {
    /** Over the pupils' newest learners. */
    readonly mean: number;
    /** Of the pupil whose learner is best on the validation starts, and whose it is. */
    readonly best: number;
    readonly bestPupil: number;
    /** Of one learner that learns from all, and of one whose teachers count by agreement. */
    readonly pooled: number;
    readonly agreed: number;
  };
  /** How much each pupil's labels count by agreement, 0 to 4; in the order of `pupils`. */
  readonly weights: readonly number[];
  /** A learner from what one pupil showed and from another's labels. */
  readonly swaps: readonly {
    readonly pupil: number;
    /** Whose labels. */
    readonly labelsOf: number;
    /** With these labels, and with their own. */
    readonly score: number;
    readonly own: number;
  }[];
}

/** What a class's learner does not know, of learners that were trained after it was. */
export interface Since {
  /** Pupils who have a learner that is not in it. */
  readonly pupils: number;
  /** Labels of everybody's newest learner beyond those that it had. */
  readonly labels: number;
}

/** The class's own numbers, for its last page. */
export interface Debrief {
  readonly unit: string;
  readonly better: "more" | "fewer";
  /** Pupils, and of them those who trained a learner, and those who did all of the plan. */
  readonly pupils: number;
  readonly taught: number;
  readonly done: number;
  /** Pupils of whom it was worked out what they want. */
  readonly read: number;
  /** Scores of the first learners, and of the newest of those that were corrected. */
  readonly clones: Spread | null;
  readonly corrected: Spread | null;
  readonly labels: Spread | null;
  /** Labels with which a learner first was twice as good as its class's median clone, of those who came there. */
  readonly labelsNeeded: { readonly score: number; readonly labels: Spread | null } | null;
  /** The median over the pupils with so many labels or more: [labels, median score]. */
  readonly curve: readonly (readonly [number, number])[];
  readonly noise: readonly WayNoise[];
  readonly guesses: readonly Guesses[];
  readonly comparison: Comparison | null;
  /** What has come since the class's learner was trained; null where nothing has, and before it was. */
  readonly since: Since | null;
  /** To discuss: three, chosen by what came. */
  readonly questions: readonly string[];
}

/** A corrected learner is to be so many times as good as the class's median clone. */
const twice = 2;
/** Points of the class's curve, at most. */
const mostPoints = 60;

/**
 * The numbers of a class, from what its pupils' lessons have come to.
 * @param progress by pupil
 * @param noise of the labels of all of them
 */
export function debriefOf(
  now: SchoolClass,
  progress: ReadonlyMap<number, Progress>,
  noise: NoisePairs,
): Debrief {
  const world = worlds[now.level!.world]!;
  const { unit, better } = headlineIn(world);
  const all = now.present.map(({ number, guesses }) => {
    const known = progress.get(number);
    return { number, guesses, curve: known?.curve ?? [], known };
  });
  const taught = all.filter(({ curve }) => curve.length > 0);
  const corrected = all.filter(({ curve }) => curve.length > 1);
  const clones = spreadOf(taught.map(({ curve }) => curve[0]![1]));
  const guesses = (["clone", "corrected"] as const).map((about) =>
    guessesOf(
      about,
      all.flatMap(({ number, guesses, curve }) => {
        const said = guesses[about];
        const came =
          about === "clone" ? curve[0]?.[1] : curve.length > 1 ? curve.at(-1)![1] : undefined;
        return said == null || came === undefined ? [] : [[number, said, came] as const];
      }),
      world,
    ),
  );
  const comparison = comparisonOf(now);
  const debrief = {
    unit,
    better,
    pupils: all.length,
    taught: taught.length,
    done: all.filter(({ known }) => known?.activity === "done").length,
    read: all.filter(({ known }) => known && known.rewarded > 0).length,
    clones,
    corrected: spreadOf(corrected.map(({ curve }) => curve.at(-1)![1])),
    labels: spreadOf(taught.map(({ known }) => known!.labels)),
    labelsNeeded: clones && neededFor(clones.median, better, taught),
    curve: curveOf(taught),
    noise,
    guesses,
    comparison,
    since: sinceOf(now, progress),
  };
  return { ...debrief, questions: now.level!.learner ? questionsFor(debrief) : questionsOnRewards };
}

/** Null of nobody. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const at = (share: number) => quantile(values, share);
  return {
    n: values.length,
    least: at(0),
    lower: at(0.25),
    median: at(0.5),
    upper: at(0.75),
    greatest: at(1),
  };
}

/** Where the experts disagree, from what was found when the class's learner was trained last. */
export function mapOf({ level, comparison }: SchoolClass): DisagreementMap | Refusal {
  if (!comparison) return refusal("no-rounds", "The class's learner has not been trained yet.");
  const { seq, apart, pooledApart } = comparison;
  const states = placesIn(worlds[level!.world]!).map((state) => [...state]);
  return { seq, states, apart, pooledApart };
}

type Curve = Progress["curve"];

/** With how many labels learners came to be twice as good as the median clone, of those who came there. */
function neededFor(
  clone: number,
  better: Debrief["better"],
  taught: readonly { readonly curve: Curve }[],
): Debrief["labelsNeeded"] {
  const score = better === "more" ? twice * clone : clone / twice;
  const isThere = (one: number) => (better === "more" ? one >= score : one <= score);
  const labels = taught.flatMap(({ curve }) => {
    const first = curve.find(([, one], i) => i > 0 && isThere(one));
    return first ? [first[0]] : [];
  });
  return { score, labels: spreadOf(labels) };
}

/** The median score of the learners that pupils had at so many labels; of those who have as many or more. */
function curveOf(taught: readonly { readonly curve: Curve }[]): [number, number][] {
  const at = [...new Set(taught.flatMap(({ curve }) => curve.map(([labels]) => labels)))].sort(
    (a, b) => a - b,
  );
  const every = Math.ceil(at.length / mostPoints);
  return at
    .filter((_, i) => i % every === 0)
    .map((labels) => {
      const known = taught.filter(({ curve }) => curve.at(-1)![0] >= labels);
      const scores = known.map(({ curve }) => curve.findLast(([n]) => n <= labels)![1]);
      return [labels, median(scores)];
    });
}

function guessesOf(about: GuessAbout, pairs: Guesses["pairs"], world: Level): Guesses {
  return {
    about,
    pairs,
    said: spreadOf(pairs.map(([, said]) => said)),
    came: spreadOf(pairs.map(([, , came]) => came)),
    tooHopeful: pairs.filter(([, said, came]) => isHopeful(world, said, came)).length,
  };
}

function comparisonOf({ comparison }: SchoolClass): Comparison | null {
  if (!comparison) return null;
  const { seq, pupils, labels, starts, scores, weights, swaps } = comparison;
  return { seq, pupils, labels, starts, scores, weights, swaps };
}

/** What learners of the class's pupils have learned that its own has not. */
function sinceOf(
  { comparison, present }: SchoolClass,
  progress: ReadonlyMap<number, Progress>,
): Since | null {
  if (!comparison) return null;
  const taught = present.flatMap(({ number }) => {
    const known = progress.get(number);
    return known && known.trained > 0 ? [{ number, ...known }] : [];
  });
  const { pupils, basis, labels } = comparison;
  const newer = taught.filter(({ number, trained }) => basis[pupils.indexOf(number)] !== trained);
  if (newer.length === 0) return null;
  const all = taught.reduce((sum, { curve }) => sum + curve.at(-1)![0], 0);
  return { pupils: newer.length, labels: Math.max(0, all - labels) };
}

/** What there is to discuss where nothing is trained, and what people want is read from how they walk. */
const questionsOnRewards = [
  "Somebody who wants what you want walks from another start. Did they go where you would have gone?",
  "Two rewards may explain the same walks. Which other walk of yours would have shown which one is right?",
  "Where did you walk against what you like? The program thinks that you make few mistakes. What does it conclude from this walk?",
];

/** Three questions, those first that these numbers give rise to. */
function questionsFor({
  better,
  clones,
  corrected,
  comparison,
  noise,
  guesses,
}: Omit<Debrief, "questions">): string[] {
  const found: string[] = [];
  const beats = (one: number, other: number) => (better === "more" ? one > other : one < other);
  if (comparison) {
    const { pooled, best } = comparison.scores;
    found.push(
      beats(pooled, best)
        ? "The learner with everybody’s answers did better than the best pupil’s learner. What did it get that no single pupil gave?"
        : "The learner with everybody’s answers did no better than the best pupil’s learner. What does a learner do where pupils disagree?",
    );
  }
  if (clones && corrected && beats(corrected.median, clones.median))
    found.push(
      "Corrected learners got further than clones. Would more demonstrations have helped as much? Why, or why not?",
    );
  const way = (name: WayNoise["way"]) => noise.find((one) => one.way === name);
  const [still, steered] = [way("time-stop"), way("shadow")];
  if (still && steered)
    found.push(
      steered.noise > still.noise
        ? "Answers given while steering along differed more than answers in stopped time. Where does that noise come from?"
        : "Answers given while steering along differed no more than answers in stopped time. What would you have expected?",
    );
  if (guesses.some(({ pairs, tooHopeful }) => pairs.length > 1 && 2 * tooHopeful > pairs.length))
    found.push(
      "Most of you expected the learner to get further than it did. What did you not think of?",
    );
  found.push(
    "Everybody had the same task, but the clones differ. How much of that comes from the pupil, and how much is chance?",
    "Which states did the learner ask about, and why are they not the ones that you showed?",
    "Where did you not know what was right? What should a learner do with such an answer?",
  );
  return found.slice(0, 3);
}
