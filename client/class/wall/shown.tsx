import { useEffect, useMemo } from "preact/hooks";
import type { Traces } from "../traces.ts";
import type { ClassView, PupilView } from "../view.ts";
import { sayScore } from "../words.ts";
import { firstOf, newestOf, shownAs } from "./roads.tsx";
import { type Tile, Tiles } from "./tiles.tsx";
import "./shown.css";

function sayWhat({ world, level }: ClassView, trained: number): string {
  if (!level.learner) return "the last walk, and somebody who wants the same";
  if (trained < 2) return "the clone";
  return world.canFall ? "crash and repair" : "before and after";
}

/** A pupil's crash and repair: their first learner and their newest, from one start in one wind. */
export function Shown({
  view,
  pupil,
  traces,
}: {
  view: ClassView;
  pupil: PupilView;
  traces: Traces;
}) {
  const { number, name, trace, trained, curve } = pupil;
  useEffect(() => {
    // Of the first learner there is one, whichever came after; of walks the last.
    traces.want(firstOf(number), view.level.learner && trace > 0 ? 1 : trace);
    traces.want(newestOf(number), trace);
  }, [number, trace, traces, view.level.learner]);
  const known = traces.known.value;
  const tiles = useMemo(() => {
    const tile = (
      which: "first" | "newest",
      words: string,
      point?: { readonly labels: number; readonly score: number },
    ): Tile => {
      const drive = traces.of(which === "first" ? firstOf(number) : newestOf(number));
      return {
        key: which,
        drives: drive ? [shownAs(drive)] : [],
        caption: (
          <>
            <span class="tile-name">{words}</span>
            {point && (
              <span>
                <span class="shown-labels">{point.labels} answers: </span>
                <span class="learner">{sayScore(view.world, point.score)}</span>
              </span>
            )}
          </>
        ),
      };
    };
    if (!view.level.learner) {
      const newest = traces.of(newestOf(number));
      return [
        ...(trace > 0 ? [tile("first", "The last walk")] : []),
        ...(newest && !newest.isOwn ? [tile("newest", "Somebody who wants the same")] : []),
      ];
    }
    const [first, last] = [curve[0], curve.at(-1)];
    return [
      ...(first ? [tile("first", "Clone", first)] : []),
      ...(last && trained > 1 ? [tile("newest", "Corrected", last)] : []),
    ];
  }, [view, number, trace, trained, curve, known, traces]);
  return (
    <section class="shown" aria-labelledby="shown-title">
      <h2 id="shown-title">
        <bdi>{name}</bdi>: {sayWhat(view, trained)}
      </h2>
      {tiles.length === 0 ? (
        <p>There is nothing to see yet.</p>
      ) : (
        <Tiles level={view.world} tiles={tiles} />
      )}
    </section>
  );
}
