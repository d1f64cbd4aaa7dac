import { useSignal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import { correctionsLeft, leaves } from "../../../../shared/lesson/locks.ts";
import type { DriveRecording } from "../../../../shared/lesson/recording.ts";
import { Controller, type Episode } from "../../../../shared/worlds/episode.ts";
import type { Level } from "../../../../shared/worlds/level.ts";
import { CommandButton, useCommand } from "../../../ui/commands.tsx";
import { enterKey, escapeKey } from "../../../ui/keyboard.ts";
import { KeyHint, SteerHint } from "../../../ui/keys.tsx";
import { freshSeed } from "../../activities/seed.ts";
import { Still } from "../../activities/still.ts";
import { Whereabouts } from "../../activities/whereabouts.tsx";
import { demonstrationTrails } from "../../demonstrations.ts";
import { freeKeys } from "../../focus.ts";
import { useLearning } from "../../learned/learning.ts";
import { changedWay } from "../../learned/lit.ts";
import { Chart } from "../../learning-curve.tsx";
import { type PanelProps, useScene } from "../../state.ts";
import { Working } from "../../working.tsx";
import { AnswersUsed } from "../answers-used.tsx";
import { CorrectionButtons } from "../correction-buttons.tsx";
import {
  answersOf,
  DrivesGiven,
  sayEpisode,
  sayOwnFalls,
  useKept,
  useLearner,
} from "../drives-given.tsx";
import type { Way } from "../way.ts";
import { sayWorth } from "../worth.ts";
import { TakeoverDrive } from "./takeover-drive.ts";

/** What is on the stage before the learner has come. */
const coming = new Still({});

export const takeover: Way = {
  name: "takeover",
  title: "Take over",
  about: "The learner drives. Take over when you would do something else.",
  Panel: Takeover,
};

/** The learner drives; the person takes the wheel where they see fit. */
function Takeover({ state, on, world, controls }: PanelProps) {
  const lesson = state.lesson.value;
  const number = lesson.rounds.length;
  const round = lesson.rounds.at(-1)!;
  const interventions = round.interventions.filter(({ asking }) => !asking);
  const policy = useLearner(on, number - 1);
  const shared = useSignal<TakeoverDrive | null>(null);

  const prepare = () => {
    const keep = async (episode: Episode, recording: DriveRecording) => {
      const words = sayEpisode(world, episode);
      if (!episode.controllers.includes(Controller.expert)) {
        on.say("The drive is over. You never took over, so the learner has nothing to learn.");
      } else if (await on.ask("intervene", { round: number - 1, episode, recording })) {
        on.say(`Saved. ${words}.`);
      }
    };
    const activity = new TakeoverDrive(
      world,
      policy!,
      freshSeed(),
      controls,
      demonstrationTrails(state.lesson.peek()),
      (...driven) => void keep(...driven),
    );
    shared.value = activity;
    return activity;
  };
  useLayoutEffect(() => {
    if (!policy) return;
    prepare();
    return () => {
      shared.value = null;
    };
    // Until another learner comes, the one that is here drives.
  }, [state, controls, world, policy]);

  const { phase = null, labels = 0 } = shared.value?.progress.value ?? {};
  const isKept = useKept(interventions, phase === "over", prepare);
  const ownFalls = phase === "over" ? shared.value!.ownFalls : 0;
  const harm = sayOwnFalls(ownFalls, leaves(lesson, "undo"));

  const learned = useLearning(state, world, round, (before, now, round) => {
    shared.peek()?.learned(changedWay(world, round, before, now).stretches);
  });

  useScene(on, shared.value ?? coming, () => {
    const { phase, hands } = shared.value?.progress.value ?? { phase: "coming", hands: false };
    return {
      coming: "Loading the learner …",
      ready: "Let it drive, and be ready to take over",
      driving: hands
        ? world.steering.pace === "runs"
          ? "You drive"
          : "Your move"
        : "The learner drives",
      over:
        (shared.value?.ownFalls && "You crashed while you drove") ||
        learned?.short ||
        "The drive is over",
    }[phase];
  });

  const next = () => {
    if (phase === "driving") {
      shared.peek()!.finish();
      return;
    }
    freeKeys();
    const activity = phase === "ready" ? shared.peek()! : prepare();
    activity.start();
    on.say("The learner drives.");
  };
  const advance = useCommand({
    key: enterKey,
    label: { ready: "Let it drive", driving: "End the drive", over: "Another drive" }[
      phase ?? "ready"
    ],
    available:
      phase !== null &&
      !state.busy.value &&
      state.owner.value &&
      (phase === "driving" || correctionsLeft(lesson) > 0),
    run: next,
  });
  useCommand({
    key: escapeKey,
    label: "End the drive",
    available: phase === "driving",
    run: () => shared.peek()!.finish(),
  });

  return (
    <>
      <AnswersUsed
        state={state}
        world={world}
        more={isKept ? 0 : labels}
        last={answersOf(interventions.at(-1))}
      />
      <h2>Take over</h2>
      <p>
        The <span class="learner">learner</span> learns only from what{" "}
        <span class="expert">you</span> do. {sayWorth(world)}
      </p>
      <p class="next">
        <CommandButton command={advance} primary />
        <CorrectionButtons state={state} on={on} given={interventions} />
      </p>
      {shared.value && <Whereabouts driving={shared.value} />}
      <p class="learned" role="status">
        {harm ?? learned?.words}
      </p>
      <Tally shared={shared.value} world={world} />
      <p class="hint">
        {world.steering.pace === "runs" ? (
          <>
            <SteerHint world={world} />. When you let go, the learner drives again.
          </>
        ) : (
          <>
            <span class="with-keys">
              Press <KeyHint world={world} />, or{" "}
            </span>
            press the picture: then you move instead of the learner. The learner waits while you
            keep pressing.
          </>
        )}
      </p>
      <Working state={state} on={on} work="train" words="Learning from you" />
      <DrivesGiven
        drives={interventions}
        world={world}
        none={labels > 0 || phase === "driving" ? null : "You have not taken over yet."}
      />
      <Chart lesson={lesson} world={world} />
    </>
  );
}

/** What the person has given in the drive under way. */
function Tally({ shared, world }: { shared: TakeoverDrive | null; world: Level }) {
  const { time, seconds, takeovers, labels, falls } = shared?.progress.value ?? {
    time: 0,
    seconds: 0,
    takeovers: 0,
    labels: 0,
    falls: 0,
  };
  return (
    <div class="clock">
      <progress value={time / world.horizon} max={1} aria-label="Share of the drive" />
      <dl class="tally figures">
        <div>
          <dt>Takeovers</dt>
          <dd class="takeovers">{takeovers}</dd>
        </div>
        <div>
          <dt>Answers</dt>
          <dd class="labels">{labels}</dd>
        </div>
        <div>
          <dt>Per minute</dt>
          <dd>{seconds > 0 ? Math.round((60 * labels) / seconds) : "–"}</dd>
        </div>
        {world.canFall && (
          <div>
            <dt>Crashes</dt>
            <dd>{falls}</dd>
          </div>
        )}
      </dl>
    </div>
  );
}
