import { Outcome, type World } from "../world.ts";
import { steering } from "./dynamics.ts";

/** Steps that one looks ahead: half a second. Who stays on the road as long as that can stay on it. */
const horizon = 10;
/** The wheel straight, and turned to either side as far as it goes. */
const turns = [0, steering, -steering];

/** Whether the car leaves the road within half a second in still air, whichever of these each step turns. */
export function lostOn({ step, stateSize }: Pick<World, "step" | "stateSize">) {
  const states = Array.from({ length: horizon + 1 }, () => new Float64Array(stateSize));
  const action = new Float64Array(1);
  const stays = (t: number): boolean =>
    t === horizon ||
    turns.some((turn) => {
      action[0] = turn;
      return step(states[t]!, action, null, states[t + 1]!) !== Outcome.fell && stays(t + 1);
    });
  return (state: Float64Array): boolean => {
    states[0]!.set(state.subarray(0, stateSize));
    return !stays(0);
  };
}
