import type { DriveRecording } from "../../../../shared/lesson/recording.ts";
import { Controller, type Episode } from "../../../../shared/worlds/episode.ts";
import type { Level } from "../../../../shared/worlds/level.ts";
import { CommandButton } from "../../../ui/commands.tsx";
import { KeyHint, SteerHint } from "../../../ui/keys.tsx";
import { freshSeed } from "../../activities/seed.ts";
import { Whereabouts } from "../../activities/whereabouts.tsx";
import { demonstrationTrails } from "../../demonstrations.ts";
import { Chart } from "../../learning-curve.tsx";
import type { PanelProps } from "../../state.ts";
import { Working } from "../../working.tsx";
import { AnswersUsed } from "../answers-used.tsx";
import { CorrectionButtons } from "../correction-buttons.tsx";
import { answersOf, DrivesGiven, sayEpisode } from "../drives-given.tsx";
import { useSharedDrive } from "../shared-drive.ts";
import type { Way } from "../way.ts";
import { sayWorth } from "../worth.ts";
import { TakeoverDrive } from "./takeover-drive.ts";

export const takeover: Way = {
  name: "takeover",
  title: "Take over",
  about: "The learner drives. Take over when you would do something else.",
  Panel: Takeover,
};

/** The learner drives; the person takes the wheel where they see fit. */
function Takeover(props: PanelProps) {
  const { state, on, world, controls } = props;
  const lesson = state.lesson.value;
  const interventions = lesson.rounds.at(-1)!.interventions.filter(({ asking }) => !asking);
  const round = lesson.rounds.length - 1;
  const keep = async (episode: Episode, recording: DriveRecording) => {
    const words = sayEpisode(world, episode);
    if (!episode.controllers.includes(Controller.expert)) {
      on.say("The drive is over. You never took over, so the learner has nothing to learn.");
    } else if (await on.ask("intervene", { round, episode, recording })) {
      on.say(`Saved. ${words}.`);
    }
  };
  const { drive, learned, harm, isKept, advance } = useSharedDrive(
    props,
    interventions,
    (policy) =>
      new TakeoverDrive(
        world,
        policy,
        freshSeed(),
        controls,
        demonstrationTrails(state.lesson.peek()),
        (...driven) => void keep(...driven),
      ),
    ({ progress }, learned) => {
      const { phase, hands } = progress.value;
      if (phase === "ready") return "Let it drive, and be ready to take over";
      if (phase === "over") return learned?.short || "The drive is over";
      if (!hands) return "The learner drives";
      return world.steering.pace === "runs" ? "You drive" : "Your move";
    },
  );
  const { phase = null, labels = 0 } = drive?.progress.value ?? {};

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
      {drive && <Whereabouts driving={drive} />}
      <p class="learned" role="status">
        {harm ?? learned?.words}
      </p>
      <Tally shared={drive} world={world} />
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
