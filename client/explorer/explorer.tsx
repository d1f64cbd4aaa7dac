import { computed, signal } from "@preact/signals";
import { linearReward } from "../../shared/irl/features.ts";
import { kingPath } from "../../shared/irl/grid.ts";
import { count } from "../../shared/plural.ts";
import { Choice } from "../ui/choice.tsx";
import { CommandButton, useCommand } from "../ui/commands.tsx";
import { backspaceKey, letterKey } from "../ui/keyboard.ts";
import { ThemeButton } from "../ui/theme.tsx";
import { Board } from "./board.tsx";
import {
  add,
  article,
  clear,
  demonstrations,
  inHand,
  isEmpty,
  mayTakeBack,
  nCells,
  paths,
  place,
  remove,
  replace,
  side,
  startAnother,
  takeBack,
} from "./demonstrations.ts";
import { expertPath } from "./expert.ts";
import { featureNames, features, type Method, type Recovered, recover } from "./inference.ts";
import { Legend } from "./legend.tsx";
import { Weights, weightWords } from "./weights.tsx";
import { cellPair, cellWords, signed } from "./words.ts";

type View = "recovered" | "true";

const method = signal<Method>("entropy");
const view = signal<View>("recovered");
/** Whether rewards have been asked for. From then on they follow every click. */
const ran = signal(false);
/** [3], nats a visit: what the scripted expert is after, and what "true" shows. */
const truth = signal<readonly number[]>([0, 0, 6]);
/** How often the scripted expert has shown a way. */
const shown = signal(0);
/** What was done last, for those who don't see it. */
const news = signal("");

const recovered = computed(() =>
  ran.value && paths.value.length > 0 ? recover(method.value, paths.value) : null,
);
const trueReward = computed(() => linearReward(features, Float64Array.from(truth.value)));
const reward = computed(() => {
  if (!ran.value) return null;
  return view.value === "true" ? trueReward.value : (recovered.value?.reward ?? null);
});

/** Says what was done and, where that changed it, what the reward is now. */
function tell(done: string): void {
  const found = recovered.value;
  news.value = found ? `${done} ${resultWords(found)}` : done;
}

function resultWords({ weights, intervals }: Recovered): string {
  const each = featureNames.map((name, k) => weightWords(name, weights[k]!, intervals?.[k]));
  return `Recovered: ${each.join("; ")}.`;
}

const placeAt = (cell: number) => {
  place(cell);
  tell(`Waypoint ${inHand.value.length}: ${cellWords(cell)}.`);
};

const undo = () => {
  takeBack();
  tell("Taken back.");
};

const another = () => {
  startAnother();
  tell(`Demonstration ${demonstrations.value.length} begins at the next cell.`);
};

const clearAll = () => {
  clear();
  ran.value = false;
  view.value = "recovered";
  tell("All cleared.");
};

const loadArticle = () => {
  replace(article);
  tell("The article's three demonstrations are on the grid.");
};

const letExpertShow = () => {
  add(expertPath(truth.value, shown.value++));
  tell(`The expert shows demonstration ${demonstrations.value.length}.`);
};

const run = () => {
  ran.value = true;
  view.value = "recovered";
  tell("");
};

/** The page on which a reward is recovered from ways that are clicked together. */
export function Explorer() {
  const runIt = useCommand({
    key: letterKey("R"),
    label: "Run inverse RL",
    available: paths.value.length > 0,
    run,
  });
  const takingBack = { label: "Take back", available: mayTakeBack.value, run: undo };
  const takeItBack = useCommand({ ...takingBack, key: letterKey("Z") });
  useCommand({ ...takingBack, key: backspaceKey });
  return (
    <main class="welcome explorer">
      <header>
        <p class="brand">
          <a href="./">DAgger Dojo</a>
        </p>
        <ThemeButton />
      </header>
      <h1>Inverse RL Explorer</h1>
      <p class="lead">
        Click cells for the <span class="expert">expert</span> to pass through, then ask which
        reward would make that the sensible way to walk.
      </p>
      <div class="bench">
        <section class="table" aria-label="Grid and reward">
          <Choice
            legend="Reward shown"
            name="view"
            options={{ recovered: "Recovered", true: "True" }}
            chosen={view.value}
            disabled={!ran.value}
            choose={(chosen) => {
              view.value = chosen;
              news.value = `The ${chosen} reward is shown.`;
            }}
          />
          <Board reward={reward.value} place={placeAt} />
          <p class="next">
            <CommandButton command={runIt} primary />
            <CommandButton command={takeItBack} />
          </p>
          <Caption />
        </section>
        <section class="side" aria-label="Demonstrations and inference">
          <Demonstrations />
          <h2>The reward behind them</h2>
          <Choice
            legend="Method"
            name="method"
            options={{ entropy: "Maximum entropy", matching: "Feature matching" }}
            chosen={method.value}
            choose={(chosen) => {
              method.value = chosen;
              tell(methodWords[chosen]);
            }}
          />
          <Result />
          <Truth />
        </section>
      </div>
      <Notes />
      <p class="hidden" aria-live="polite">
        {news.value}
      </p>
    </main>
  );
}

/** What the colours are, or what to do to see any. */
function Caption() {
  if (reward.value) {
    const unit = method.value === "matching" && view.value === "recovered" ? "" : ", nats";
    const words = `Reward for being there${unit}. Only differences between cells mean anything.`;
    return (
      <>
        <Legend reward={reward.value} words={words} />
        {view.value === "true" && <p>{truthWords(truth.value)}</p>}
      </>
    );
  }
  const words = isEmpty.value
    ? "Start anywhere. Cells further apart than one move are joined by a king's shortest way; the same cell again is a move spent there."
    : paths.value.length === 0
      ? "A demonstration needs a second waypoint to say anything."
      : "The expert's reward is hidden. Run inverse RL to recover it.";
  return <p class="quiet-text">{words}</p>;
}

function Demonstrations() {
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
                onClick={() => {
                  remove(n);
                  tell(`Demonstration ${n + 1} deleted.`);
                }}
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
          The article’s three
        </button>
        <button type="button" onClick={letExpertShow}>
          Let the expert show one
        </button>
      </p>
    </>
  );
}

function demonstrationWords(waypoints: readonly number[]): string {
  if (waypoints.length === 0) return "waits for its first waypoint";
  if (waypoints.length === 1) return `starts at ${cellWords(waypoints[0]!)}`;
  const moves = kingPath(side, waypoints).length - 1;
  const [from, to] = [waypoints[0]!, waypoints.at(-1)!].map(cellPair);
  return `${from} to ${to}, ${count(moves, "move")}`;
}

const methodWords: Readonly<Record<Method, string>> = {
  entropy: "Maximum entropy.",
  matching: "Feature matching.",
};

function Result() {
  const found = recovered.value;
  if (!found) {
    return <p class="quiet-text">Three weights, once you have run it: one for each feature.</p>;
  }
  const { method: by, weights, intervals, iterations, gap } = found;
  return (
    <>
      <Weights weights={weights} intervals={intervals} />
      <p class="quiet-text">
        {by === "entropy"
          ? `Nats for the feature in full; each interval holds 90 % of what these demonstrations leave open. ${iterations} iterations, gradient ${gap.toExponential(0)}.`
          : `A direction of length 1: feature matching finds no scale and no intervals. ${count(iterations, "policy", "policies")} mixed, ${gap.toFixed(3)} from the expert’s features.`}{" "}
        Every further click solves it anew.
      </p>
    </>
  );
}

/** What the scripted expert is after, to be set by hand. */
function Truth() {
  return (
    <details class="truth">
      <summary>What the expert is really after</summary>
      <p class="quiet-text">
        “Let the expert show one” walks by these weights, and “True” shows them. Draw ways of your
        own and they are what you claim to be after.
      </p>
      {featureNames.map((name, k) => (
        <label key={name}>
          <span>
            {name}: <span class="figures">{signed(truth.value[k]!, 0)}</span> nats
          </span>
          <input
            type="range"
            min="-10"
            max="10"
            step="1"
            value={truth.value[k]!}
            onInput={(event) => {
              const weight = event.currentTarget.valueAsNumber;
              truth.value = truth.value.map((before, i) => (i === k ? weight : before));
            }}
          />
        </label>
      ))}
    </details>
  );
}

function truthWords(weights: readonly number[]): string {
  const counting = featureNames.flatMap((name, k) =>
    weights[k] === 0 ? [] : [{ name, weight: weights[k]! }],
  );
  if (counting.length === 0)
    return "The expert is after nothing: every cell is as good as another.";
  const [only] = counting;
  const found = recovered.value && agreement(recovered.value.reward, trueReward.value);
  const agrees =
    found == null ? "" : ` The recovered reward correlates with it by ${signed(found)}.`;
  if (counting.length === 1 && only!.weight > 0)
    return `To this expert, ${only!.name} is all that counts.${agrees}`;
  const list = counting.map(({ name, weight }) => `${name} ${signed(weight, 0)}`);
  return `What counts to this expert: ${new Intl.ListFormat("en").format(list)}.${agrees}`;
}

/** Pearson's correlation over cells, blind to scale and to an added constant; null where either is flat. */
function agreement(a: Float64Array, b: Float64Array): number | null {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value) / nCells;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let s = 0; s < nCells; s++) {
    const [da, db] = [a[s]! - meanA, b[s]! - meanB];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : null;
}

function Notes() {
  return (
    <section class="notes" aria-label="Notes">
      <h2>What is solved here</h2>
      <p>
        The expert moves like a king: nine moves, one of them to stay. A demonstration that is
        shorter than the longest waits where it ended, so that all are compared over the same number
        of moves. The reward is a weighted sum of three features, each from 0 to 1. Before any
        evidence, maximum entropy takes each weight for 0, give or take a nat; a strong will takes
        several demonstrations to show.
      </p>
      <p>
        The listings of <cite>Imitation Learning from Scratch</cite> give other numbers. Its feature
        matching compares a sum over an episode with an average over cells, so its weights only ever
        grow; here both are sums over an episode, and the weights have length 1. Its maximum entropy
        cannot step diagonally as its demonstrations do, and leaves the learner’s first cell out;
        here the model can and counts it. The article gives no true reward for its demonstrator;
        being close to home stands in.
      </p>
    </section>
  );
}
