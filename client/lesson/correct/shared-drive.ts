import { type ReadonlySignal, useSignal } from "@preact/signals";
import { type Inputs, useLayoutEffect } from "preact/hooks";
import { correctionsLeft } from "../../../shared/lesson/locks.ts";
import type { Policy } from "../../../shared/policies/policy.ts";
import type { Activity, Lit } from "../../stage/activity.ts";
import { type Command, useCommand } from "../../ui/commands.tsx";
import { enterKey, escapeKey } from "../../ui/keyboard.ts";
import { Still } from "../activities/still.ts";
import type { Change } from "../learned/change.ts";
import { useLearning } from "../learned/learning.ts";
import { changedWay } from "../learned/lit.ts";
import { type PanelProps, useScene } from "../state.ts";
import { useLearner } from "./drives-given.tsx";

/** A drive of a learner and a person at one wheel. */
export interface SharedDrive extends Activity {
  readonly progress: ReadonlySignal<{ readonly phase: string }>;
  start(): void;
  /** Ends the drive where it is. */
  finish(): void;
  /** Shows along which stretches of its way the learner would now do something else. */
  learned(stretches: Lit["stretches"]): void;
}

/** What is on the stage before the learner has come. */
const coming = new Still({});

/**
 * The drive under way, on the stage: it is there as soon as its learner is, begins and ends by a command, and the next
 * one is begun by the same.
 * @param prepare a drive of the round's learner
 * @param caption of the stage, once there is a drive
 * @param choices another drive is prepared where one of them is another
 */
export function useSharedDrive<D extends SharedDrive>(
  { state, on, world, controls }: PanelProps,
  prepare: (policy: Policy) => D,
  caption: (drive: D, learned: Change | null) => string,
  choices: Inputs = [],
): { readonly drive: D | null; readonly learned: Change | null; readonly advance: Command } {
  const lesson = state.lesson.value;
  const policy = useLearner(on, lesson.rounds.length - 1);
  const shared = useSignal<D | null>(null);
  useLayoutEffect(() => {
    if (!policy) return;
    shared.value = prepare(policy);
    return () => {
      shared.value = null;
    };
    // Until another learner comes, the one that is here drives.
  }, [state, controls, world, policy, ...choices]);

  const learned = useLearning(state, world, lesson.rounds.at(-1)!, (before, now, round) => {
    shared.peek()?.learned(changedWay(world, round, before, now).stretches);
  });
  const drive = shared.value;
  useScene(on, drive ?? coming, () =>
    shared.value ? caption(shared.value, learned) : "Loading the learner …",
  );

  const phase = drive?.progress.value.phase ?? "coming";
  const isUnderWay = !["coming", "ready", "over"].includes(phase);
  const finish = () => shared.peek()!.finish();
  const begin = () => {
    // Whatever has the focus would take the arrow keys or the space bar for itself.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    if (phase === "over") shared.value = prepare(policy!);
    shared.peek()!.start();
    on.say("The learner drives.");
  };
  const advance = useCommand({
    key: enterKey,
    label: isUnderWay ? "End the drive" : phase === "over" ? "Another drive" : "Let it drive",
    available:
      drive !== null &&
      !state.busy.value &&
      state.owner.value &&
      (isUnderWay || correctionsLeft(lesson) > 0),
    run: isUnderWay ? finish : begin,
  });
  useCommand({ key: escapeKey, label: "End the drive", available: isUnderWay, run: finish });
  return { drive, learned, advance };
}
