import { kingPath } from "../../shared/irl/grid.ts";
import { count } from "../../shared/plural.ts";
import "../ui/episodes.css";
import { CommandButton, useCommand } from "../ui/commands.tsx";
import { letterKey } from "../ui/keyboard.ts";
import { another, clearAll, letExpertShow, loadArticle, removeNth } from "./exploring.ts";
import { demonstrations, inHand, isEmpty, side } from "./waypoints.ts";
import { cellPair, cellWords } from "./words.ts";

/** What has been shown so far, and what else can be. */
export function DemonstrationList() {
  const all = demonstrations.value;
  const next = useCommand({
    key: letterKey("N"),
    label: "New demonstration",
    available: inHand.value.length > 0,
    run: another,
  });
  return (
    <>
      <h2>Demonstrations</h2>
      <ol class="episodes">
        {all.map((waypoints, n) => (
          <li key={n} class={waypoints === inHand.value ? "current" : undefined}>
            <span class="episode-words">{demonstrationWords(waypoints)}</span>
            {waypoints.length > 0 && (
              <button
                type="button"
                class="quiet"
                aria-label={`Delete demonstration ${n + 1}`}
                onClick={() => removeNth(n)}
              >
                ✕
              </button>
            )}
          </li>
        ))}
      </ol>
      <p class="next">
        <CommandButton command={next} />
        <button type="button" disabled={isEmpty.value} onClick={clearAll}>
          Clear all
        </button>
        <button type="button" onClick={loadArticle}>
          Show the article’s three
        </button>
        <button type="button" onClick={letExpertShow}>
          Let the expert show one
        </button>
      </p>
    </>
  );
}

function demonstrationWords(waypoints: readonly number[]): string {
  if (waypoints.length === 0) return "click its first cell";
  if (waypoints.length === 1) return `starts at ${cellWords(waypoints[0]!)}`;
  const moves = kingPath(side, waypoints).length - 1;
  const [from, to] = [waypoints[0]!, waypoints.at(-1)!].map(cellPair);
  return `${from} to ${to}, ${count(moves, "move")}`;
}
