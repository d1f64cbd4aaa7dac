import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Level } from "../../shared/worlds/level.ts";
import type { Key } from "../../shared/worlds/steering.ts";
import { presentationOf } from "../worlds/index.ts";
import { pathOfEpisode } from "../worlds/replays.ts";
import { Driving } from "./activities/driving.ts";
import type { Classroom } from "./classroom.ts";

const storageKey = "dagger-dojo.hints";
/** Milliseconds for which nothing is pressed before one is told what to press. */
export const patience = 6000;
/** Falls in a demonstration that are more than bad luck. */
const many = 2;

interface Hint {
  readonly name: string;
  /** @param touch whether fingers are all there is */
  words(world: Level, touch: boolean): string;
  /** Whether this is the moment for it. Reads signals only. */
  due(room: Classroom, idle: boolean): boolean;
  /** Whether the person has done what it says, so that it need never be said again. */
  learned(room: Classroom): boolean;
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
      if (touch) return "Press on the picture where you want to go";
      const key = faces[Object.keys(world.steering.keys)[0] as Key];
      const { steer } = presentationOf(world).words;
      return `${world.steering.pace === "runs" ? "Hold" : "Press"} ${key} to ${steer}`;
    },
    due: (room, idle) => idle && room.step.value === "demonstrate" && !drives(room),
    learned: (room) => room.lesson.value.demonstrations.length > 0 || drives(room),
  },
  {
    // Labels that are few stand against a whole drive of these.
    name: "again",
    words: () => "It copies falls too: drive again, and ✕ deletes this one",
    due: (room) =>
      room.step.value === "demonstrate" && !drives(room) && (falls(room).at(-1) ?? 0) >= many,
    learned(room) {
      const shown = falls(room);
      const worst = Math.max(...shown);
      return worst >= many && shown.at(-1)! < worst;
    },
  },
  {
    name: "clone",
    words: (_, touch) => (touch ? "Now clone yourself: tap Clone" : "Press C to clone yourself"),
    due: (room) =>
      room.step.value === "demonstrate" &&
      room.lesson.value.demonstrations.length > 0 &&
      !drives(room),
    learned: (room) => room.lesson.value.rounds.length > 0,
  },
  {
    name: "correct",
    words: (_, touch) =>
      touch ? "Seen enough? Tap Correct" : "Seen enough? Press 4 to correct it",
    due: (room) => room.step.value === "watch",
    learned: (room) => room.step.value === "correct",
  },
];

/** Whether the person has the wheel, and the world runs. */
function drives(room: Classroom): boolean {
  const activity = room.activity.value;
  return activity instanceof Driving && activity.progress.value.phase === "driving";
}

/** How often each demonstration fell; none where the world knows no falls. */
function falls(room: Classroom): readonly number[] {
  if (!room.world.value?.canFall) return [];
  return room.lesson.value.demonstrations.map(({ episode }) => pathOfEpisode(episode).falls.size);
}

/** Tells what to do next to whoever has never done it, one thing at a time. */
export class Hints {
  /** What to say now; null for nothing. */
  readonly said: ReadonlySignal<string | null>;
  readonly #room: Classroom;
  readonly #known = signal<ReadonlySet<string>>(recall());
  readonly #idle = signal(false);

  constructor(room: Classroom) {
    this.#room = room;
    const touch = matchMedia("(pointer: coarse)").matches;
    this.said = computed(() => {
      const world = room.world.value;
      if (!world) return null;
      const hint = hints.find(
        (hint) =>
          !this.#known.value.has(hint.name) &&
          !hint.learned(room) &&
          hint.due(room, this.#idle.value),
      );
      return hint?.words(world, touch) ?? null;
    });
  }

  /** Forgets for good what the person has done by now. */
  #learn(): void {
    const known = this.#known.peek();
    const now = hints.filter((hint) => !known.has(hint.name) && hint.learned(this.#room));
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
