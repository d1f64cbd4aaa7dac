import { ticks } from "d3-array";
import { stepsIn } from "../../shared/worlds/steering.ts";
import { Figure, type Mark } from "../ui/plot.tsx";
import { found, round, world } from "./comparing.ts";
import { heldOut, learners, longest } from "./duel.ts";
import { looks } from "./looks.ts";
import { names, type Who } from "./words.ts";

/** Steps between two points of a line. */
const stride = 5;

/** Where one can crash: how many of the drives have not yet, against time. */
export function Survival() {
  const place = world.value;
  const now = round.value;
  if (!found.value || !now || !place) return null;
  const stepsASecond = stepsIn(place.steering, 1, 1);
  const lines: readonly (readonly [Who, readonly number[]])[] = [
    ["expert", found.value.expert.curve],
    ...learners.flatMap((who) => {
      const driven = now.driven[who];
      return driven ? [[who, driven.curve] as const] : [];
    }),
  ];
  const seconds = longest / stepsASecond;
  return (
    <Figure
      caption={`Drives without a crash so far, of ${heldOut}, by seconds.`}
      x={{ from: 0, to: seconds }}
      y={{ from: 0, to: heldOut }}
      marks={lines.map(
        ([who, curve]): Mark => ({
          kind: "curve",
          look: looks[who],
          points: curve.flatMap((n, t) =>
            t % stride === 0 ? [[t / stepsASecond, n] as const] : [],
          ),
        }),
      )}
      table={{
        caption: "Drives without a crash",
        columns: ["Seconds", ...lines.map(([who]) => names[who])],
        rows: ticks(0, seconds, 5)
          .slice(1)
          .map((t) => [String(t), ...lines.map(([, curve]) => String(curve[t * stepsASecond]!))]),
      }}
    >
      <p class="quiet-text">
        Bold: DAgger. Thin: same choice, but the expert drove. Dashed: learner drove, but random
        places. Dotted: cloning. Here a crash ends the drive.
      </p>
    </Figure>
  );
}
