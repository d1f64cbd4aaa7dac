import { useMemo } from "preact/hooks";
import type { DisagreementMap } from "../../../shared/class/room.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { placeOnMap } from "../../../shared/worlds/picture.ts";
import { shadeColour } from "../../drawing/scale.ts";
import { Drawing } from "../../drawing/svg.tsx";
import { presentationOf } from "../../worlds/index.ts";
import "../../ui/ramp.css";
import "./learner.css";

const stops = Array.from({ length: 9 }, (_, i) => shadeColour(i / 8));

/** Where the experts disagree, and where the class's learner does what few of them do. */
export function Disagreement({ level, map }: { level: Level; map: DisagreementMap }) {
  const { apart, pooledApart } = map;
  return (
    <div class="maps">
      <WorldMap level={level} map={map} values={apart} title="Where you disagree" />
      <WorldMap
        level={level}
        map={map}
        values={pooledApart}
        title="Where the class’s learner is far from most of you"
      />
      <p class="ramp-words">
        <span>all the same</span>
        <span
          class="ramp"
          aria-hidden="true"
          style={{ background: `linear-gradient(to right, ${stops.join(",")})` }}
        />
        <span>far apart</span>
      </p>
    </div>
  );
}

/** The world, with a spot at each place: the brighter, the larger its value. */
function WorldMap({
  level,
  map: { states },
  values,
  title,
}: {
  level: Level;
  map: DisagreementMap;
  values: readonly number[];
  title: string;
}) {
  const { picture } = level;
  const { left, right, bottom, top } = picture.bounds;
  // Of the same colour on both maps of a class, and of another class: only where all are close is more shown.
  const most = Math.max(0.1, ...values);
  const spots = useMemo(() => placesOf(level, states), [level, states]);
  return (
    <figure class="map">
      <figcaption>{title}</figcaption>
      <svg
        viewBox={`${left} ${-top} ${right - left} ${top - bottom}`}
        role="img"
        aria-label={`${title}: ${sayWorst(values, spots)}`}
      >
        <Drawing primitives={presentationOf(level).ground(picture)} />
        {spots.map(({ x, y }, i) => (
          <circle
            key={i}
            cx={x}
            cy={-y}
            r={0.4 * picture.agent}
            fill={shadeColour(Math.min(1, values[i]! / most))}
            stroke="none"
          />
        ))}
      </svg>
    </figure>
  );
}

/** Where the states lie; where several lie in one place, that is where they are drawn over each other. */
function placesOf({ picture }: Level, states: DisagreementMap["states"]) {
  return states.map((state) => placeOnMap(picture.pose(Float64Array.from(state))));
}

function sayWorst(
  values: readonly number[],
  spots: readonly { readonly x: number; readonly y: number }[],
): string {
  const worst = values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);
  const at = spots[worst];
  if (!at) return "no place is known";
  return `most at x ${at.x.toFixed(1)}, y ${at.y.toFixed(1)}, ${Math.round(100 * values[worst]!)} %`;
}
