import { useEffect, useMemo } from "preact/hooks";
import type { Traces } from "../traces.ts";
import type { ClassView, PupilView } from "../view.ts";
import { sayScore } from "../words.ts";
import { firstOf, newestOf } from "./roads.tsx";
import { type Tile, Tiles } from "./tiles.tsx";

function sayWhat({ world }: ClassView, trained: number): string {
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
    // Of the first learner there is one, whichever came after.
    traces.want(firstOf(number), trace === 0 ? 0 : 1);
    traces.want(newestOf(number), trace);
  }, [number, trace, traces]);
  const known = traces.known.value;
  const tiles = useMemo(() => {
    const tile = (
      which: "first" | "newest",
      words: string,
      labels: number,
      score: number,
    ): Tile => {
      const drive = traces.of(which === "first" ? firstOf(number) : newestOf(number));
      return {
        key: which,
        drives: drive ? [{ drive, role: "learner" }] : [],
        caption: (
          <>
            <span class="tile-name">{words}</span>
            <span>
              {labels} labels: <span class="learner">{sayScore(view.world, score)}</span>
            </span>
          </>
        ),
      };
    };
    const [first, last] = [curve[0], curve.at(-1)];
    return [
      ...(first ? [tile("first", "The clone", first.labels, first.score)] : []),
      ...(last && trained > 1
        ? [tile("newest", "After corrections", last.labels, last.score)]
        : []),
    ];
  }, [view, number, trained, curve, known, traces]);
  return (
    <section class="shown" aria-labelledby="shown-title">
      <h2 id="shown-title">
        <bdi>{name}</bdi>: {sayWhat(view, trained)}
      </h2>
      {tiles.length === 0 ? (
        <p>There is no learner to see yet.</p>
      ) : (
        <Tiles level={view.world} tiles={tiles} />
      )}
    </section>
  );
}
