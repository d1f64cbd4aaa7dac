import type { Signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { count } from "../../../shared/plural.ts";
import type { Traces } from "../traces.ts";
import type { ClassView, PupilView } from "../view.ts";
import { sayScore, sayWhereabouts, whereaboutsOf } from "../words.ts";
import type { Drive } from "./drive.ts";
import { type Tile, Tiles } from "./tiles.tsx";
import type { ShownDrive } from "./wall-canvas.ts";
import { Dot } from "./whereabouts.tsx";

/**
 * Everybody's newest learner, all from one start in one wind, with the class's beside it once there is one; where nothing
 * is trained, everybody's last walk, and what their reward makes of it.
 */
export function Roads({
  view,
  guessing,
  traces,
  enlarged,
}: {
  /** Without the learners that are not shown yet. */
  view: ClassView;
  /** Whose newest learner that is. */
  guessing: ReadonlySet<number>;
  traces: Traces;
  /** The pupil whose tile is all that is to be seen; null where all are. */
  enlarged: Signal<number | null>;
}) {
  const { pupils, comparison } = view;
  useEffect(() => {
    for (const { number, trace, curve } of pupils)
      if (!guessing.has(number)) traces.want(newestOf(number), trace);
      else if (curve.length > 0) traces.want(firstOf(number), 1);
    traces.want(pooled, comparison);
  }, [pupils, guessing, comparison, traces]);
  const large = pupils.find(({ number }) => number === enlarged.value);
  const known = traces.known.value;
  const tiles = useMemo(() => {
    const classes = comparison > 0 ? traces.of(pooled) : null;
    return (large ? [large] : pupils).map((pupil): Tile => {
      const { number, curve } = pupil;
      const isGuessing = guessing.has(number);
      const before = curve.length > 0 ? traces.of(firstOf(number)) : null;
      const drive = isGuessing ? before : traces.of(newestOf(number));
      return {
        key: String(number),
        drives: [
          ...(drive ? [shownAs(drive)] : []),
          ...(drive && classes
            ? [{ drive: classes, role: "learner" as const, look: "hollow" as const }]
            : []),
        ],
        caption: (
          <Caption
            view={view}
            pupil={pupil}
            isGuessing={isGuessing}
            isLarge={large !== undefined}
          />
        ),
      };
    });
  }, [view, guessing, large, known, traces]);
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

/** Green is the pupil, orange what a learner does. */
export function shownAs(drive: Drive): ShownDrive {
  return { drive, role: drive.isOwn ? "expert" : "learner" };
}

export const newestOf = (pupil: number) => ({ of: "pupil", pupil, which: "newest" }) as const;
export const firstOf = (pupil: number) => ({ of: "pupil", pupil, which: "first" }) as const;
export const pooled = { of: "class", how: "pooled" } as const;

function Caption({
  view,
  pupil,
  isGuessing,
  isLarge,
}: {
  view: ClassView;
  pupil: PupilView;
  isGuessing: boolean;
  isLarge: boolean;
}) {
  const { name, isHere, curve, score, labels } = pupil;
  const isTaught = curve.length > 0;
  const where = whereaboutsOf(view, pupil);
  const told = sayScore(view.world, score);
  return (
    <>
      <Dot place={where} isHere={isHere} />
      <bdi class="tile-name">{name}</bdi>
      {/* A row of many has room for a number, whose unit is told beside the wall's chart. */}
      {isGuessing && <span class="quiet-text">has not guessed yet</span>}
      {isTaught && <span class="learner">{isLarge ? told : told.split(" ")[0]}</span>}
      {isLarge && isTaught && <span>with {count(labels, "answer")}</span>}
      <span class="hidden">
        {sayWhereabouts(where, view)}. {isLarge ? "Show all again" : "Enlarge"}
      </span>
    </>
  );
}
