import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { mayDemonstrate, mayForget } from "../../shared/lesson/locks.ts";
import { count } from "../../shared/plural.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { isByKeys, type Key } from "../../shared/worlds/steering.ts";
import { levelOf, mostDrives, wantsMap } from "../course/progress.ts";
import { starsIn } from "../course/reached.ts";
import { presentationOf } from "../worlds/index.ts";
import { pathOfEpisode } from "../worlds/replays.ts";
import { PersonDrive } from "./activities/person-drive.ts";
import type { LessonState } from "./state.ts";
import { HighlightReplay } from "./watch/highlights.ts";

const storageKey = "dagger-dojo.hints";
/** Milliseconds for which nothing is pressed before one is told what to press. */
export const patience = 6000;
/** Falls in a demonstration that are more than bad luck. */
const many = 2;

interface Hint {
  readonly name: string;
  /** @param touch whether fingers are all there is */
  words(world: Level, touch: boolean, state: LessonState): string;
  /** Whether this is the moment for it. Reads signals only. */
  due(state: LessonState, idle: boolean): boolean;
  /** Whether the person has done what it says, so that it need never be said again. */
  learned(state: LessonState): boolean;
}

const faces: Readonly<Record<Key, string>> = {
  left: "←",
  right: "→",
  up: "↑",
  down: "↓",
  space: "Space",
};

/** What is said, the first that is due before the others. */
const hints: readonly Hint[] = [
  {
    name: "steer",
    words(world, touch) {
      if (touch && isByKeys(world)) return "Hold ◀ or ▶ to turn the wheel";
      if (touch) return "Press the picture where you want to go";
      const key = faces[Object.keys(world.steering.keys)[0] as Key];
      const { steer } = presentationOf(world).words;
      return `${world.steering.pace === "runs" ? "Hold" : "Press"} ${key} to ${steer}`;
    },
    due: (state, idle) => idle && state.step.value === "demonstrate" && !drives(state),
    learned: (state) => state.lesson.value.demonstrations.length > 0 || drives(state),
  },
  {
    // Labels that are few stand against a whole drive of these. A second drive with one crash is good enough.
    name: "again",
    words(_world, _touch, state) {
      const crashes = sayCrashes(state);
      const { demonstrations } = state.lesson.value;
      if (!mayDemonstrate(state.lesson.value) || demonstrations.length >= mostDrives(state.id))
        return `${crashes}. Delete it with ✕, drive again`;
      return crashes === "1 crash"
        ? `${crashes}. Drive again, without it`
        : `${crashes}. Drive again, with fewer`;
    },
    due(state) {
      const shown = falls(state);
      return (
        state.step.value === "demonstrate" &&
        mayForget(state.lesson.value) &&
        !drives(state) &&
        (shown.at(-1) ?? 0) >= (shown.length === 1 ? 1 : many)
      );
    },
    learned(state) {
      const shown = falls(state);
      const worst = Math.max(...shown);
      return worst > 0 && shown.at(-1)! < worst;
    },
  },
  {
    name: "clone",
    words: (_, touch) => (touch ? "Tap Clone to make your clone" : "Press C to make your clone"),
    due: (state) =>
      state.step.value === "demonstrate" &&
      state.lesson.value.demonstrations.length > 0 &&
      state.held("train") === null &&
      !wantsMap(state.id) &&
      !drives(state),
    learned: (state) => state.lesson.value.rounds.length > 0,
  },
  {
    name: "map",
    words: (_, touch) =>
      touch ? "Tap Reward to see your reward map" : "Press Enter to see your reward map",
    due: (state) =>
      state.step.value === "demonstrate" &&
      state.lesson.value.demonstrations.length > 0 &&
      wantsMap(state.id) &&
      !drives(state),
    learned: (state) => state.lesson.value.inference !== null,
  },
  {
    name: "correct",
    words: (_, touch) => (touch ? "Tap “Correct it”" : "Press Enter to correct it"),
    // Not while one still guesses, or watches for the first time.
    // Nor once the goal is reached: then the next level is what comes next.
    due: (state) =>
      state.scene.value?.activity instanceof HighlightReplay &&
      state.heldAt("correct") === null &&
      !isReached(state),
    learned: (state) => state.step.value === "correct",
  },
];

/** Whether the goal of the level that the lesson plays is reached. */
function isReached(state: LessonState): boolean {
  const level = levelOf(state.id);
  return level !== null && starsIn(level.goal, state.lesson.value) > 0;
}

/** Whether the person has the wheel, and the world runs. */
function drives(state: LessonState): boolean {
  const activity = state.scene.value?.activity;
  return activity instanceof PersonDrive && activity.progress.value.phase === "driving";
}

/** How often each demonstration fell; none where the world knows no falls. */
function falls(state: LessonState): readonly number[] {
  if (!state.world.value?.canFall) return [];
  return state.lesson.value.demonstrations.map(({ episode }) => pathOfEpisode(episode).falls.size);
}

/** How often the last demonstration crashed. */
function sayCrashes(state: LessonState): string {
  return count(falls(state).at(-1)!, "crash", "crashes");
}

/** Tells what to do next to whoever has never done it, one thing at a time. */
export class Hints {
  /** What to say now; null for nothing. */
  readonly said: ReadonlySignal<string | null>;
  readonly #state: LessonState;
  readonly #known = signal<ReadonlySet<string>>(recall());
  readonly #idle = signal(false);

  constructor(state: LessonState) {
    this.#state = state;
    const touch = matchMedia("(pointer: coarse)").matches;
    this.said = computed(() => {
      const world = state.world.value;
      if (!world) return null;
      const hint = hints.find(
        (hint) =>
          !this.#known.value.has(hint.name) &&
          !hint.learned(state) &&
          hint.due(state, this.#idle.value),
      );
      return hint?.words(world, touch, state) ?? null;
    });
  }

  /** Forgets for good what the person has done by now. */
  #learn(): void {
    const known = this.#known.peek();
    const now = hints.filter((hint) => !known.has(hint.name) && hint.learned(this.#state));
    if (now.length === 0) return;
    this.#known.value = new Set([...known, ...now.map(({ name }) => name)]);
    remember(this.#known.value);
  }

  /** Watches what the person does, and for hands that do nothing, until the returned function is called. */
  watch(): () => void {
    const dispose = effect(() => this.#learn());
    const still = () => {
      this.#idle.value = true;
    };
    let timer = setTimeout(still, patience);
    const moved = () => {
      this.#idle.value = false;
      clearTimeout(timer);
      timer = setTimeout(still, patience);
    };
    const acts = ["keydown", "pointerdown"] as const;
    for (const act of acts) addEventListener(act, moved);
    return () => {
      dispose();
      clearTimeout(timer);
      for (const act of acts) removeEventListener(act, moved);
    };
  }
}

function recall(): ReadonlySet<string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "[]");
    return new Set(Array.isArray(kept) ? kept.filter((name) => typeof name === "string") : []);
  } catch {
    return new Set();
  }
}

function remember(known: ReadonlySet<string>): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify([...known]));
  } catch {
    // It holds for this visit.
  }
}
