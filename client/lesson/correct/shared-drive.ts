import { type ReadonlySignal, useSignal } from "@preact/signals";
import { type Inputs, useLayoutEffect } from "preact/hooks";
import type { Intervention } from "../../../shared/lesson/lesson.ts";
import { correctionsLeft, leaves } from "../../../shared/lesson/locks.ts";
import type { Policy } from "../../../shared/policies/policy.ts";
import type { Activity, Lit } from "../../stage/activity.ts";
import { type Command, useCommand } from "../../ui/commands.tsx";
import { enterKey, escapeKey } from "../../ui/keyboard.ts";
import { Still } from "../activities/still.ts";
import { freeKeys } from "../focus.ts";
import type { Change } from "../learned/change.ts";
import { useLearning } from "../learned/learning.ts";
import { changedWay } from "../learned/lit.ts";
import { type PanelProps, useScene } from "../state.ts";
import { sayOwnFalls, useKept, useLearner } from "./drives-given.tsx";

/** A drive of a learner and a person at one wheel. */
export interface SharedDrive extends Activity {
  readonly progress: ReadonlySignal<{ readonly phase: string }>;
  /** Falls while the person had the wheel. */
  readonly ownFalls: number;
  start(): void;
  /** Ends the drive where it is. */
  finish(): void;
  /** Shows along which stretches of its way the learner would now do something else. */
  learned(stretches: Lit["stretches"]): void;
}

/** What is on the stage before the learner has come. */
const coming = new Still({});

/** What a panel shows of the drive under way. */
interface UnderWay<D> {
  readonly drive: D | null;
  readonly learned: Change | null;
  /** What the learner learned that it should not have, in words; null where there is nothing. */
  readonly harm: string | null;
  /** Whether the drive is over and its answers are among those of the round. */
  readonly isKept: boolean;
  readonly advance: Command;
}

/**
 * The drive under way, on the stage: it is there as soon as its learner is, begins and ends by a command, and the next
 * one is begun by the same.
 * @param given the drives of this way in the round
 * @param prepare a drive of the round's learner
 * @param caption of the stage, once there is a drive
 * @param choices another drive is prepared where one of them is another
 */
export function useSharedDrive<D extends SharedDrive>(
  { state, on, world, controls }: PanelProps,
  given: readonly Intervention[],
  prepare: (policy: Policy) => D,
  caption: (drive: D, learned: Change | null) => string,
  choices: Inputs = [],
): UnderWay<D> {
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
  const phase = drive?.progress.value.phase ?? "coming";
  useScene(on, drive ?? coming, () => {
    const drive = shared.value;
    if (!drive) return "Loading the learner …";
    const isOver = drive.progress.value.phase === "over";
    return isOver && drive.ownFalls > 0 ? "You crashed while you drove" : caption(drive, learned);
  });
  const isKept = useKept(given, phase === "over", () => {
    shared.value = prepare(policy!);
  });
  const isUnderWay = !["coming", "ready", "over"].includes(phase);
  const finish = () => shared.peek()!.finish();
  const begin = () => {
    freeKeys();
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
  const harm = phase === "over" ? sayOwnFalls(drive!.ownFalls, leaves(lesson, "undo")) : null;
  return { drive, learned, harm, isKept, advance };
}
