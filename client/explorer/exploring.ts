import { computed, signal } from "@preact/signals";
import { linearReward } from "../../shared/irl/features.ts";
import { expertPath } from "./expert.ts";
import { featureNames, features, type Method, type Recovered, recover } from "./inference.ts";
import {
  add,
  article,
  clear,
  demonstrations,
  inHand,
  mayTakeBack,
  paths,
  place,
  remove,
  replace,
  startAnother,
  takeBack,
} from "./waypoints.ts";
import { cellWords, weightWords } from "./words.ts";

/** What has been asked for on the page, what came of it, and everything that one can do there. */

export type View = "recovered" | "true";

export const method = signal<Method>("entropy");
export const view = signal<View>("recovered");
/** Whether rewards have been asked for. From then on they follow every click. */
export const ran = signal(false);
/** [3], nats a visit: what the scripted expert is after, and what "true" shows. */
export const truth = signal<readonly number[]>([0, 0, 6]);
/** How often the scripted expert has shown a way. */
const shown = signal(0);
/** What was done last, for those who don't see it. */
export const news = signal("");

export const recovered = computed(() =>
  ran.value && paths.value.length > 0 ? recover(method.value, paths.value) : null,
);
export const trueReward = computed(() => linearReward(features, Float64Array.from(truth.value)));
export const reward = computed(() => {
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
  return `Found: ${each.join("; ")}.`;
}

export function placeAt(cell: number): void {
  place(cell);
  tell(`Cell ${inHand.value.length}: ${cellWords(cell)}.`);
}

export function undo(): void {
  if (!mayTakeBack.value) return;
  takeBack();
  tell("Taken back.");
}

export function another(): void {
  startAnother();
  tell(`Demonstration ${demonstrations.value.length} begins at the next cell.`);
}

export function clearAll(): void {
  clear();
  ran.value = false;
  view.value = "recovered";
  tell("All cleared.");
}

export function loadArticle(): void {
  replace(article);
  tell("The article's three demonstrations are on the grid.");
}

export function letExpertShow(): void {
  add(expertPath(truth.value, shown.value++));
  tell(`The expert shows demonstration ${demonstrations.value.length}.`);
}

export function run(): void {
  if (paths.value.length === 0) return;
  ran.value = true;
  view.value = "recovered";
  tell("");
}

export function removeNth(n: number): void {
  remove(n);
  tell(`Demonstration ${n + 1} deleted.`);
}

export function showReward(chosen: View): void {
  view.value = chosen;
  news.value = chosen === "true" ? "The true reward is shown." : "The found reward is shown.";
}

const methodWords: Readonly<Record<Method, string>> = {
  entropy: "Maximum entropy.",
  matching: "Feature matching.",
};

export function recoverBy(chosen: Method): void {
  method.value = chosen;
  tell(methodWords[chosen]);
}
