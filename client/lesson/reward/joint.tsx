import { type Signal, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Inference } from "../../../shared/lesson/lesson.ts";
import { kindOf, worlds } from "../../../shared/worlds/index.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { levelOf } from "../../course/progress.ts";
import { CommandButton, useCommand } from "../../ui/commands.tsx";
import { letterKey } from "../../ui/keyboard.ts";
import { background, useBackground, workerFailed } from "../background.ts";
import { type EarlierWalks, earlierOf } from "../earlier-walks.ts";
import type { LessonState } from "../state.ts";

/** What a lesson's map is from: its own walks, and those in the lessons that it goes on from. */
export interface Joint {
  /** Empty where it goes on from none. */
  readonly earlier: readonly EarlierWalks[];
  /** Whether the earlier walks count; the person's choice. */
  readonly counts: Signal<boolean>;
  /** Walks of the lesson's own that the map is from. */
  readonly here: number;
  /** What follows from what counts; null until it is there. */
  readonly inference: Inference | null;
}

/**
 * The reward behind the walks here and before. The lesson's own is on disk, and this one is computed from it and a copy of
 * the others whenever it is looked at: a log holds what happened in its lesson and nothing else.
 * @param own the lesson's own
 */
export function useJoint(state: LessonState, world: Level, own: Inference | null): Joint {
  const counts = useSignal(true);
  const { taste } = state.lesson.value;
  const earlier = useMemo(() => earlierOf(state.id, state.lesson.peek()), [state, world, taste]);
  const found = useBackground(() => {
    if (!own || earlier.length === 0) return null;
    const episodes = state.lesson.peek().demonstrations.map(({ episode }) => episode);
    const asked = performance.now();
    return background()
      .infer(world.name, episodes, earlier)
      .then((inferred) => ({ ...inferred, ms: performance.now() - asked }));
  }, [state, world, own, earlier]);
  const inference = useMemo(() => own && found && { ...own, ...found }, [own, found]);
  const isJoint = earlier.length > 0 && counts.value && !workerFailed.value;
  const here = own?.demonstrations ?? 0;
  return { earlier, counts, here, inference: isJoint ? inference : own };
}

const list = new Intl.ListFormat("en");
const small = ["no", "one", "two", "three", "four"];

/** Whose walks the map is from, and the way to leave out those before; nothing where there are none. */
export function JointLine({
  state,
  world,
  joint: { earlier, counts, here },
}: {
  state: LessonState;
  world: Level;
  joint: Joint;
}) {
  const walks = new Map([[world.name, here]]);
  for (const { world: name, episodes } of earlier)
    walks.set(name, (walks.get(name) ?? 0) + episodes.length);
  const places = `${kindOf(world).title.toLowerCase()}s`;
  const together = walks.size === 2 ? `Both ${places}` : `All ${places}`;
  const choose = useCommand({
    key: letterKey("O"),
    label: counts.value ? "Only this lesson" : together,
    available: earlier.length > 0 && !workerFailed.value,
    run() {
      counts.value = !counts.value;
    },
  });
  if (!choose.available) return null;
  const named = (from: Iterable<readonly [string, number]>) =>
    list.format([...from].map(([name, n]) => `${worlds[name]!.title}\u00a0(${n})`));
  return (
    <p class="joint">
      {counts.value
        ? `From your walks in ${small[walks.size]} ${places}: ${named(walks)}.`
        : `From your walks in this lesson alone: ${named([[world.name, here]])}.`}
      {counts.value && levelOf(state.id) && " The goal of the level counts this lesson alone."}{" "}
      <CommandButton command={choose} />
    </p>
  );
}
