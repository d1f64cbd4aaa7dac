import { useEffect, useMemo } from "preact/hooks";
import { Notice } from "../../ui/notice.tsx";
import type { ClassConnection } from "../connection.ts";
import type { Traces } from "../traces.ts";
import type { ClassView } from "../view.ts";
import { pooled } from "../wall/roads.tsx";
import { type Tile, Tiles } from "../wall/tiles.tsx";
import { sayScore } from "../words.ts";
import { ComparisonBars } from "./comparison.tsx";
import { Disagreement } from "./disagreement.tsx";
import { Outdated } from "./outcome.tsx";
import { useAnswer } from "./use-answer.ts";
import "./learner.css";

const agreed = { of: "class", how: "agreed" } as const;

/** The class's learner, trained on everybody's labels: how it drives, and where its teachers disagree. */
export function LearnerView({
  view,
  connection,
  traces,
}: {
  view: ClassView;
  connection: ClassConnection;
  traces: Traces;
}) {
  const { comparison: version, pupils, unit, world } = view;
  useEffect(() => {
    traces.want(pooled, version);
    traces.want(agreed, version);
  }, [version, traces]);
  // Those of its pupils may be newer by now.
  const asked = `${version} ${pupils.map(({ trace }) => trace)}`;
  const { answer: debrief, trouble } = useAnswer(connection, "debrief", asked);
  const { answer: map } = useAnswer(connection, "map", version);
  const comparison = debrief?.comparison ?? null;
  const known = traces.known.value;
  const tiles = useMemo(() => {
    const tile = (asked: typeof pooled | typeof agreed, words: string, score?: number): Tile => {
      const drive = traces.of(asked);
      return {
        key: asked.how,
        drives: drive ? [{ drive, role: "learner" }] : [],
        caption: (
          <>
            <span class="tile-name">{words}</span>
            {score !== undefined && <span class="learner">{sayScore(world, score)}</span>}
          </>
        ),
      };
    };
    return [
      tile(pooled, "Everybody’s answers", comparison?.scores.pooled),
      tile(agreed, "By agreement", comparison?.scores.agreed),
    ];
  }, [known, comparison, world, traces]);
  const nameOf = (number: number) =>
    pupils.find((pupil) => pupil.number === number)?.name ?? `No. ${number}`;
  return (
    <section class="learner-view" aria-labelledby="learner-title">
      <h2 id="learner-title">The class’s learner</h2>
      {trouble && !debrief && <Notice role="status">{trouble}</Notice>}
      <div class="learner-tiles">
        <Tiles level={world} tiles={tiles} />
      </div>
      <div class="learner-bars">
        {debrief?.since && <Outdated since={debrief.since} />}
        {comparison && (
          <ComparisonBars
            comparison={comparison}
            unit={unit}
            say={(score) => sayScore(world, score)}
            nameOf={nameOf}
          />
        )}
      </div>
      <div class="learner-maps">{map && <Disagreement level={world} map={map} />}</div>
    </section>
  );
}
