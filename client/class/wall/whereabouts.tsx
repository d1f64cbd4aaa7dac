import { plural } from "../../../shared/plural.ts";
import type { ClassView } from "../view.ts";
import { type Whereabouts, whereaboutsOf, whereaboutsWords } from "../words.ts";
import "./whereabouts.css";

/** Those that there are in the class's plan: without a learner nobody corrects one. */
function placesIn({ level }: ClassView): Whereabouts[] {
  const places = Object.keys(whereaboutsWords) as Whereabouts[];
  return places.filter(
    (place) => level.learner !== null || (place !== "correcting" && place !== "training"),
  );
}

/** Where everybody is: a dot each. */
export function WhereaboutsList({ view }: { view: ClassView }) {
  return (
    <dl class="whereabouts figures">
      {placesIn(view).map((place) => {
        const there = view.pupils.filter((pupil) => whereaboutsOf(view, pupil) === place);
        return (
          <div key={place} class={there.length === 0 ? "nobody" : undefined}>
            <dt>{whereaboutsWords[place]}</dt>
            <dd>
              <span class="dots" aria-hidden="true">
                {there.map(({ number, name, isHere }) => (
                  <Dot key={number} place={place} isHere={isHere} title={name} />
                ))}
              </span>
              {there.length}
              <span class="hidden"> {plural(there.length, "pupil")}</span>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** @param isHere whether a page of theirs is open; otherwise the dot is faint */
export function Dot({
  place,
  isHere,
  title,
}: {
  place: Whereabouts;
  isHere: boolean;
  title?: string;
}) {
  return (
    <span
      class={`dot ${place} ${isHere ? "" : "away"}`}
      title={title && (isHere ? title : `${title} (page closed)`)}
      aria-hidden="true"
    />
  );
}
