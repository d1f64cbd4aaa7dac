import type { arithmeticTasks } from "./arithmeticTasks.ts";
import { type Bench, interleave, ratio } from "./harness.ts";

const repeats = 9;

type Tasks = typeof arithmeticTasks;

/**
 * What it costs that all engines compute the same bits.
 * @param ours the tasks in a bundle of their own
 * @param host the same with the engine's own `Math` in place of `shared/arithmetic.ts`
 */
export const arithmetic = (ours: Tasks, host: Tasks): Bench => ({
  name: "One arithmetic / the engine's own",
  run(clock) {
    const [own, hosts] = [ours(), host()];
    return Object.keys(own).map((name) => {
      const times = interleave({ own: own[name]!, host: hosts[name]! }, repeats, clock);
      return ratio(name, times.own, times.host, { atMost: 1.5 });
    });
  },
});
