import { type Activity, nothing, type View } from "./activity.ts";

/** A picture that does not move. */
export class Still implements Activity {
  readonly #view: View;

  constructor(parts: Partial<View>) {
    this.#view = { ...nothing, ...parts };
  }

  frame(): View {
    return this.#view;
  }
}
