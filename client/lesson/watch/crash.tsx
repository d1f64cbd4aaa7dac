import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { Path } from "../../drawing/trails.ts";
import { prefersStillness } from "../../stage/stillness.ts";
import { CommandButton, useCommand } from "../../ui/commands.tsx";
import { enterKey } from "../../ui/keyboard.ts";
import { GhostRace } from "../activities/ghosts.ts";
import { Replay } from "../activities/replay.ts";
import { demonstrationTrails } from "../demonstrations.ts";
import { type PanelProps, useScene } from "../state.ts";
import { fallAt, sayMoment } from "./highlights.ts";
import { shownIn } from "./shown.ts";
import { paceFor, typicalCrash } from "./staging.ts";

/** Milliseconds for which one looks at the crash, and at all crosses. */
const look = { crash: 1400, all: 1500 };
/** Seconds that all drives take at most. */
const longest = 7;

/** A crash from close by, then drives from all held-out starts at once; then it is time to tell. */
export function Crash({
  state,
  on,
  world,
  paths,
  tell,
}: Pick<PanelProps, "state" | "on" | "world"> & {
  readonly paths: readonly Path[];
  readonly tell: () => void;
}) {
  const hasCrashed = useSignal(false);
  const { crash, replay, ghosts, words } = useMemo(() => {
    const lesson = state.lesson.peek();
    const trails = demonstrationTrails(lesson);
    const crash = typicalCrash(paths);
    const last = crash && crash.poses[[...crash.falls][0]!]!;
    return {
      crash,
      replay:
        crash &&
        new Replay(world, [crash], "learner", trails, undefined, {
          closeUp: true,
          onFall() {
            hasCrashed.value = true;
          },
        }),
      ghosts: new GhostRace(world, paths, {
        speed: paceFor(world, paths, longest),
        background: trails,
      }),
      words: last && sayMoment(fallAt(world, last, shownIn(world, lesson))),
    };
  }, [state, world, paths]);
  const all = useSignal(crash === null || prefersStillness());
  const activity = all.value ? ghosts : replay!;

  const looks = !all.value && hasCrashed.value;
  const { phase, fallen } = ghosts.progress.value;
  const isOver = all.value && phase === "over";
  useEffect(() => {
    if (!looks && !isOver) return;
    const timer = setTimeout(
      () => {
        if (isOver) tell();
        else all.value = true;
      },
      looks ? look.crash : look.all,
    );
    return () => clearTimeout(timer);
  }, [looks, isOver, tell, all]);

  const tally = `${fallen} of ${paths.length} crashed`;
  useScene(on, activity, () => {
    if (all.peek()) return `${ghosts.progress.value.fallen} of ${paths.length} crashed`;
    return hasCrashed.value ? words : "Your clone drives";
  });
  const skip = useCommand({ key: enterKey, label: "Skip", available: true, run: tell });
  return (
    <>
      <p class="in-words" role="status">
        {all.value
          ? `Now it drives from ${paths.length} starts at once.`
          : hasCrashed.value
            ? words
            : world.weather
              ? "Now your clone drives. There is wind."
              : "Your clone drives."}
      </p>
      {all.value && <p class="tally figures">{tally}</p>}
      <p class="next">
        <CommandButton command={skip} />
      </p>
    </>
  );
}
