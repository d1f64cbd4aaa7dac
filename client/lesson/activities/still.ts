import type { RoundStep } from "../../../shared/imitation/round.ts";
import { type Activity, nothing, type View } from "../../stage/activity.ts";

/** A picture that does not move. */
export class Still implements Activity {
  readonly roundStep?: RoundStep;
  readonly #view: View;

  constructor(parts: Partial<View>, roundStep?: RoundStep) {
    if (roundStep) this.roundStep = roundStep;
    this.#view = { ...nothing, ...parts };
  }

  frame(): View {
    return this.#view;
  }
}
