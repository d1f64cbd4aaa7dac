import { plural } from "../../../shared/plural.ts";
import type { ClassView } from "../view.ts";
import { placesIn, sayWhereabouts, type Whereabouts, whereaboutsOf } from "../words.ts";
import "./whereabouts.css";

/** Where everybody is: a dot each. */
export function WhereaboutsList({
  view,
  isToTeacher = false,
}: {
  view: ClassView;
  isToTeacher?: boolean;
}) {
  return (
    <dl class="whereabouts figures">
      {placesIn(view).map((place) => {
        const there = view.pupils.filter((pupil) => whereaboutsOf(view, pupil) === place);
        return (
          <div key={place} class={there.length === 0 ? "nobody" : undefined}>
            <dt>{sayWhereabouts(place, view, isToTeacher)}</dt>
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
