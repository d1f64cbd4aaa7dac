import { solve } from "../../shared/policies/cholesky.ts";
import { fourier } from "../../shared/policies/fourier.ts";
import { drawFourier } from "../../shared/policies/fourierFeatures.ts";
import { ridge } from "../../shared/policies/kernel.ts";
import { finish, type Policy } from "../../shared/policies/policy.ts";
import type { FeatureMap } from "../../shared/policies/ridge.ts";
import { seeded } from "../../shared/random.ts";
import type { ActionSpace } from "../../shared/spaces.ts";
import { type Bench, interleave, ratio, type Task } from "./harness.ts";

const sizes = [100, 10_000, 100_000] as const;
const repeats = 5;
/** Labels that are timed together. */
const labelsAtOnce = 1000;
const observationSize = 4;
const action: ActionSpace = { kind: "continuous", low: [-0.25], high: [0.25] };

/** From a label to the action of the policy that has learned it, by `fourier` and by refitting. */
export const labels: Bench = {
  name: "From a label to the new policy's action (fourier)",
  run(clock) {
    const data = pairs(sizes.at(-1)! + labelsAtOnce);
    const tasks: Record<string, Task> = {};
    // Tasks that are compared run next to each other.
    for (const n of sizes) tasks[`label ${n}`] = fourierLabelTask(n, data);
    for (const n of sizes) tasks[`refit ${n}`] = refitTask(n, data);
    const times = interleave(tasks, repeats, clock);
    const label = (n: number) => times[`label ${n}`]!;
    return [
      ratio("a label at 100,000 labels / a label at 100", label(100_000), label(100), {
        atMost: 1.5,
      }),
      ...sizes.map((n) =>
        ratio(
          `refitting ${n.toLocaleString("en")} labels / a label`,
          times[`refit ${n}`]!,
          label(n),
        ),
      ),
    ];
  },
};

export function pairs(n: number) {
  const random = seeded(1);
  const observations = new Float64Array(n * observationSize).map(() => random.normal());
  const actions = Float64Array.from(
    { length: n },
    (_, i) => 0.25 * Math.tanh(observations[i * observationSize]! + 0.1 * random.normal()),
  );
  return { n, observationSize, action, observations, actions };
}

type Pairs = ReturnType<typeof pairs>;
export const observationAt = ({ observations }: Pairs, i: number) =>
  observations.subarray(i * observationSize, (i + 1) * observationSize);

export const firstOf = (data: Pairs, n: number): Pairs => ({
  ...data,
  n,
  observations: data.observations.subarray(0, n * observationSize),
  actions: data.actions.subarray(0, n),
});

/** {@link labelTask} by `fourier`. */
export function fourierLabelTask(n: number, data: Pairs): Task {
  const { policy } = finish(fourier.fit(firstOf(data, n), seeded(1)));
  return labelTask(policy, n, data, labelsAtOnce);
}

/** Adds a label after the first `n`, which `policy` has learned, and acts in the next state. */
export function labelTask(policy: Policy, n: number, data: Pairs, times: number): Task {
  const learner = policy.incremental!;
  const done = new Float64Array(1);
  let next = n;
  return {
    times,
    run() {
      learner.add(observationAt(data, next), data.actions.subarray(next, next + 1));
      policy.act(observationAt(data, next), done);
      next++;
    },
    after() {
      for (; next > n; next--) {
        learner.remove(observationAt(data, next - 1), data.actions.subarray(next - 1, next));
      }
    },
  };
}

/** The normal equations of the first `n` labels, one factorisation, and one action. */
function refitTask(n: number, data: Pairs): Task {
  const features = drawFourier(observationSize, seeded(1));
  const done = new Float64Array(1);
  return {
    times: Math.max(1, 1000 / n),
    run() {
      const weights = refit(features, n, data);
      const row = features.of(observationAt(data, n));
      done[0] = 0;
      for (let i = 0; i < row.length; i++) done[0] += weights[i]! * row[i]!;
    },
  };
}

/** (ΦᵀΦ + λI)⁻¹ Φᵀ y: half of ΦᵀΦ, which is symmetric, and Cholesky's factorisation once. */
function refit(features: FeatureMap, n: number, data: Pairs): Float64Array {
  const { size } = features;
  const a = new Float64Array(size * size);
  const b = new Float64Array(size);
  for (let i = 0; i < size; i++) a[i * size + i] = ridge;
  for (let r = 0; r < n; r++) {
    const row = features.of(observationAt(data, r));
    const target = data.actions[r]!;
    for (let i = 0; i < size; i++) {
      const own = row[i]!;
      const at = i * size;
      b[i] = b[i]! + own * target;
      for (let j = 0; j <= i; j++) a[at + j] = a[at + j]! + own * row[j]!;
    }
  }
  solve(a, b);
  return b;
}
