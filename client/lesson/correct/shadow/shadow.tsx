import { useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import { realign } from "../../../../shared/imitation/lag.ts";
import type { Shadow as Shadowed } from "../../../../shared/lesson/lesson.ts";
import { shadowSpeeds } from "../../../../shared/lesson/protocol.ts";
import { count } from "../../../../shared/plural.ts";
import type { Level } from "../../../../shared/worlds/level.ts";
import { stepsIn } from "../../../../shared/worlds/steering.ts";
import { KeyHint, useKey } from "../../../ui/keys.tsx";
import { trajectoryOf } from "../../../worlds/replays.ts";
import type { Classroom } from "../../classroom.ts";
import { demonstrationTrails } from "../../demonstrations.ts";
import { Chart } from "../../learning-curve.tsx";
import { Working } from "../../working.tsx";
import { Shadowing } from "./shadowing.ts";

const speedNames: Record<(typeof shadowSpeeds)[number], string> = {
  0.5: "½×",
  0.75: "¾×",
  1: "1×",
};

/** One of the round's drives is played, and the person steers along. */
export function Shadow({ room, world }: { room: Classroom; world: Level }) {
  const lesson = room.lesson.value;
  const number = lesson.rounds.length;
  const { seq, episodes, shadows } = lesson.rounds.at(-1)!;
  const drive = shadows.length % episodes.length;
  const speed = useSignal<(typeof shadowSpeeds)[number]>(0.75);
  const shadowing = useSignal<Shadowing | null>(null);
  /** Told apart by it: each go at a drive is another activity. */
  const go = useSignal(0);

  useLayoutEffect(() => {
    const keep = async (actions: readonly number[]) => {
      const body = { round: number - 1, drive, speed: speed.peek(), actions: [...actions] };
      if (!(await room.ask("shadow", body))) go.value++;
      else
        room.news.value = `Saved. ${sayShadow(world, room.lesson.peek().rounds.at(-1)!.shadows.at(-1)!)}.`;
    };
    const activity = new Shadowing(
      world,
      trajectoryOf(episodes[drive]!),
      speed.value,
      room.controls,
      demonstrationTrails(room.lesson.peek()),
      (actions) => void keep(actions),
    );
    shadowing.value = activity;
    room.show(activity);
    return () => room.show(null);
    // A round's drives never change, and which of them is next follows from the shadows so far.
  }, [room, world, seq, shadows.length, speed.value, go.value]);

  useSignalEffect(() => {
    const { phase, touched } = shadowing.value?.progress.value ?? { phase: "ready" };
    room.caption.value = {
      ready: `The learner's drive ${drive + 1} of ${episodes.length}`,
      playing: touched ? "You in green, its track in orange" : "Steer as you would here",
      over: "Finding out how late your hands are …",
    }[phase];
  });

  const advance = () => {
    const activity = shadowing.peek();
    if (!activity || room.busy.peek()) return;
    if (activity.progress.peek().phase === "playing") {
      go.value++;
      return;
    }
    // Whatever has the focus would take the arrow keys for itself.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    activity.start();
    room.news.value = "Steer along.";
  };
  const takeBack = async () => {
    const last = room.lesson.peek().rounds.at(-1)!.shadows.at(-1);
    if (!last || room.busy.peek()) return;
    if (await room.ask("retract", { correction: last.seq })) room.news.value = "Taken back.";
  };
  useKey("Enter", advance);
  useKey("Escape", () => {
    if (shadowing.peek()?.progress.peek().phase === "playing") go.value++;
  });
  useKey("KeyZ", () => void takeBack());
  useKey("KeyT", () => void room.train());

  return (
    <>
      <h2>Steer along</h2>
      <p>
        A drive of the <span class="learner">learner</span>'s is played: steer as{" "}
        <span class="expert">you</span> would there. How late your hands are is made good.
      </p>
      <p class="next">
        <Advance shadowing={shadowing.value} busy={room.busy.value} advance={advance} />
        <button
          type="button"
          disabled={shadows.length === 0 || room.busy.value}
          onClick={() => void takeBack()}
        >
          Take back <kbd>Z</kbd>
        </button>
        {shadows.length > 0 && (
          <button type="button" disabled={room.busy.value} onClick={() => void room.train()}>
            Train again <kbd>T</kbd>
          </button>
        )}
      </p>
      <fieldset class="speeds">
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
      <Played shadowing={shadowing.value} world={world} speed={speed.value} />
      <p class="hint">
        <span class="by-keys">
          <KeyHint world={world} />, or{" "}
        </span>
        hold the picture where you want to go; the dots are where your wheel leads.
      </p>
      <Working room={room} work="train" words="Learning from you" />
      <h3>
        Shadowed this round <span class="count">{shadows.length}</span>
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

function Played(props: { shadowing: Shadowing | null; world: Level; speed: number }) {
  const { shadowing, world, speed } = props;
  const { phase, time, touched } = shadowing?.progress.value ?? { phase: "ready", time: 0 };
  const left = (world.horizon - time) / stepsIn(world.steering, speed, 1);
  return (
    <div class="clock">
      <progress value={time / world.horizon} max={1} aria-label="Share of the drive" />
      <span class="figures">
        {phase === "playing" && !touched
          ? "Nothing counts before your first touch"
          : `${left.toFixed(1)} s left`}
      </span>
    </div>
  );
}

function Advance(props: { shadowing: Shadowing | null; busy: boolean; advance: () => void }) {
  const phase = props.shadowing?.progress.value.phase ?? "ready";
  return (
    <button
      type="button"
      class="primary"
      disabled={phase === "over" || props.busy}
      onClick={props.advance}
    >
      {phase === "playing" ? "Stop" : "Play it"} <kbd>Enter</kbd>
    </button>
  );
}

function sayShadow(world: Level, { drive, speed, lag, actions }: Shadowed): string {
  const labels = realign(world, actions, lag).length;
  const seconds = lag / stepsIn(world.steering, speed, 1);
  const name = shadowSpeeds.find((one) => one === speed);
  return `Drive ${drive + 1} at ${name ? speedNames[name] : speed}: ${count(labels, "label")}, your hands ${seconds.toFixed(2)} s late`;
}
