import type { Signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { count } from "../../../shared/plural.ts";
import type { Traces } from "../traces.ts";
import type { ClassView, PupilView } from "../view.ts";
import { sayScore, whereaboutsOf, whereaboutsWords } from "../words.ts";
import { type Tile, Tiles } from "./tiles.tsx";
import { Dot } from "./whereabouts.tsx";

/** Everybody's newest learner, all from one start in one wind; with the class's beside it once there is one. */
export function Roads({
  view,
  traces,
  enlarged,
}: {
  view: ClassView;
  traces: Traces;
  /** The pupil whose tile is all that is to be seen; null where all are. */
  enlarged: Signal<number | null>;
}) {
  const { pupils, comparison } = view;
  useEffect(() => {
    for (const { number, trace } of pupils) traces.want(newestOf(number), trace);
    traces.want(pooled, comparison);
  }, [pupils, comparison, traces]);
  const large = pupils.find(({ number }) => number === enlarged.value);
  const known = traces.known.value;
  const tiles = useMemo(() => {
    const classes = comparison > 0 ? traces.of(pooled) : null;
    return (large ? [large] : pupils).map((pupil): Tile => {
      const drive = traces.of(newestOf(pupil.number));
      return {
        key: String(pupil.number),
        drives: [
          // Without a learner it is the pupil who is seen.
          ...(drive ? [{ drive, role: view.level.learner ? "learner" : "expert" } as const] : []),
          ...(drive && classes
            ? [{ drive: classes, role: "learner" as const, look: "hollow" as const }]
            : []),
        ],
        caption: <Caption view={view} pupil={pupil} isLarge={large !== undefined} />,
      };
    });
  }, [view, large, known, traces]);
  return (
    <Tiles
      level={view.world}
      tiles={tiles}
      choose={(key) => {
        enlarged.value = large ? null : Number(key);
      }}
    />
  );
}

export const newestOf = (pupil: number) => ({ of: "pupil", pupil, which: "newest" }) as const;
export const firstOf = (pupil: number) => ({ of: "pupil", pupil, which: "first" }) as const;
export const pooled = { of: "class", how: "pooled" } as const;

function Caption({
  view,
  pupil,
  isLarge,
}: {
  view: ClassView;
  pupil: PupilView;
  isLarge: boolean;
}) {
  const { name, isHere, trained, score, labels } = pupil;
  const where = whereaboutsOf(pupil);
  const told = sayScore(view.world, score);
  return (
    <>
      <Dot place={where} isHere={isHere} />
      <bdi class="tile-name">{name}</bdi>
      {/* A row of many has room for a number, whose unit is told beside the wall's chart. */}
      {trained > 0 && <span class="learner">{isLarge ? told : told.split(" ")[0]}</span>}
      {isLarge && trained > 0 && <span>with {count(labels, "label")}</span>}
      <span class="hidden">
        {whereaboutsWords[where]}. {isLarge ? "Show all again" : "Enlarge"}
      </span>
    </>
  );
}
