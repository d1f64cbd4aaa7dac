import { useSignal } from "@preact/signals";
import { useLayoutEffect, useMemo } from "preact/hooks";
import { mostSteps } from "../../../shared/imitation/endurance.ts";
import type { GuessRange } from "../../../shared/lesson/guess.ts";
import { leaves } from "../../../shared/lesson/locks.ts";
import { stepsIn } from "../../../shared/worlds/steering.ts";
import { CommandButton, useCommand } from "../../ui/commands.tsx";
import { enterKey, letterKey } from "../../ui/keyboard.ts";
import { pathOfEpisode, trajectoryOf } from "../../worlds/replays.ts";
import type { PersonDrive } from "../activities/person-drive.ts";
import { PlayingControls } from "../activities/playing-controls.tsx";
import { Replay } from "../activities/replay.ts";
import { CourseGoal, NextLevel, useStars } from "../course-goal.tsx";
import { demonstrationTrails } from "../demonstrations.ts";
import { type PanelProps, useScene } from "../state.ts";
import { Copies } from "./copies.tsx";
import { Curious } from "./curious.tsx";
import { sayGuess } from "./guess.ts";
import { HighlightReplay, heatOf, momentOf, sayMoment } from "./highlights.ts";
import { Payoff } from "./payoff.tsx";
import { Race, sayAll } from "./race.tsx";
import type { Standing } from "./race-drive.ts";
import { shownIn } from "./shown.ts";
import { verdictOn } from "./verdict.ts";

/** The number, what it means, and what to do next. */
export function Told(
  props: PanelProps & {
    /** What was guessed before; null where nobody guessed. */
    readonly guess: GuessRange | null;
    readonly again: () => void;
  },
) {
  const { state, on, world, controls, guess } = props;
  const lesson = state.lesson.value;
  const round = lesson.rounds.at(-1)!;
  const number = lesson.rounds.length;
  const racing = useSignal<PersonDrive | null>(null);
  const standings = useSignal<readonly Standing[] | null>(null);
  const dense = useSignal(false);

  // A round's drives never change; its answers do. Demonstrations are as they are when one begins to look.
  const { watching, moments, heat } = useMemo(() => {
    const shown = lesson.demonstrations.map(({ episode }) => pathOfEpisode(episode).poses);
    const all = shownIn(world, lesson);
    const moments = round.episodes.map((episode) => momentOf(world, trajectoryOf(episode), all));
    const paths = round.episodes.map(pathOfEpisode);
    const trails = demonstrationTrails(lesson);
    const replaying = new Replay(world, paths, "learner", trails, round.uncertainty);
    return {
      watching: new HighlightReplay(replaying, moments),
      moments,
      heat: [
        heatOf(world, "expert", shown),
        heatOf(
          world,
          "learner",
          paths.map(({ poses }) => poses),
        ),
      ],
    };
  }, [world, round.seq]);

  const verdict = useMemo(() => verdictOn(lesson, world), [world, round.seq]);
  const { told, words } = verdict;
  useLayoutEffect(() => {
    on.say(`${told.words} ${told.unit}. ${words}`);
  }, [on, told, words]);
  const race = racing.value;
  useScene(on, race ?? watching, () => {
    if (race) {
      const ranked = standings.value;
      if (ranked) return sayAll([ranked[0]!, ranked.at(-1)!]);
      return race.progress.value.phase === "waiting" ? "You are green. Go!" : null;
    }
    const { index } = watching.progress.value;
    const { now } = watching;
    return now
      ? sayMoment(now)
      : `${number === 1 ? "Your clone" : "The learner"}, drive ${index + 1} of ${round.episodes.length}`;
  });

  // What is next comes first: to correct it, or once the goal is reached the next level.
  const hasStars = useStars(state) > 0;
  const isFree = race?.progress.value.phase !== "driving";
  const held = state.heldAt("correct");
  const correct = useCommand({
    key: enterKey,
    label: "Correct it",
    available: isFree && state.allows("correct"),
    run: () => on.go("correct"),
  });
  const again = useCommand({
    key: letterKey("W"),
    label: number === 1 ? "Watch again" : "Side by side",
    available: race === null,
    run: props.again,
  });
  const densities = useCommand({
    key: letterKey("D"),
    label: `${dense.value ? "Hide" : "Show"} where you both go`,
    available: race === null,
    run() {
      dense.value = !dense.value;
      watching.heat = dense.value ? heat : null;
      on.say(dense.value ? "Where you were, and where it goes." : "Hidden.");
    },
  });
  const longest = mostSteps / stepsIn(world.steering, 1, 1);
  const falls = round.episodes.some((episode) => pathOfEpisode(episode).falls.size > 0);
  return (
    <>
      <dl class="scores">
        <div>
          <dt class="learner">{told.unit}</dt>
          <dd>{told.words}</dd>
        </div>
      </dl>
      <p class="in-words">{words}</p>
      {guess && <p class="guessed">{sayGuess(guess, told)}</p>}
      {hasStars && <CourseGoal state={state} on={on} hasNext />}
      <p class="next">
        {hasStars && <NextLevel state={state} on={on} />}
        {(state.allows("correct") || held) && (
          <CommandButton command={correct} primary={!hasStars} />
        )}
        <CommandButton command={again} />
      </p>
      {held && <p class="quiet-text">{held}</p>}
      <PlayingControls playing={watching.replaying} available={race === null} />
      {told.held !== null && (
        <p class="quiet-text">
          {told.words}: half of {told.starts} long test drives got at least this far. A test drive
          ends at its first crash, or after {longest} seconds.
          {falls && " The short drives that you see here go on after a crash."}
        </p>
      )}
      {number > 1 && <Payoff state={state} on={on} world={world} verdict={verdict} />}
      {!hasStars && <CourseGoal state={state} on={on} />}
      {number > 1 && !hasStars && <Copies lesson={lesson} world={world} />}
      {leaves(lesson, "race") && (
        <Race
          state={state}
          on={on}
          world={world}
          controls={controls}
          racing={racing}
          standings={standings}
        />
      )}
      <Curious
        state={state}
        world={world}
        moments={moments}
        playing={race ? null : watching.progress.value.index}
        densities={densities}
        dense={dense.value && race === null}
      >
        {number > 1 && hasStars && <Copies lesson={lesson} world={world} />}
      </Curious>
    </>
  );
}
