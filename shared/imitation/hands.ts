import { width } from "../spaces.ts";
import type { Trajectory } from "../worlds/episode.ts";
import type { Playable } from "../worlds/level.ts";
import { stepsIn } from "../worlds/steering.ts";
import type { NoiseModel } from "./experts.ts";
import { longestLag } from "./lag.ts";

/** How somebody's hands err at the wheel. */
export type Hands = Pick<NoiseModel, "noise" | "lag">;

/**
 * The lag and the noise of the expert `human` that explain best what somebody did at the wheel: they act on what was
 * to be seen `lag` steps before. How strongly they steer,
 * and to which side they lean, is their style and no error: each action is fitted by least squares as
 * a + b × what the script would have done. What that leaves is noise, and the lag that leaves least is theirs.
 *
 * What they do changes what they see, but only later: the noise of an action is in no state up to it, so
 * that nothing explains it away, and least is left at the true lag. All lags are compared on the same actions.
 * @param shown what they drove alone, in a world whose actions are continuous
 */
export function handsOf(world: Playable, shown: readonly Trajectory[]): Hands {
  const longest = Math.max(0, ...shown.map(({ length }) => length));
  const most = Math.floor(Math.min(stepsIn(world.steering, longestLag, 0), longest / 3));
  const drives = shown.map((drive) => ({ ...drive, script: scriptIn(world, drive) }));
  const left = Array.from({ length: most + 1 }, (_, lag) => {
    const wide = width(world.action);
    const residuals = Array.from({ length: wide }, () => new Residual());
    for (const { length, actions, script } of drives) {
      for (let t = most; t < length; t++) {
        for (let k = 0; k < wide; k++)
          residuals[k]!.add(script[(t - lag) * wide + k]!, actions[t * wide + k]!);
      }
    }
    return residuals.reduce(
      (sum, residual, k) => sum + residual.variance / (half(world, k) * half(world, k)),
      0,
    );
  });
  const least = Math.min(...left);
  return { lag: left.indexOf(least), noise: Math.sqrt(least / width(world.action)) };
}

/** What the script would have done at each step of a drive. Flat, [T][width]. */
function scriptIn(world: Playable, { states, length }: Trajectory): Float64Array {
  const { stateSize } = world;
  const wide = width(world.action);
  const script = new Float64Array(length * wide);
  for (let t = 0; t < length; t++) {
    world.expert(
      states.subarray(t * stateSize, (t + 1) * stateSize),
      script.subarray(t * wide, (t + 1) * wide),
    );
  }
  return script;
}

function half({ action }: Playable, k: number): number {
  return action.kind === "continuous" ? (action.high[k]! - action.low[k]!) / 2 : 1;
}

/** What a straight line leaves of numbers y at numbers x. */
class Residual {
  #n = 0;
  #x = 0;
  #y = 0;
  #xx = 0;
  #xy = 0;
  #yy = 0;

  add(x: number, y: number): void {
    // Means and moments about them, one pair after another (Welford 1962).
    this.#n++;
    const [dx, dy] = [x - this.#x, y - this.#y];
    this.#x += dx / this.#n;
    this.#y += dy / this.#n;
    this.#xx += dx * (x - this.#x);
    this.#xy += dx * (y - this.#y);
    this.#yy += dy * (y - this.#y);
  }

  /** Of what is left, with two degrees of freedom less; 0 where there are too few numbers to tell. */
  get variance(): number {
    if (this.#n <= 2) return 0;
    const explained = this.#xx > 0 ? (this.#xy * this.#xy) / this.#xx : 0;
    return Math.max(0, this.#yy - explained) / (this.#n - 2);
  }
}
