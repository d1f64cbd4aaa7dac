import { BenchHeader } from "../ui/bench-header.tsx";
import { Choice } from "../ui/choice.tsx";
import { CommandButton, useCommand, useTakeBack } from "../ui/commands.tsx";
import { letterKey } from "../ui/keyboard.ts";
import { About } from "./about.tsx";
import { Board } from "./board.tsx";
import { DemonstrationList } from "./demonstration-list.tsx";
import {
  method,
  news,
  placeAt,
  ran,
  recoverBy,
  reward,
  run,
  showReward,
  truth,
  undo,
  view,
} from "./exploring.ts";
import { Legend } from "./legend.tsx";
import { Result } from "./result.tsx";
import { Truth, truthWords } from "./truth.tsx";
import { isEmpty, mayTakeBack, paths } from "./waypoints.ts";

/** The page on which a reward is recovered from ways that are clicked together. */
export function Explorer() {
  const runIt = useCommand({
    key: letterKey("R"),
    label: "Run inverse RL",
    available: paths.value.length > 0,
    run,
  });
  const takeBack = useTakeBack({ available: mayTakeBack.value, run: undo });
  return (
    <main class="welcome bench-page explorer">
      <BenchHeader />
      <h1>Inverse RL Explorer</h1>
      <p class="lead">
        Click the cells that the <span class="expert">expert</span> walks through. The computer then
        finds out what the expert wants: how good it is to be in each cell. That is the reward.
      </p>
      <div class="bench">
        <section class="table" aria-label="Grid and reward">
          <Choice
            legend="Reward"
            name="view"
            options={{ recovered: "Found", true: "True" }}
            chosen={view.value}
            disabled={!ran.value}
            choose={showReward}
          />
          <Board reward={reward.value} place={placeAt} />
          <p class="next">
            <CommandButton command={runIt} primary />
            <CommandButton command={takeBack} />
          </p>
          <Caption />
        </section>
        <section class="side" aria-label="Demonstrations and inference">
          <DemonstrationList />
          <h2>The reward behind them</h2>
          <Choice
            legend="Method"
            name="method"
            options={{ entropy: "Maximum entropy", matching: "Feature matching" }}
            chosen={method.value}
            choose={recoverBy}
          />
          <p class="quiet-text">
            {method.value === "entropy"
              ? "It finds the reward that makes these demonstrations most likely."
              : "It finds a reward. The best ways for this reward collect as much of each feature as these demonstrations."}
          </p>
          <Result />
          <Truth />
        </section>
      </div>
      <About />
      <p class="hidden" aria-live="polite">
        {news.value}
      </p>
    </main>
  );
}

/** What the colours are, or what to do to see any. */
function Caption() {
  if (reward.value) {
    const words =
      "The reward for being in a cell: the more yellow, the better. Only differences between cells count, so 0 means nothing special.";
    return (
      <>
        <Legend reward={reward.value} words={words} />
        {view.value === "true" && <p>{truthWords(truth.value)}</p>}
      </>
    );
  }
  const words = isEmpty.value
    ? "Click any cell to start. If you click a cell further away, the expert takes the shortest way to it. Click the same cell again to wait there."
    : paths.value.length === 0
      ? "A demonstration needs at least two cells. Click another one."
      : "The reward is not known yet. Press “Run inverse RL” to find it.";
  return <p class="quiet-text">{words}</p>;
}
