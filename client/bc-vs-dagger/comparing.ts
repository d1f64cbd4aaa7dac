import { computed, effect, signal } from "@preact/signals";
import { proxy, wrap } from "comlink";
import { newest } from "../ui/newest.ts";
import { type Comparison, type Setting, worldOf } from "./duel.ts";
import type { Duel } from "./duel.worker.ts";

export const setting = signal<Setting>({ arena: "road", wind: 0.5, seed: 1 });
/** What came of the newest setting that has been computed; null before the first. */
export const found = signal<(Comparison & { readonly setting: Setting }) | null>(null);
/** The world that it came of. */
export const world = computed(() => found.value && worldOf(found.value.setting));
/** Rounds of DAgger that are looked at. */
export const rounds = signal(3);
export const round = computed(() => found.value?.rounds[rounds.value] ?? null);
/** Share done of what is being computed. */
export const progress = signal(0);
export const isStale = computed(() => found.value?.setting !== setting.value);
/** Whether the newest setting could not be computed. */
export const failed = signal(false);

const worker = new Worker(new URL("./duel.worker.ts", import.meta.url), { type: "module" });
// Such as where its file cannot be fetched; then nothing will ever answer.
worker.addEventListener("error", () => {
  failed.value = true;
});
const duel = wrap<Duel>(worker);

const ask = newest(
  async (question: Setting) => {
    progress.value = 0;
    failed.value = false;
    const told = proxy((share: number) => {
      progress.value = share;
    });
    return duel.compare(question, told).then(
      (comparison) => ({ setting: question, ...comparison }),
      () => null,
    );
  },
  (answer) => {
    failed.value = answer === null;
    if (answer) found.value = answer;
  },
);

effect(() => ask(setting.value));
