import { Outcome } from "../../worlds/world.ts";

/** What each {@link Outcome} is called in tables, by its number. */
export const outcomeNames: readonly string[] = (() => {
  const names: string[] = [];
  names[Outcome.goesOn] = "goes on";
  names[Outcome.fell] = "fell";
  names[Outcome.done] = "done";
  return names;
})();
