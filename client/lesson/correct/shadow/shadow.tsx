import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { nAligned } from "../../../../shared/imitation/lag.ts";
import type { Shadow as Shadowed } from "../../../../shared/lesson/lesson.ts";
import { shadowSpeeds } from "../../../../shared/lesson/protocol.ts";
import type { DriveRecording } from "../../../../shared/lesson/recording.ts";
import { count } from "../../../../shared/plural.ts";
import type { Level } from "../../../../shared/worlds/level.ts";
import { stepsIn } from "../../../../shared/worlds/steering.ts";
import { CommandButton, useCommand } from "../../../ui/commands.tsx";
import { enterKey, escapeKey } from "../../../ui/keyboard.ts";
import { SteerHint } from "../../../ui/keys.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { trajectoryOf } from "../../../worlds/replays.ts";
import { demonstrationTrails } from "../../demonstrations.ts";
import { freeKeys } from "../../focus.ts";
import { useLearning } from "../../learned/learning.ts";
import { changedWay } from "../../learned/lit.ts";
import { Chart } from "../../learning-curve.tsx";
import { type PanelProps, useScene } from "../../state.ts";
import { Working } from "../../working.tsx";
import { AnswersUsed, useAnswersUsed } from "../answers-used.tsx";
import { CorrectionButtons } from "../correction-buttons.tsx";
import { warnOfDrive } from "../used.ts";
import type { Way } from "../way.ts";
import { ShadowDrive } from "./shadow-drive.ts";

const speedNames: Record<(typeof shadowSpeeds)[number], string> = {
  0.5: "½×",
  0.75: "¾×",
  1: "1×",
};

export const shadow: Way = {
  name: "shadow",
  title: "Steer along",
  about: "You see a drive of the learner, and steer along.",
  // Nobody is late where the world waits.
  suits: ({ steering }) => steering.pace === "runs",
  Panel: Shadow,
};

/** One of the round's drives is played, and the person steers along. */
function Shadow({ state, on, world, controls }: PanelProps) {
  const lesson = state.lesson.value;
  const number = lesson.rounds.length;
  const round = lesson.rounds.at(-1)!;
  const { seq, episodes, shadows } = round;
  const drive = shadows.length % episodes.length;
  const speed = useSignal<(typeof shadowSpeeds)[number]>(0.75);
  /** Told apart by it: each go at a drive is another activity. */
  const go = useSignal(0);

  const shadowing = useMemo(() => {
    const keep = async (actions: readonly number[], recording: DriveRecording) => {
      const steered = { speed: speed.peek(), actions: [...actions], recording };
      const body = { round: number - 1, drive, ...steered };
      if (!(await on.ask("shadow", body))) go.value++;
      else
        on.say(`Saved. ${sayShadow(world, state.lesson.peek().rounds.at(-1)!.shadows.at(-1)!)}.`);
    };
    return new ShadowDrive(
      world,
      trajectoryOf(episodes[drive]!),
      speed.value,
      controls,
      demonstrationTrails(state.lesson.peek()),
      (...steered) => void keep(...steered),
    );
    // A round's drives never change, and which of them is next follows from the shadows so far.
  }, [state, on, controls, world, seq, shadows.length, speed.value, go.value]);
  const latest = useRef(shadowing);
  latest.current = shadowing;

  const learned = useLearning(state, world, round, (before, now, round) => {
    latest.current.learned(changedWay(world, round, before, now).stretches);
  });

  useScene(on, shadowing, () => {
    const { phase, touched } = shadowing.progress.value;
    return {
      ready: `The learner's drive ${drive + 1} of ${episodes.length}`,
      playing: touched ? "Green: you. Orange: the learner" : "Steer as you would here",
      over: "Estimating how late you react …",
    }[phase];
  });

  const used = useAnswersUsed({ state, world });
  const warning = used && warnOfDrive(used.used, used.most, episodes[drive]!.controllers.length);
  const { phase } = shadowing.progress.value;
  const next = () => {
    if (phase === "playing") {
      go.value++;
      return;
    }
    freeKeys();
    shadowing.start();
    on.say("Steer along.");
  };
  const advance = useCommand({
    key: enterKey,
    label: phase === "playing" ? "Stop" : "Play it",
    available: phase !== "over" && !state.busy.value && state.owner.value,
    run: next,
  });
  useCommand({ key: escapeKey, label: "Stop", available: phase === "playing", run: next });

  return (
    <>
      <AnswersUsed state={state} world={world} last={answersOf(world, shadows.at(-1))} />
      <h2>Steer along</h2>
      <p>
        Steer as <span class="expert">you</span> would drive. The car does not follow you, but the{" "}
        <span class="learner">learner</span> learns how you steer. A whole drive counts as up to{" "}
        {world.horizon} answers.
      </p>
      {warning && <Notice>{warning}</Notice>}
      <p class="next">
        <CommandButton command={advance} primary />
        <CorrectionButtons state={state} on={on} given={shadows} />
      </p>
      <fieldset class="one-of">
        <legend>Speed</legend>
        {shadowSpeeds.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={one === speed.value}
            onClick={() => {
              speed.value = one;
            }}
          >
            {speedNames[one]}
          </button>
        ))}
      </fieldset>
      <p class="learned" role="status">
        {learned?.words}
      </p>
      <Played shadowing={shadowing} world={world} speed={speed.value} />
      <p class="hint">
        <SteerHint world={world} />. The green dots show where you steer. You react a little late.
        From how you steer, the computer estimates how late you are, and takes that into account.
        Steer at random, and that is a random number.
      </p>
      <Working state={state} on={on} work="train" words="Learning from you" />
      <h3>
        Drives in this round <span class="count">{shadows.length}</span>
      </h3>
      {shadows.length === 0 ? (
        <p class="quiet-text">None yet.</p>
      ) : (
        <ol class="episodes">
          {shadows.map((shadow) => (
            <li key={shadow.seq}>
              <span class="episode-words">{sayShadow(world, shadow)}</span>
            </li>
          ))}
        </ol>
      )}
      <Chart lesson={lesson} world={world} />
    </>
  );
}

function Played(props: { shadowing: ShadowDrive; world: Level; speed: number }) {
  const { shadowing, world, speed } = props;
  const { phase, time, touched } = shadowing.progress.value;
  const left = (world.horizon - time) / stepsIn(world.steering, speed, 1);
  return (
    <div class="clock">
      <progress value={time / world.horizon} max={1} aria-label="Share of the drive" />
      <span class="figures">
        {phase === "playing" && !touched
          ? "Counting starts when you steer"
          : `${left.toFixed(1)} s left`}
      </span>
    </div>
  );
}

/** Answers in a drive; 0 where there is none. */
function answersOf(world: Level, drive: Shadowed | undefined): number {
  return drive ? nAligned(world, drive.actions, drive.lag) : 0;
}

function sayShadow(world: Level, { drive, speed, lag, actions }: Shadowed): string {
  const labels = nAligned(world, actions, lag);
  const seconds = lag / stepsIn(world.steering, speed, 1);
  const name = shadowSpeeds.find((one) => one === speed);
  return `Drive ${drive + 1} at ${name ? speedNames[name] : speed}: ${count(labels, "answer")}, about ${seconds.toFixed(2)} s late`;
}
