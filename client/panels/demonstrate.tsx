import { useSignal, useSignalEffect } from "@preact/signals";
import { useCallback, useLayoutEffect } from "preact/hooks";
import type { Demonstration } from "../../shared/lesson.ts";
import { firstOpenSeed } from "../../shared/protocol.ts";
import type { Episode } from "../../shared/worlds/episode.ts";
import type { World } from "../../shared/worlds/world.ts";
import type { Classroom } from "../classroom.ts";
import { demonstrationTrails, formatMeasure, pathOfEpisode, trajectoryOf } from "../derived.ts";
import { KeyHint, useKey } from "../keys.tsx";
import { Driving } from "../play/driving.ts";
import { Replaying } from "../play/replaying.ts";

/** A seed that is not held out. */
function freshSeed(): number {
  const drawn = crypto.getRandomValues(new Uint32Array(1))[0]!;
  return drawn < firstOpenSeed ? drawn + firstOpenSeed : drawn;
}

export function Demonstrate({ room, world }: { room: Classroom; world: World }) {
  const { demonstrations } = room.lesson.value;
  const driving = useSignal<Driving | null>(null);
  const replayed = useSignal<number | null>(null);
  const last = useSignal<string | null>(null);

  const begin = useCallback(() => {
    const background = demonstrationTrails(room.lesson.peek());
    const keep = async (episode: Episode) => {
      const words = describe(world, episode);
      if (await room.ask("demonstrate", { episode })) {
        last.value = words;
        room.news.value = `Saved. ${words}`;
      }
    };
    const activity: Driving = new Driving(
      world,
      freshSeed(),
      room.controls,
      background,
      (episode) => {
        void keep(episode).then(() => {
          if (room.activity.peek() === activity) begin();
        });
      },
    );
    replayed.value = null;
    driving.value = activity;
    room.show(activity);
  }, [room, world, driving, replayed, last]);

  useLayoutEffect(() => {
    begin();
    return () => room.show(null);
  }, [begin, room]);
  useSignalEffect(() => {
    const waiting = driving.value?.progress.value.phase === "waiting";
    room.caption.value = waiting ? sayStart(world, room.lesson.peek().demonstrations.length) : null;
  });

  const done = () => {
    const { phase } = driving.value?.progress.value ?? { phase: "waiting" };
    if (phase === "driving") driving.value!.leave();
    else if (demonstrations.length > 0) void room.train();
  };
  useKey("Enter", done);
  useKey("Escape", begin);

  const replayOf = ({ seq, episode }: Demonstration) => {
    replayed.value = seq;
    driving.value = null;
    room.show(new Replaying(world, [pathOfEpisode(episode)], "expert", []));
  };
  const forget = async ({ seq }: Demonstration) => {
    if (!(await room.ask("forget", { demonstration: seq }))) return;
    room.news.value = "Deleted.";
    begin();
  };

  return (
    <>
      <h2>Show it how</h2>
      <p>{world.task}</p>
      <p class="hint">
        <span class="by-keys">
          <KeyHint world={world} /> — or{" "}
        </span>
        press on the picture where you want to go.
      </p>
      {driving.value ? (
        <Clock driving={driving.value} world={world} />
      ) : (
        <p>
          <button type="button" onClick={begin}>
            Back to the wheel <kbd>Esc</kbd>
          </button>
        </p>
      )}
      {last.value && <p class="saved-line">Saved. {last.value}</p>}
      <h3>
        Your demonstrations <span class="count">{demonstrations.length}</span>
      </h3>
      {demonstrations.length === 0 ? (
        <p class="quiet-text">None yet. One is enough to begin with.</p>
      ) : (
        <ol class="episodes">
          {demonstrations.map((demonstration, i) => (
            <li
              key={demonstration.seq}
              class={replayed.value === demonstration.seq ? "current" : ""}
            >
              <span class="episode-words">{describe(world, demonstration.episode)}</span>
              <button
                type="button"
                class="quiet"
                aria-label={`Replay demonstration ${i + 1}`}
                onClick={() => replayOf(demonstration)}
              >
                ▷
              </button>
              <button
                type="button"
                class="quiet"
                aria-label={`Delete demonstration ${i + 1}`}
                onClick={() => void forget(demonstration)}
              >
                ✕
              </button>
            </li>
          ))}
        </ol>
      )}
      <p class="next">
        <button
          type="button"
          class="primary"
          disabled={demonstrations.length === 0 || room.busy.value}
          onClick={() => void room.train()}
        >
          Clone me <kbd>C</kbd>
        </button>
      </p>
    </>
  );
}

function Clock({ driving, world }: { driving: Driving; world: World }) {
  const { phase, time } = driving.progress.value;
  const share = time / world.horizon;
  const pace = world.stepsPerSecond;
  return (
    <div class="clock">
      <progress value={share} max={1} aria-label="Share of the episode driven" />
      <span class="figures">
        {phase === "waiting"
          ? pace
            ? "Waiting for your first touch"
            : "Your move"
          : pace
            ? `${((world.horizon - time) / pace).toFixed(1)} s left`
            : `${world.horizon - time} moves left`}
      </span>
    </div>
  );
}

/** What to do to set off. */
function sayStart(world: World, driven: number): string {
  const again = driven > 0 ? "go again" : "set off";
  if (matchMedia("(pointer: coarse)").matches) return `Touch the picture to ${again}`;
  return `Press ${"up" in world.keys ? "an arrow key" : "← or →"} to ${again}`;
}

function describe(world: World, episode: Episode): string {
  const { measure } = world;
  const trajectory = trajectoryOf(episode);
  const { length } = trajectory;
  const value = measure.of(trajectory);
  const long = world.stepsPerSecond
    ? `${(length / world.stepsPerSecond).toFixed(1)} s`
    : `${length} ${length === 1 ? "move" : "moves"}`;
  if (measure.format === "share") return `${long}, ${value ? "" : "not "}${measure.name}`;
  if (measure.format === "distance") return `${long}, ${formatMeasure(value, measure)} off`;
  return `${long}, ${value} ${value === 1 ? measure.name.replace(/s$/, "") : measure.name}`;
}
