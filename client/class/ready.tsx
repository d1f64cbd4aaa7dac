import { count, plural } from "../../shared/plural.ts";
import type { ClassView } from "./view.ts";
import { stepOf } from "./where.ts";
import { sayStep } from "./words.ts";

/** How many have done what everybody may do: "17 of 24 are ready for “Clone”". */
export function Ready({ view }: { view: ClassView }) {
  const { pupils, step, steps, isEnded } = view;
  if (pupils.length === 0 || isEnded) return null;
  const next = step < 0 ? undefined : steps[step + 1];
  const last = next ? step : steps.length - 1;
  const ready = pupils.filter((pupil) => (stepOf(pupil, steps) ?? steps.length) > last).length;
  return (
    <p class="ready figures" role="status">
      <b>
        {ready} of {count(pupils.length, "pupil")}
      </b>{" "}
      {plural(ready, "is", "are")} {next ? `ready for “${sayStep(next)}”` : "done"}
    </p>
  );
}
