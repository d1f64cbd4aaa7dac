import { found, round, world } from "./comparing.ts";
import type { Performance } from "./duel.ts";
import { bend, digits, type Who } from "./words.ts";

/** How well each of the three drives, and what to expect of it. */
export function Scores() {
  const now = round.value;
  if (!found.value || !now || !world.value) return null;
  const { measure } = world.value;
  const rows: readonly { who: Who; name: string; labels: number | null; driven: Performance }[] = [
    { who: "expert", name: "Expert", labels: null, driven: found.value.expert },
    { who: "cloning", name: "Cloning", labels: now.labels, driven: now.cloning },
    { who: "dagger", name: "DAgger", labels: now.labels, driven: now.dagger },
  ];
  const columns = [
    "Labels",
    measure.scale === "length" ? "Off the curve" : "Crashes a drive",
    "2nd half ÷ 1st",
  ];
  return (
    <>
      <div class="compared">
        <table class="scores-table">
          <thead>
            <tr>
              <td />
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ who, name, labels, driven }) => (
              <tr key={who}>
                <th scope="row" class={who === "expert" ? "expert" : "learner"}>
                  {name}
                </th>
                {[labels ?? "–", digits(driven.measure), digits(bend(driven.error))].map(
                  (cell, i) => (
                    <td key={columns[i]} data-column={columns[i]}>
                      {cell}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="quiet-text">{honesty(measure.scale === "length")}</p>
    </>
  );
}

/** What not to expect of this world. */
function honesty(curve: boolean): string {
  const expert = digits(found.value!.expert.measure);
  return curve
    ? `Even the expert is ${expert} off the curve here. This learner knows straight lines only, so it cannot follow the curve, whoever drives: the differences are small. On the road cloning crashes.`
    : "In wind, demonstrations also show how to come back, so cloning gets better too, but later. A crash puts the car back in the middle, so errors cannot grow for ever.";
}
