import { stepsIn } from "../../shared/worlds/steering.ts";
import { found, round, world } from "./comparing.ts";
import { learners, longest, type Performance } from "./duel.ts";
import { cellsOf, columnsOf, names, sayMeasure, sayWhoLeads, type Who } from "./words.ts";

/** How well everyone drives, and what to expect of it. */
export function Scores() {
  const now = round.value;
  const place = world.value;
  if (!found.value || !now || !place) return null;
  const { driven, labels } = now;
  const rows: readonly { who: Who; labels: number | null; driven: Performance }[] = [
    { who: "expert", labels: null, driven: found.value.expert },
    ...learners.flatMap((who) => {
      const performance = driven[who];
      return performance ? [{ who, labels, driven: performance }] : [];
    }),
  ];
  const columns = ["Actions seen", ...columnsOf(place)];
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
            {rows.map(({ who, labels, driven }) => (
              <tr key={who} class={who}>
                <th scope="row" class={who === "expert" ? "expert" : "learner"}>
                  {capital(names[who])}
                </th>
                {[labels ?? "–", ...cellsOf(place, driven)].map((cell, i) => (
                  <td key={columns[i]} data-column={columns[i]}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {place.canFall && now.driven.expertDrives && (
        <p>{sayWhoLeads(now.driven.dagger, now.driven.expertDrives)}</p>
      )}
      <p class="quiet-text">
        {place.canFall
          ? `All learners have seen equally many actions of the expert. Cloning saw the expert drive more in wind. The row “${names.expertDrives}” changes one thing of DAgger: who drove. The row “${names.atRandom}” changes another: how the places were chosen. A test drive ends after ${longest / stepsIn(place.steering, 1, 1)} seconds: nobody, the expert neither, can get further than in that time.`
          : `Even the expert is ${sayMeasure(place, found.value.expert.measure)} off the curve here. These learners know straight lines only. They cannot follow the curve, whoever teaches them, so the differences are small. On the road cloning crashes.`}
      </p>
    </>
  );
}

function capital(words: string): string {
  return words[0]!.toUpperCase() + words.slice(1);
}
