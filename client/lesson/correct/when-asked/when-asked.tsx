import { useSignal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import {
  type Asking,
  askingBudget,
  askingRates,
  mayAsk,
  usualRate,
} from "../../../../shared/lesson/asking.ts";
import { correctionsLeft, leaves } from "../../../../shared/lesson/locks.ts";
import type { DriveRecording } from "../../../../shared/lesson/recording.ts";
import type { Episode } from "../../../../shared/worlds/episode.ts";
import type { Level } from "../../../../shared/worlds/level.ts";
import { CommandButton, useCommand } from "../../../ui/commands.tsx";
import { enterKey, escapeKey } from "../../../ui/keyboard.ts";
import { SteerHint } from "../../../ui/keys.tsx";
import { freshSeed } from "../../activities/seed.ts";
import { Still } from "../../activities/still.ts";
import { demonstrationTrails } from "../../demonstrations.ts";
import { freeKeys } from "../../focus.ts";
import { useLearning } from "../../learned/learning.ts";
import { changedWay } from "../../learned/lit.ts";
import { Chart } from "../../learning-curve.tsx";
import { type LessonState, type PanelProps, useScene } from "../../state.ts";
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
import { AskedDrive, type AskedProgress, ready } from "./asked-drive.ts";
import { type Choices, causeCaptions, sayDriving, sayTurn } from "./words.ts";

/** What is on the stage before the learner has come. */
const coming = new Still({});

export const whenAsked: Way = {
  name: "when-asked",
  title: "When it asks",
  about: "The learner drives, and asks you to take over when it is not sure.",
  suits: mayAsk,
  Panel: WhenAsked,
};

/** The learner drives, and asks for the wheel. */
function WhenAsked({ state, on, world, controls }: PanelProps) {
  const lesson = state.lesson.value;
  const number = lesson.rounds.length;
  const round = lesson.rounds.at(-1)!;
  const interventions = round.interventions.filter(({ asking }) => asking);
  const policy = useLearner(on, number - 1);
  const rate = useSignal<number>(usualRate);
  const shared = useSignal<AskedDrive | null>(null);

  const prepare = () => {
    const keep = async (episode: Episode, recording: DriveRecording, asking: Asking | null) => {
      const body = { round: number - 1, episode, recording };
      if (!asking) on.say("The drive is over.");
      else if (await on.ask("intervene", { ...body, asking }))
        on.say(`Saved. ${sayEpisode(world, episode)}.`);
    };
    const activity = new AskedDrive(
      world,
      { policy: policy!, rate: rate.peek(), drives: round.episodes },
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
  }, [state, controls, world, policy, rate.value]);

  const progress = shared.value?.progress.value ?? ready;
  const { phase, labels } = progress;
  const isKept = useKept(interventions, phase === "over", prepare);
  const ownFalls = phase === "over" ? shared.value!.ownFalls : 0;
  const harm = sayOwnFalls(ownFalls, leaves(lesson, "undo"));

  const learned = useLearning(state, world, round, (before, now, round) => {
    shared.peek()?.learned(changedWay(world, round, before, now).stretches);
  });

  useScene(on, shared.value ?? coming, () => {
    const progress = shared.value?.progress.value;
    if (!progress) return "Loading the learner …";
    return {
      ready: "Let it drive. It will ask you to steer",
      driving: sayDriving(progress),
      asking: `It asks you to steer: ${causeCaptions[progress.cause!]}`,
      over:
        (shared.value?.ownFalls && "You crashed while you drove") ||
        learned?.short ||
        (progress.asked > 0 ? "The drive is over" : "It never asked you"),
    }[progress.phase];
  });

  const isUnderWay = phase === "driving" || phase === "asking";
  const next = () => {
    if (isUnderWay) {
      shared.peek()!.finish();
      return;
    }
    freeKeys();
    const activity = phase === "ready" ? shared.peek()! : prepare();
    activity.start();
  };
  const advance = useCommand({
    key: enterKey,
    label: isUnderWay ? "End the drive" : phase === "over" ? "Another drive" : "Let it drive",
    available:
      shared.value !== null &&
      !state.busy.value &&
      state.owner.value &&
      (isUnderWay || correctionsLeft(lesson) > 0),
    run: next,
  });
  useCommand({
    key: escapeKey,
    label: "End the drive",
    available: isUnderWay,
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
      <h2>When it asks</h2>
      <p>
        The <span class="learner">learner</span> drives by itself. It stops at a place that it does
        not know{world.canFall && ", or shortly before it would crash"}. Then{" "}
        <span class="expert">you</span> steer for it. {sayWorth(world)}
      </p>
      <p class="next">
        <CommandButton command={advance} primary />
        <CorrectionButtons state={state} on={on} given={interventions} />
      </p>
      <p class="asks" role="status">
        {sayTurn(progress, choicesIn(state))}
      </p>
      {!lesson.plan && (
        <fieldset class="one-of">
          <legend>Your share of each drive, at most</legend>
          {askingRates.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === rate.value}
              disabled={isUnderWay}
              onClick={() => {
                rate.value = one;
              }}
            >
              {Math.round(100 * one)} %
            </button>
          ))}
        </fieldset>
      )}
      <p class="learned" role="status">
        {harm ?? learned?.words}
      </p>
      <Tally progress={progress} budget={askingBudget(world, rate.value)} world={world} />
      <p class="hint">
        When it asks, the world waits until you steer. <SteerHint world={world} />. You drive until
        it knows its way again.
      </p>
      <Working state={state} on={on} work="train" words="Learning from you" />
      <DrivesGiven
        drives={interventions}
        world={world}
        none={progress.asked > 0 || isUnderWay ? null : "It has not asked you yet."}
      />
      <Chart lesson={lesson} world={world} />
    </>
  );
}

/** What the person may change beside another drive. */
function choicesIn({ lesson }: LessonState): Choices {
  const { plan } = lesson.peek();
  const others = plan?.corrections.ways.some((way) => way !== "when-asked");
  return { rate: !plan, way: others ?? true };
}

/** What the drive has come to, and what it may still ask for. */
function Tally({
  progress: { time, asked, labels, falls },
  budget,
  world,
}: {
  progress: AskedProgress;
  budget: number;
  world: Level;
}) {
  return (
    <div class="clock">
      <progress value={time / world.horizon} max={1} aria-label="Share of the drive" />
      <dl class="tally figures">
        <div>
          <dt>It asked</dt>
          <dd class="takeovers">{asked}</dd>
        </div>
        <div>
          <dt>Answers</dt>
          <dd>
            <span class="labels">{labels}</span>
            <small> of {budget}</small>
          </dd>
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
