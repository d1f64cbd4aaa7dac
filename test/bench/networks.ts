import { squared } from "../../shared/policies/heads.ts";
import type { Network } from "../../shared/policies/network.ts";
import { recipe, sizesFor, train } from "../../shared/policies/training.ts";
import { seeded } from "../../shared/random.ts";
import type { ActionSpace } from "../../shared/spaces.ts";
import { type Bench, interleave, ratio } from "./harness.ts";
import { PlainNetwork } from "./plainNetwork.ts";

const n = 800;
const repeats = 3;
const observationSize = 4;
const action: ActionSpace = { kind: "continuous", low: [-1], high: [1] };

/** Training a network in batches, against a plain loop over pairs that reaches the same loss. */
export const networks: Bench = {
  name: "Training a network (mlp)",
  run(clock) {
    const random = seeded(1);
    const inputs = new Float64Array(n * observationSize).map(() => random.normal());
    const rows = Array.from({ length: n }, (_, i) =>
      inputs.slice(i * observationSize, (i + 1) * observationSize),
    );
    const targets = Float64Array.from(rows, ([x, y, z]) => Math.tanh(x! * y! + 0.3 * z!));
    const targetRows = Array.from(targets, (target) => Float64Array.of(target));
    const head = squared(action);

    let network: Network | undefined;
    const plain = () => new PlainNetwork(sizesFor(observationSize, head), seeded(2));
    let other = plain();
    const times = interleave(
      {
        batches: {
          run() {
            const training = train(observationSize, head, inputs, targets, seeded(2));
            let step = training.next();
            while (!step.done) step = training.next();
            network = step.value;
          },
        },
        plain: {
          run() {
            const draws = seeded(2);
            other = new PlainNetwork(sizesFor(observationSize, head), draws);
            other.train(rows, targetRows, recipe, draws);
          },
        },
      },
      repeats,
      clock,
    );
    const ours = rows.map((row, i) => {
      network!.input.set(row);
      return 0.5 * (network!.forward(1)[0]! - targets[i]!) ** 2;
    });
    const theirs = rows.map((row, i) => other.loss(row, targetRows[i]!));
    const before = rows.map((row, i) => plain().loss(row, targetRows[i]!));
    requireSame(mean(ours), mean(theirs), mean(before));
    return [
      ratio("a plain loop / batches, to the same loss", times.plain, times.batches, { atLeast: 2 }),
    ];
  },
};

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value / values.length, 0);

/** Throws unless both losses are the same, or their times could not be compared. */
function requireSame(ours: number, theirs: number, before: number): void {
  if (!(Math.abs(ours - theirs) <= 1e-3 * theirs && theirs < 0.01 * before)) {
    throw new Error(`the losses are ${ours} and ${theirs}, after ${before}`);
  }
}
