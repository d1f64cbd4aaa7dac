import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useCallback, useLayoutEffect, useMemo } from "preact/hooks";
import { regretOf } from "../../../shared/irl/taste.ts";
import type { Demonstration } from "../../../shared/lesson/lesson.ts";
import { mayDemonstrate, mayForget, plannedSeed } from "../../../shared/lesson/locks.ts";
import type { DriveRecording } from "../../../shared/lesson/recording.ts";
import type { Episode, Trajectory } from "../../../shared/worlds/episode.ts";
import { demonstrationWorld, type Level } from "../../../shared/worlds/level.ts";
import { scoreOf } from "../../../shared/worlds/measure.ts";
import { isByKeys } from "../../../shared/worlds/steering.ts";
import { Outcome } from "../../../shared/worlds/world.ts";
import { mostDrives, wantsMap } from "../../course/progress.ts";
import type { RewardMap } from "../../stage/activity.ts";
import { CommandButton, useCommand } from "../../ui/commands.tsx";
import { digitKey, enterKey, escapeKey, letterKey } from "../../ui/keyboard.ts";
import { SteerHint, useSteeringLetters } from "../../ui/keys.tsx";
import { newest } from "../../ui/newest.ts";
import { describe } from "../../worlds/describe.ts";
import { presentationOf } from "../../worlds/index.ts";
import { LevelWords, Reached } from "../../worlds/level-words.tsx";
import { keepScore, recordOf } from "../../worlds/records.ts";
import { pathOfEpisode, trajectoryOf } from "../../worlds/replays.ts";
import { PersonDrive } from "../activities/person-drive.ts";
import { PlayingControls } from "../activities/playing-controls.tsx";
import { Replay } from "../activities/replay.ts";
import { freshSeed, seedFor } from "../activities/seed.ts";
import { Still } from "../activities/still.ts";
import { sayStuck } from "../activities/whereabouts.tsx";
import { background } from "../background.ts";
import { demonstrationTrails } from "../demonstrations.ts";
import { guessOf } from "../guesses.ts";
import { formingMap } from "../reward-map.ts";
import { type LessonState, type PanelProps, useScene } from "../state.ts";
import { Untellable } from "../untellable.tsx";
import { Approach } from "./approach.tsx";
import { Clock } from "./clock.tsx";
import { Enough } from "./enough.tsx";
import { TasteCard } from "./taste.tsx";

export function Demonstrate({ state, on, world, controls }: PanelProps) {
  useSteeringLetters(world);
  const { demonstrations } = state.lesson.value;
  const driving = useSignal<PersonDrive | null>(null);
  const replayed = useSignal<{ readonly seq: number; readonly replay: Replay } | null>(null);
  const last = useSignal<string | null>(null);
  const record = useSignal(recordOf(world.name));
  const [forming, form] = useForming(state, world);

  const held = state.held("demonstrate");
  const most = mostDrives(state.id);
  const isEnough = demonstrations.length >= most;
  const start = useCallback(
    (another: boolean) => {
      // Not as it was drawn last: one may just have been deleted.
      const isFull = state.lesson.peek().demonstrations.length >= most;
      if (isFull || !mayDemonstrate(state.lesson.peek()) || held !== null) {
        driving.value = null;
        return;
      }
      const background = demonstrationTrails(state.lesson.peek());
      const keep = async (episode: Episode, recording: DriveRecording) => {
        const words = describe(world, state.lesson.peek().taste, trajectoryOf(episode));
        if (!(await on.ask("demonstrate", { episode, recording }))) return;
        const best = keepBest(world, state.lesson.peek().taste, trajectoryOf(episode));
        record.value = recordOf(world.name);
        // Nine crashes may be one's best, and are nothing to be congratulated on.
        last.value = best && !hasFallen({ episode }) ? `${words}. Your best so far` : words;
        on.say(`Saved. ${last.value}`);
      };
      const cell = state.start.peek();
      const place = demonstrationWorld(world);
      const seed =
        plannedSeed(state.lesson.peek()) ?? (cell === null ? freshSeed() : seedFor(place, cell));
      on.startAt(null);
      const activity: PersonDrive = new PersonDrive(place, seed, controls, {
        background,
        another,
        map: () => forming.peek(),
        onStep: form,
        // Who begins anew, or looks at an earlier walk, has put another thing on the stage before.
        onUnfinished() {
          if (driving.peek() === activity) on.dropWalk();
        },
        onOver(episode, recording) {
          void keep(episode, recording).then(() => {
            if (driving.peek() === activity) start(true);
          });
        },
      });
      replayed.value = null;
      driving.value = activity;
    },
    [state, on, world, controls, driving, replayed, last, record, form, forming, held, isEnough],
  );

  const owner = state.owner.value;
  // Who looks on sees what was shown, and has nothing to drive.
  useLayoutEffect(() => {
    if (owner) start(false);
    else driving.value = null;
  }, [start, owner, driving]);
  const still = useMemo(
    () => new Still({ background: demonstrationTrails(state.lesson.peek()) }),
    [state, demonstrations],
  );
  useScene(on, driving.value ?? replayed.value?.replay ?? still, () => {
    if (driving.value?.isStuck.value) return sayStuck();
    return driving.value?.progress.value.phase === "waiting"
      ? sayStart(world, state.lesson.value.demonstrations.length)
      : null;
  });

  const phase = driving.value?.progress.value.phase ?? "waiting";
  const mayClone = state.mayTrain.value;
  const cloning = { label: "Clone me", available: mayClone, run: () => void on.train() };
  const clone = useCommand({ ...cloning, key: letterKey("C") });
  // Where the level asks for the map, the clone is beside the way.
  const leadsToMap = wantsMap(state.id) && demonstrations.length > 0;
  const mapping = {
    label: "See your reward map",
    available: leadsToMap,
    run: () => on.go("reward"),
  };
  const map = useCommand({ ...mapping, key: digitKey(5) });
  useCommand(
    phase === "driving"
      ? {
          key: enterKey,
          label: "End the demonstration here",
          available: true,
          run() {
            if (!driving.value!.end()) start(true);
          },
        }
      : { ...(leadsToMap ? mapping : cloning), key: enterKey },
  );
  const again = useCommand({
    key: escapeKey,
    label: driving.value ? "Begin again" : "Drive again",
    available: owner && held === null && !isEnough && mayDemonstrate(state.lesson.value),
    run: () => start(true),
  });
  const mayDelete = owner && !state.busy.value && mayForget(state.lesson.value);
  const replayOf = ({ seq, episode }: Demonstration) => {
    const replay = new Replay(demonstrationWorld(world), [pathOfEpisode(episode)], "expert", []);
    replayed.value = { seq, replay };
    driving.value = null;
  };
  const forget = async ({ seq }: Demonstration) => {
    if (!(await on.ask("forget", { demonstration: seq }))) return;
    on.say("Deleted.");
    start(true);
  };

  return (
    <>
      <h2>Show the learner what to do</h2>
      <p>{world.task}</p>
      <LevelWords world={world} />
      {world.tastes && <TasteCard state={state} on={on} world={world} controls={controls} />}
      <Untellable world={world} />
      <p class="hint">
        <SteerHint world={demonstrationWorld(world)} />.
      </p>
      {driving.value ? (
        <Clock driving={driving.value} world={world} driven={demonstrations.length} />
      ) : (
        <>
          {replayed.value && <PlayingControls playing={replayed.value.replay} />}
          {again.available && (
            <p>
              <CommandButton command={again} />
            </p>
          )}
        </>
      )}
      {presentationOf(world).hasCloseUp && <Approach />}
      {forming.value && (
        <p class="quiet-text">
          The coloured frames show what your walks say so far. Yellow: you seem to like it. Blue:
          you seem to avoid it. Weak colours: not sure yet.
        </p>
      )}
      <Reached record={record.value} />
      {last.value && <p class="saved-line">Saved. {last.value}</p>}
      {last.value && hasFallen(demonstrations.at(-1)) && (
        <p class="copied quiet-text">
          Your clone copies your crashes, too.{mayDelete && " ✕ deletes a drive."}
        </p>
      )}
      <h3>
        Your demonstrations <span class="count">{demonstrations.length}</span>
      </h3>
      {owner && isEnough && <Enough most={most} shown={demonstrations.length} />}
      {demonstrations.length === 0 ? (
        <p class="quiet-text">None yet. One is enough for a first clone.</p>
      ) : (
        <ol class="episodes">
          {demonstrations.map((demonstration, i) => (
            <li
              key={demonstration.seq}
              class={replayed.value?.seq === demonstration.seq ? "current" : ""}
            >
              <span class="episode-words">
                {describe(world, state.lesson.value.taste, trajectoryOf(demonstration.episode))}
              </span>
              <button
                type="button"
                class="quiet"
                aria-label={`Replay demonstration ${i + 1}`}
                onClick={() => replayOf(demonstration)}
              >
                ▷
              </button>
              {mayDelete && (
                <button
                  type="button"
                  class="quiet"
                  aria-label={`Delete demonstration ${i + 1}`}
                  onClick={() => void forget(demonstration)}
                >
                  ✕
                </button>
              )}
            </li>
          ))}
        </ol>
      )}
      <p class="next">
        {leadsToMap && <CommandButton command={map} primary />}
        <CommandButton command={clone} primary={!leadsToMap} />
      </p>
      {demonstrations.length > 0 && state.noTraining.value && (
        <p class="quiet-text">{state.noTraining.value}</p>
      )}
    </>
  );
}

/**
 * The map that forms while the person walks: what all their walks, the one under way included, say so
 * far. Only where the world waits for them; elsewhere a map takes seconds. Half a walk alone says too little, and
 * nobody is shown what they are still to guess.
 */
function useForming(
  state: LessonState,
  world: Level,
): [ReadonlySignal<RewardMap | null>, (episode: Episode) => void] {
  const forming = useSignal<RewardMap | null>(null);
  const form = useMemo(() => {
    const ask = newest(
      (episodes: readonly Episode[]) => background().infer(world.name, episodes),
      (inferred) => {
        forming.value = formingMap(world, inferred);
      },
    );
    return (episode: Episode) => {
      if (world.steering.pace === "runs") return;
      const shown = state.lesson
        .peek()
        .demonstrations.map((demonstration) => demonstration.episode);
      if (shown.length === 0 || guessOf(state.id, "reward") === undefined) return;
      ask([...shown, episode]);
    };
  }, [state, world, forming]);
  return [forming, form];
}

/** Keeps the score of a demonstration if it is the person's best here; returns whether it is. */
function keepBest(world: Level, taste: string | null, trajectory: Trajectory): boolean {
  const regret = taste === null ? null : regretOf(world, world.tastes![taste]!.weights, trajectory);
  const score = scoreOf(world, trajectory, regret);
  return score !== null && keepScore(world, score);
}

function hasFallen(shown: Pick<Demonstration, "episode"> | undefined): boolean {
  return shown !== undefined && trajectoryOf(shown.episode).outcomes.includes(Outcome.fell);
}

/** What to do to set off. */
function sayStart(world: Level, driven: number): string {
  const again = driven > 0 ? "go again" : "start";
  if (matchMedia("(pointer: coarse)").matches)
    return `${isByKeys(world) ? "Press ◀ or ▶" : "Touch the picture"} to ${again}`;
  return `Press ${"up" in world.steering.keys ? "an arrow key" : "← or →"} to ${again}`;
}
