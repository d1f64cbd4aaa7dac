import type { Interval } from "../imitation/statistics.ts";

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

/** What a way of correcting came to in a class. */
export interface WayNoise {
  readonly way: "time-stop" | "shadow" | "both";
  /** Pupils who labelled a state twice in it. */
  readonly pupils: number;
  /** Pairs of labels for the same state. */
  readonly pairs: number;
  /** Of one label, pooled over the pupils: see `LabelNoise`. */
  readonly noise: number;
  readonly interval: Interval;
}

export interface Guesses {
  readonly about: "clone" | "corrected";
  /** By pupils of whom both are known: [pupil's number, what they said, what came]. */
  readonly pairs: readonly (readonly [number, number, number])[];
  readonly said: Spread | null;
  readonly came: Spread | null;
  /** Who said more than came. */
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

/** The class's own numbers, for its last page. */
export interface Debrief {
  readonly unit: string;
  readonly better: "more" | "fewer";
  /** Pupils, and of them those who trained a learner, and those who did all of the plan. */
  readonly pupils: number;
  readonly taught: number;
  readonly done: number;
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
  /** To discuss: three, chosen by what came. */
  readonly questions: readonly string[];
}
