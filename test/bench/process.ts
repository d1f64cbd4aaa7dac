import { gaussianProcess } from "../../shared/policies/gaussianProcess.ts";
import { finish } from "../../shared/policies/policy.ts";
import { seeded } from "../../shared/random.ts";
import { type Bench, interleave, ratio, type Task } from "./harness.ts";
import { firstOf, labelTask, observationAt, pairs } from "./labels.ts";

const sizes = [200, 2_000, 100_000] as const;
const repeats = 3;
/** As many as the process takes back to the bit, so that each repeat begins where the one before did. */
const labelsAtOnce = 32;
const statesAtOnce = 500;

/** The Gaussian process: what a person waits for, against what they may have to, and against how much it has seen. */
export const process: Bench = {
  name: "Learning by a Gaussian process (gaussianProcess)",
  run(clock) {
    const data = pairs(sizes.at(-1)! + Math.max(labelsAtOnce, statesAtOnce));
    const tasks: Record<string, Task> = {};
    for (const n of sizes) {
      const { policy } = finish(gaussianProcess.fit(firstOf(data, n), seeded(1)));
      const action = new Float64Array(1);
      const each = (ask: (observation: Float64Array) => void): Task => {
        let next = 0;
        return {
          times: statesAtOnce,
          run: () => ask(observationAt(data, n + (next++ % statesAtOnce))),
        };
      };
      tasks[`label ${n}`] = labelTask(policy, n, data, labelsAtOnce);
      tasks[`action ${n}`] = each((observation) => policy.act(observation, action));
      tasks[`uncertainty ${n}`] = each((observation) => policy.uncertainty(observation));
      tasks[`fit ${n}`] = {
        run: () => void finish(gaussianProcess.fit(firstOf(data, n), seeded(1))),
      };
    }
    const times = interleave(tasks, repeats, clock);
    const of = (what: string, n: number) => times[`${what} ${n}`]!;
    const within = (ms: number) => new Array<number>(repeats).fill(ms);
    const pair = (n: number) => of("fit", n).map((ms) => ms / n);
    return [
      ...sizes.map((n) =>
        ratio(`a label and an action at ${words(n)} / 2 ms`, of("label", n), within(2), {
          atMost: 1,
        }),
      ),
      ...sizes.map((n) =>
        ratio(`an action at ${words(n)} / 50 µs`, of("action", n), within(0.05), { atMost: 1 }),
      ),
      ...sizes.map((n) =>
        ratio(`an uncertainty at ${words(n)} / 200 µs`, of("uncertainty", n), within(0.2), {
          atMost: 1,
        }),
      ),
      ratio(
        "a label at 100,000 pairs / a label at 2,000",
        of("label", 100_000),
        of("label", 2000),
        {
          atMost: 1.5,
        },
      ),
      ratio("a fit of 2,000 pairs / a second", of("fit", 2000), within(1000), { atMost: 1 }),
      ratio("a pair of a fit, of 100,000 / of 2,000", pair(100_000), pair(2000), { atMost: 1.5 }),
      ratio(
        "a pair of a fit of 100,000 / costAPair",
        pair(100_000),
        within(gaussianProcess.costAPair / 1000),
      ),
    ];
  },
};

const words = (n: number) => `${n.toLocaleString("en")} pairs`;
