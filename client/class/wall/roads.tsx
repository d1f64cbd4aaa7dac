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
          ...(drive ? [{ drive, role: "learner" as const }] : []),
          ...(drive && classes
            ? [{ drive: classes, role: "learner" as const, look: "hollow" as const }]
            : []),
        ],
        caption: <Caption view={view} pupil={pupil} />,
        label: labelOf(view, pupil, large !== undefined),
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

function Caption({ view, pupil }: { view: ClassView; pupil: PupilView }) {
  const { name, isHere, trained, score } = pupil;
  return (
    <>
      <Dot place={whereaboutsOf(pupil)} isHere={isHere} />
      <bdi class="tile-name">{name}</bdi>
      {trained > 0 && <span class="learner">{sayScore(view, score)}</span>}
    </>
  );
}

function labelOf(view: ClassView, pupil: PupilView, isLarge: boolean): string {
  const { name, trained, score, labels } = pupil;
  const how = trained > 0 ? `, ${sayScore(view, score)} with ${count(labels, "label")}` : "";
  const where = whereaboutsWords[whereaboutsOf(pupil)].toLowerCase();
  return `${name}: ${where}${how}. ${isLarge ? "Show all again" : "Enlarge"}`;
}
