import { useEffect, useMemo } from "preact/hooks";
import { count } from "../../shared/plural.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { formatCost } from "../../shared/worlds/measure.ts";
import { beginLevel } from "../course/begin.ts";
import { type CourseLevel, nameLevel, nextOf } from "../course/course.ts";
import { type Goal, nameGoal, sayGoal, sayStars } from "../course/goal.ts";
import { isNewsIn, keepStars, keptStars, levelOf } from "../course/progress.ts";
import { starsIn, wishedIn } from "../course/reached.ts";
import { StarRow } from "../course/stars.tsx";
import { CommandButton, useCommand } from "../ui/commands.tsx";
import { letterKey } from "../ui/keyboard.ts";
import { goOnFrom } from "./earlier-walks.ts";
import { useGoing } from "./going.ts";
import { guessOf } from "./guesses.ts";
import type { LessonActions, LessonState } from "./state.ts";

/**
 * The goal of the level that the lesson plays, how far it is reached, and the way to the next.
 * @param hasNext whether the way to the next level is elsewhere
 */
export function CourseGoal({
  state,
  on,
  hasNext = false,
}: {
  state: LessonState;
  on: LessonActions;
  hasNext?: boolean;
}) {
  const level = levelOf(state.id);
  return level && <GoalOf level={level} state={state} on={on} hasNext={hasNext} />;
}

/** The level's goal in one line, beneath the bar that names the level, where the goal itself is further down than one sees. */
export function LevelLine({ state }: { state: LessonState }) {
  const level = levelOf(state.id);
  if (!level) return null;
  // Those of a round that has not been watched yet would tell how it ends.
  return (
    <p class="level-line">
      Goal: {nameGoal(level.goal)} <StarRow reached={keptStars()[level.name] ?? 0} />
    </p>
  );
}

/** The button to the level after the one that the lesson plays; nothing after the last. */
export function NextLevel({ state, on }: { state: LessonState; on: LessonActions }) {
  const level = levelOf(state.id);
  const next = level && nextOf(level);
  return next && <Next level={next} state={state} on={on} />;
}

/** The stars that the lesson has reached in its level; 0 where it plays none. */
export function useStars(state: LessonState): number {
  const level = levelOf(state.id);
  const { demonstrations, rounds, inference } = state.lesson.value;
  return useMemo(
    () => (level ? starsIn(level.goal, state.lesson.peek()) : 0),
    [level, state, demonstrations, rounds.length, inference],
  );
}

function GoalOf({
  level,
  state,
  on,
  hasNext,
}: {
  level: CourseLevel;
  state: LessonState;
  on: LessonActions;
  hasNext: boolean;
}) {
  const reached = useStars(state);
  const owner = state.owner.value;
  // Nobody is told what the map is worth before they have guessed what is on it.
  const isKnown = level.goal.kind === "hold" || guessOf(state.id, "reward") !== undefined;
  const stars = isKnown ? reached : 0;
  const { rounds, inference } = state.lesson.value;
  const isFirst = rounds.length === 0 && !inference;
  useEffect(() => {
    if (owner) keepStars(level, stars);
  }, [owner, level, stars]);
  // Where it is told: a round's stars are not to be known before it has been watched.
  const told = state.step.value === (level.goal.kind === "hold" ? "watch" : "reward");
  const busy = state.busy.value;
  useEffect(() => {
    if (owner && told && !busy && isNewsIn(state.id, stars)) on.celebrate();
  }, [on, state, owner, told, busy, stars]);
  const next = nextOf(level);
  return (
    <section class="course-goal" aria-labelledby="goal-title">
      <h3 id="goal-title">
        {nameLevel(level)}
        {sayPlace(level)} <StarRow reached={stars} />
      </h3>
      {isFirst && <p>{level.idea}</p>}
      <p>
        {stars > 0 ? (
          <b>Goal reached.</b>
        ) : (
          <>
            <b>Goal:</b> {sayGoal(level.goal)}
          </>
        )}{" "}
        {stars < 3 && sayStars(level.goal)}
        {stars > 0 && !next && " That was the last level."}
      </p>
      {isKnown && level.goal.kind === "wish" && (
        <Tried goal={level.goal} state={state} isReached={stars > 0} />
      )}
      {((stars > 0 && next && !hasNext) || (owner && !isFirst)) && (
        <p class="choices">
          {stars > 0 && next && !hasNext && <Next level={next} state={state} on={on} />}
          {owner && !isFirst && <Again level={level} state={state} on={on} />}
        </p>
      )}
    </section>
  );
}

/** How good the map is and where that was tried; and what there is still to do until it is good enough. */
function Tried({
  goal,
  state,
  isReached,
}: {
  goal: Extract<Goal, { kind: "wish" }>;
  state: LessonState;
  isReached: boolean;
}) {
  const { inference } = state.lesson.value;
  const wished = useMemo(() => wishedIn(goal, state.lesson.peek()), [goal, state, inference]);
  if (!wished || !inference) return null;
  const most = goal.walks[0];
  const tried = goal.elsewhere
    ? `Your map was tried in ${count(wished.gardens, "other garden")}. `
    : "";
  const cost = formatCost(wished.lost);
  const walks =
    Number(cost) === 0
      ? "Walks by your map are the best ones for your card."
      : `Walks by your map cost ${cost} more than the best ones for your card.`;
  if (isReached)
    return goal.elsewhere ? (
      <p>
        {tried}
        {walks}
      </p>
    ) : null;
  return (
    <p>
      {tried}
      {walks} For the goal they may cost at most {formatCost(wished.bound)} more.{" "}
      {inference.demonstrations < most
        ? `You can show ${count(most - inference.demonstrations, "more walk", "more walks")}.`
        : `You have shown ${count(inference.demonstrations, "walk")}, but the goal allows at most ${most}. Delete some, or begin the level again.`}
    </p>
  );
}

/** " (oval)"; nothing where the level has its world's name. */
function sayPlace({ title, world }: CourseLevel): string {
  const place = worlds[world]!.title;
  return place === title ? "" : ` (${place.toLowerCase()})`;
}

interface BeginProps {
  readonly level: CourseLevel;
  readonly state: LessonState;
  readonly on: LessonActions;
}

/** Whether the level has the tastes that were dealt here. */
function hasSameTastes(level: CourseLevel, state: LessonState): boolean {
  const { tastes } = worlds[state.lesson.peek().world]!;
  return tastes !== undefined && worlds[level.world]!.tastes === tastes;
}

/** Begins a level, with the taste that is dealt here where it can. What was under way stays at its own address. */
function begin({ level, state }: BeginProps): Promise<string> {
  const { taste } = state.lesson.peek();
  return beginLevel(level, (hasSameTastes(level, state) && taste) || undefined);
}

/** To the next level; where it has the same tastes, what was walked counts there too. */
function Next(props: BeginProps) {
  const { level, state, on } = props;
  const going = useGoing(on, async () => {
    const id = await begin(props);
    if (hasSameTastes(level, state)) goOnFrom({ id: state.id, lesson: state.lesson.peek() }, id);
    return id;
  });
  const next = useCommand({ key: letterKey("N"), label: `Next: ${level.title}`, ...going });
  return <CommandButton command={next} primary />;
}

function Again(props: BeginProps) {
  const { available, run } = useGoing(props.on, () => begin(props));
  return (
    <button type="button" disabled={!available} onClick={run}>
      Start this level again
    </button>
  );
}
