import { spawnSync } from "node:child_process";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { certaintyOf } from "../../shared/irl/certainty.ts";
import { evidenceOf, linearReward } from "../../shared/irl/features.ts";
import { latticeDemonstration, latticeMdp, modelOf } from "../../shared/irl/lattice.ts";
import { dual, type MaxEntOptions, maxEnt } from "../../shared/irl/maxent.ts";
import { type Mdp, mdp } from "../../shared/irl/mdp.ts";
import { minimise } from "../../shared/irl/minimise.ts";
import { valueIteration } from "../../shared/irl/planning.ts";
import { type SoftSolution, softSolution, softValueIteration } from "../../shared/irl/soft.ts";
import { visitationFrequency } from "../../shared/irl/visitation.ts";
import { type Random, Stream, seeded } from "../../shared/random.ts";
import { replay } from "../../shared/worlds/episode.ts";
import { road } from "../../shared/worlds/road/levels.ts";
import { type Bench, type Figure, interleave, ratio } from "./harness.ts";

const repeats = 5;
const firstSeed = 2000;
/** Time of one frame at 60 a second, ms. */
const frame = 1000 / 60;
const sides = [5, 10, 20, 50, 100, 200] as const;

/**
 * Inverse reinforcement learning: against textbook code, against the time of a frame, and by size.
 * @param coldInference the source of coldInference.ts, bundled
 */
export const irl = (coldInference: string): Bench => ({
  name: "Maximum entropy inverse reinforcement learning",
  run: (clock) => [
    sweeps(clock),
    iterations(clock),
    ...frames(clock),
    inColdProcess(coldInference),
    ...drives(clock),
    planning(clock),
    ...growth(clock),
  ],
});

const compass = [
  [-1, 0],
  [1, 0],
  [0, -1],
  [0, 1],
  [0, 0],
] as const;
const king = [-1, 0, 1].flatMap((row) => [-1, 0, 1].map((column) => [row, column] as const));

/** A deterministic square grid; moves over the border stay. */
function square(
  side: number,
  moves: readonly (readonly [number, number])[],
  discount: number,
  horizon = Number.POSITIVE_INFINITY,
  start?: number,
): Mdp {
  const clamp = (i: number) => Math.min(side - 1, Math.max(0, i));
  return mdp({
    nStates: side * side,
    nActions: moves.length,
    discount,
    horizon,
    ...(start === undefined ? {} : { start: oneAt(start, side * side) }),
    transitions: (s, a) => {
      const [down, right] = moves[a]!;
      const next = clamp(Math.floor(s / side) + down) * side + clamp((s % side) + right);
      return [{ next, probability: 1 }];
    },
  });
}

const oneAt = (i: number, n: number) => new Float64Array(n).fill(1, i, i + 1);
const normals = (n: number, random: Random) =>
  Float64Array.from({ length: n }, () => random.normal());

/** The textbook's backup: for each state the largest Q, an exponential for each action, and a logarithm. */
function textbook(
  { nStates, nActions, offsets, next, probability, discount }: Mdp,
  reward: Float64Array,
  later: Float64Array,
  now: Float64Array,
  policy: Float64Array,
): number {
  let change = 0;
  for (let s = 0; s < nStates; s++) {
    const row = s * nActions;
    let most = Number.NEGATIVE_INFINITY;
    for (let a = 0; a < nActions; a++) {
      let expected = 0;
      for (let i = offsets[row + a]!; i < offsets[row + a + 1]!; i++)
        expected += probability[i]! * later[next[i]!]!;
      const q = discount * expected;
      policy[row + a] = q;
      if (q > most) most = q;
    }
    let sum = 0;
    for (let a = 0; a < nActions; a++) {
      const share = Math.exp(policy[row + a]! - most);
      policy[row + a] = share;
      sum += share;
    }
    for (let a = 0; a < nActions; a++) policy[row + a]! /= sum;
    const value = reward[s]! + most + Math.log(sum);
    change = Math.max(change, Math.abs(value - now[s]!));
    now[s] = value;
  }
  return change;
}

function sweeps(clock: () => number): Figure {
  const model = square(100, compass, 0.95, 1);
  const { nStates } = model;
  const reward = normals(nStates, seeded(1));
  const [ours, theirs] = [softSolution(model), softSolution(model)];
  const now = theirs.values.subarray(0, nStates);
  const later = theirs.values.subarray(nStates);
  const times = interleave(
    {
      textbook: {
        times: 50,
        run() {
          later.set(reward);
          textbook(model, reward, later, now, theirs.policy);
        },
      },
      shared: { times: 50, run: () => void softValueIteration(model, reward, 1e-9, ours) },
    },
    repeats,
    clock,
  );
  requireSame(ours, theirs, 1e-12);
  const name = "an exponential an action / one a state: a soft sweep of 100 × 100, five actions";
  return ratio(name, times.textbook, times.shared, { atLeast: 1.5 });
}

function iterations(clock: () => number): Figure {
  const model = square(50, compass, 0.95);
  const reward = normals(model.nStates, seeded(2));
  const tolerance = 1e-9;
  let [ours, theirs] = [softSolution(model), softSolution(model)];
  const times = interleave(
    {
      textbook: {
        run() {
          theirs = softSolution(model);
          let now: Float64Array = theirs.values;
          let later: Float64Array = now.slice();
          let change = Number.POSITIVE_INFINITY;
          while ((change * model.discount) / (1 - model.discount) > tolerance) {
            [now, later] = [later, now];
            change = textbook(model, reward, later, now, theirs.policy);
          }
          theirs.values.set(now);
        },
      },
      ours: {
        run() {
          ours = softValueIteration(model, reward, tolerance);
        },
      },
    },
    repeats,
    clock,
  );
  requireSame(ours, theirs, 3 * tolerance);
  const name = "the textbook's / ours: soft value iteration of 50 × 50 for ever, to 1e-9";
  return ratio(name, times.textbook, times.ours, { atLeast: 4 });
}

/** Throws unless both solutions are the same, or their times could not be compared. */
function requireSame(ours: SoftSolution, theirs: SoftSolution, tolerance: number): void {
  for (const key of ["values", "policy"] as const) {
    const apart = ours[key].reduce(
      (most, x, i) => Math.max(most, Math.abs(x - theirs[key][i]!)),
      0,
    );
    if (!(apart <= tolerance)) throw new Error(`${key} are ${apart} apart`);
  }
}

/** The article's grid: row, column and nearness to the far corner, and three ways there. */
function article() {
  const model = square(5, king, 0.9, Number.POSITIVE_INFINITY, 0);
  const features = new Float64Array(25 * 3);
  for (let s = 0; s < 25; s++) {
    const [row, column] = [Math.floor(s / 5), s % 5];
    const away = Math.hypot(4 - row, 4 - column) / Math.hypot(4, 4);
    features.set([row / 4, column / 4, 1 - away], 3 * s);
  }
  const demonstrations = [
    { states: [0, 6, 12, 18, 24] },
    { states: [0, 1, 7, 13, 19, 24] },
    { states: [0, 5, 11, 17, 23, 24] },
  ];
  return () => solved(maxEnt(model, features, demonstrations, { tolerance: 1e-6 }).gradientNorm);
}

/** A walk of `length` steps by the policy of a finite horizon. */
function walk(model: Mdp, policy: Float64Array, length: number, random: Random): number[] {
  const { nStates, nActions, offsets, next } = model;
  const states = [random.below(nStates)];
  for (let t = 0; t < length; t++) {
    const s = states[t]!;
    let u = random.uniform();
    let a = 0;
    while (a < nActions - 1) {
      u -= policy[(t * nStates + s) * nActions + a]!;
      if (u < 0) break;
      a++;
    }
    states.push(next[offsets[s * nActions + a]!]!);
  }
  return states;
}

/** A garden of eight kinds of ground: one more step of the third walk, starting from the solution before it. */
function step() {
  const side = 20;
  const nFeatures = 8;
  const model = square(side, compass, 0.95, 60);
  const random = seeded(3);
  const features = Float64Array.from({ length: model.nStates * nFeatures }, () => random.below(2));
  const taste = linearReward(features, normals(nFeatures, random));
  const { policy } = softValueIteration(model, taste);
  const walks = [60, 60, 40].map((length) => walk(model, policy, length, random));
  const after = (steps: number) =>
    [walks[0]!, walks[1]!, walks[2]!.slice(0, steps + 1)].map((states) => ({ states }));
  const infer = (steps: number, options: MaxEntOptions = {}) =>
    maxEnt(model, features, after(steps), options);

  const { weights: start } = infer(39);
  const evidence = evidenceOf(model, features, nFeatures, after(39));
  const prior = { demonstrations: walks.length, l2: 1 / walks.length };
  const { covariance } = certaintyOf(model, features, evidence, start, prior);
  const inverse = covariance.map((value) => walks.length * value);
  return {
    cold: () => solved(infer(40).gradientNorm),
    warm: () => solved(infer(40, { start, inverse }).gradientNorm),
  };
}

function solved(gradientNorm: number): void {
  if (!(gradientNorm <= 1e-6)) throw new Error(`the gradient is ${gradientNorm}`);
}

function frames(clock: () => number): Figure[] {
  const { cold, warm } = step();
  const times = interleave(
    { article: { run: article(), times: 10 }, cold: { run: cold }, warm: { run: warm } },
    repeats,
    clock,
  );
  const one = times.article.map(() => frame);
  const where = "20 × 20, 60 steps, eight features";
  return [
    ratio("a frame of 1/60 s / the article's 5 × 5 solved, to 1e-6", one, times.article, {
      atLeast: 1,
    }),
    ratio(`a frame / one more step of a walk (${where}), to 1e-6`, one, times.warm, { atLeast: 1 }),
    ratio("the same from nothing / from before that step", times.cold, times.warm),
  ];
}

/** Fresh processes, each of which infers once. */
const nCold = 15;
/** What a first inference may take, ms. */
const coldLimit = 15;

function inColdProcess(source: string): Figure {
  const times = Array.from({ length: nCold }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module"], {
      input: source,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
    return Number(stdout);
  });
  return ratio(
    `${coldLimit} ms / processor time of a process's first inference (5 × 5, a feature a tile)`,
    times.map(() => coldLimit),
    times,
    { atLeast: 1 },
  );
}

/** What the first reward of a person on the road may take, ms: the world's model, and the inference. */
const roadLimit = 700;

function drives(clock: () => number): Figure[] {
  const { mdp: model, features } = modelOf(road);
  const driven = Array.from({ length: 10 }, (_, i) =>
    replay(road, demonstrate(road, firstSeed + i)),
  );
  const demonstrations = driven.map((trajectory) => latticeDemonstration(road, trajectory));
  const seconds =
    driven.reduce((sum, { length }) => sum + length, 0) / road.steering.stepsPerSecond;
  const reading = { outcomes: "expected", evenly: true } as const;
  const n = road.lattice.nFeatures;
  const stopping = { tolerance: 1e-6, maxIterations: 200 };
  const byBfgs = () => {
    const evidence = evidenceOf(model, features, n, demonstrations, reading);
    const { evaluate } = dual(model, features, evidence, 1 / demonstrations.length);
    return minimise(new Float64Array(n), evaluate, stopping);
  };
  const times = interleave(
    {
      newton: {
        run: () => solved(maxEnt(model, features, demonstrations, reading).gradientNorm),
      },
      bfgs: { run: () => solved(byBfgs().gradientNorm) },
      model: { run: () => void latticeMdp(road, seeded(0, Stream.lattice)) },
    },
    3,
    clock,
  );
  const name = `ten drives understood (road, ${model.nStates} states)`;
  return [
    ratio(
      `time at the wheel / ${name}`,
      times.newton.map(() => 1000 * seconds),
      times.newton,
    ),
    ratio(`${name}: BFGS / Newton's method`, times.bfgs, times.newton, { atLeast: 1.3 }),
    ratio(
      `${roadLimit} ms / the road's model built, and ${name}`,
      times.model.map(() => roadLimit),
      times.model.map((ms, i) => ms + times.newton[i]!),
    ),
    ratio("the road's model built / ten drives understood", times.model, times.newton),
  ];
}

/** Value iteration over an infinite horizon, against sweeps that compare all actions. */
function planning(clock: () => number): Figure {
  const { mdp: model, features } = modelOf(road);
  const { nStates, nActions, offsets, next, probability, discount } = model;
  const reward = linearReward(features, Float64Array.of(0.7, 0.1, 0.5, -0.5, -1));
  const tolerance = 1e-6;
  const [plain, ours] = [new Float64Array(nStates), new Float64Array(nStates)];
  const sweep = () => {
    let change = 0;
    for (let s = 0; s < nStates; s++) {
      let best = Number.NEGATIVE_INFINITY;
      for (let row = s * nActions; row < (s + 1) * nActions; row++) {
        let expected = 0;
        for (let i = offsets[row]!; i < offsets[row + 1]!; i++)
          expected += probability[i]! * plain[next[i]!]!;
        if (expected > best) best = expected;
      }
      const value = reward[s]! + discount * best;
      change = Math.max(change, Math.abs(value - plain[s]!));
      plain[s] = value;
    }
    return change;
  };
  const times = interleave(
    {
      plain: {
        run() {
          plain.fill(0);
          while ((sweep() * discount) / (1 - discount) > tolerance);
        },
      },
      ours: { run: () => ours.set(valueIteration(model, reward, tolerance).values) },
    },
    3,
    clock,
  );
  if (ours.some((value, s) => Math.abs(value - plain[s]!) > 3 * tolerance))
    throw new Error("the values differ");
  return ratio(
    "comparing all actions / following the best between (road)",
    times.plain,
    times.ours,
    {
      atLeast: 2,
    },
  );
}

/** Time for each state, for values and visits over an infinite horizon. */
function growth(clock: () => number): Figure[] {
  const tasks = Object.fromEntries(
    sides.map((side) => {
      const model = square(side, compass, 0.95);
      const reward = normals(model.nStates, seeded(4));
      const run = () => {
        const { policy } = softValueIteration(model, reward);
        visitationFrequency(model, policy);
      };
      return [side, { run, times: Math.ceil(2000 / model.nStates) }];
    }),
  );
  const times = interleave(tasks, 3, clock);
  const perState = (side: number) => times[side]!.map((ms) => ms / side ** 2);
  return [
    ...sides
      .slice(1)
      .map((side) =>
        ratio(`time a state, ${side} × ${side} / 5 × 5`, perState(side), perState(sides[0])),
      ),
    ratio("time a state, 200 × 200 / 20 × 20", perState(200), perState(20), { atMost: 3 }),
  ];
}
