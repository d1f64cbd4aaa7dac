import { useSignal } from "@preact/signals";
import {
  type Asking,
  askingBudget,
  askingRates,
  mayAsk,
  usualRate,
} from "../../../../shared/lesson/asking.ts";
import type { DriveRecording } from "../../../../shared/lesson/recording.ts";
import type { Episode } from "../../../../shared/worlds/episode.ts";
import type { Level } from "../../../../shared/worlds/level.ts";
import { CommandButton } from "../../../ui/commands.tsx";
import { SteerHint } from "../../../ui/keys.tsx";
import { freshSeed } from "../../activities/seed.ts";
import { demonstrationTrails } from "../../demonstrations.ts";
import { Chart } from "../../learning-curve.tsx";
import type { LessonState, PanelProps } from "../../state.ts";
import { Working } from "../../working.tsx";
import { AnswersUsed } from "../answers-used.tsx";
import { CorrectionButtons } from "../correction-buttons.tsx";
import { answersOf, DrivesGiven, sayEpisode } from "../drives-given.tsx";
import { useSharedDrive } from "../shared-drive.ts";
import type { Way } from "../way.ts";
import { sayWorth } from "../worth.ts";
import { AskedDrive, type AskedProgress, ready } from "./asked-drive.ts";
import { type Choices, sayStage, sayTurn } from "./words.ts";

export const whenAsked: Way = {
  name: "when-asked",
  title: "When it asks",
  about: "The learner drives, and asks you to take over when it is not sure.",
  suits: mayAsk,
  Panel: WhenAsked,
};

/** The learner drives, and asks for the wheel. */
function WhenAsked(props: PanelProps) {
  const { state, on, world, controls } = props;
  const lesson = state.lesson.value;
  const { interventions: all, episodes } = lesson.rounds.at(-1)!;
  const interventions = all.filter(({ asking }) => asking);
  const rate = useSignal<number>(usualRate);
  const round = lesson.rounds.length - 1;
  const keep = async (episode: Episode, recording: DriveRecording, asking: Asking | null) => {
    if (!asking) on.say("The drive is over.");
    else if (await on.ask("intervene", { round, episode, recording, asking }))
      on.say(`Saved. ${sayEpisode(world, episode)}.`);
  };
  const { drive, learned, harm, isKept, advance } = useSharedDrive(
    props,
    interventions,
    (policy) =>
      new AskedDrive(
        world,
        { policy, rate: rate.peek(), drives: episodes },
        freshSeed(),
        controls,
        demonstrationTrails(state.lesson.peek()),
        (...driven) => void keep(...driven),
      ),
    ({ progress }, learned) => sayStage(progress.value, learned?.short),
    [rate.value],
  );
  const progress = drive?.progress.value ?? ready;
  const isUnderWay = progress.phase === "driving" || progress.phase === "asking";

  return (
    <>
      <AnswersUsed
        state={state}
        world={world}
        more={isKept ? 0 : progress.labels}
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
