import { type Dataset, finish, type PolicyKind } from "../policies/policy.ts";
import { Stream, seeded } from "../random.ts";
import { width } from "../spaces.ts";
import { disagreement } from "./disagreement.ts";
import { mean } from "./statistics.ts";

/** Copies of the labels of whoever agrees most with the others: weights are whole numbers up to it. */
const mostCopies = 4;
/** How often the others are weighed anew before one is weighed against them. */
const passes = 2;
/** Mean square disagreement that nobody is held to be better than. */
const leastSquare = 1e-4;

/** All pairs of several teachers, one after the other. */
export function pooled(teachers: readonly Dataset[]): Dataset {
  return joined(
    teachers,
    teachers.map(() => 1),
  );
}

/**
 * How much each teacher's labels are to count, from how well a learner of all the others foretells them: as the inverse
 * of the mean square disagreement, so that labels count as in a weighted least squares whose errors have that
 * variance. It is done twice, the others weighed by what was found before, since one whose labels are wrong spoils them. Where
 * teachers disagree because they mean different things, not because they err, whoever is with the most counts most.
 *
 * Sun et al. 2023 (MEGA-DAgger) take the labels of whoever drives better where two conflict; that takes a score of each, and
 * this none.
 *
 * @param teachers two or more
 * @param seed of what the learners draw from
 * @returns whole numbers from 0, the greatest 4
 */
export function agreementOf(
  teachers: readonly Dataset[],
  kind: PolicyKind,
  seed: number,
): number[] {
  if (teachers.length < 2) throw new RangeError("agreement takes two teachers");
  let copies = teachers.map(() => 1);
  for (let pass = 0; pass < passes; pass++) {
    const squares = teachers.map((own, i) => {
      const others = copies.with(i, 0);
      // Where nobody else counts, all do.
      const counts = others.some((n) => n > 0) ? others : teachers.map((_, j) => (j === i ? 0 : 1));
      return meanSquare(joined(teachers, counts), own, kind, seed);
    });
    const least = Math.max(leastSquare, Math.min(...squares));
    copies = squares.map((square) => Math.round((mostCopies * least) / Math.max(least, square)));
  }
  return copies;
}

/** As {@link pooled}, the labels of each teacher this many times. */
export function joined(teachers: readonly Dataset[], copies: readonly number[]): Dataset {
  const { observationSize, action } = teachers[0]!;
  const parts = teachers.flatMap((teacher, i) => Array.from({ length: copies[i]! }, () => teacher));
  const n = parts.reduce((sum, part) => sum + part.n, 0);
  const observations = new Float64Array(n * observationSize);
  const actions = new Float64Array(n * width(action));
  let at = 0;
  for (const part of parts) {
    observations.set(part.observations, at * observationSize);
    actions.set(part.actions, at * width(action));
    at += part.n;
  }
  return { n, observationSize, action, observations, actions };
}

/**
 * The pairs of a data set, each as often as its weight says: where weights are not whole numbers, one copy more each time
 * that their sum passes a whole number (systematic sampling), so that nothing is drawn by chance.
 * @param weights [n], from 0
 */
export function repeated(data: Dataset, weights: ArrayLike<number>): Dataset {
  const { observationSize, action } = data;
  const rows: number[] = [];
  for (let i = 0, sum = 0; i < data.n; i++) {
    sum += weights[i]!;
    while (rows.length < Math.round(sum)) rows.push(i);
  }
  const wide = width(action);
  const observations = new Float64Array(rows.length * observationSize);
  const actions = new Float64Array(rows.length * wide);
  rows.forEach((row, i) => {
    const from = row * observationSize;
    observations.set(data.observations.subarray(from, from + observationSize), i * observationSize);
    actions.set(data.actions.subarray(row * wide, (row + 1) * wide), i * wide);
  });
  return { n: rows.length, observationSize, action, observations, actions };
}

/** Mean square disagreement of a teacher's labels with what is learned from others. */
function meanSquare(others: Dataset, own: Dataset, kind: PolicyKind, seed: number): number {
  const { policy } = finish(kind.fit(others, seeded(seed, Stream.learning)));
  const wide = width(own.action);
  const action = new Float64Array(wide);
  return mean(
    Array.from({ length: own.n }, (_, i) => {
      const { observationSize, observations, actions } = own;
      policy.act(observations.subarray(i * observationSize, (i + 1) * observationSize), action);
      const apart = disagreement(own.action, action, actions.subarray(i * wide, (i + 1) * wide));
      return apart * apart;
    }),
  );
}
