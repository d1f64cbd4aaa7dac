import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { type Consistency, consistency } from "../../../../shared/imitation/consistency.ts";
import { disagreement } from "../../../../shared/imitation/disagreement.ts";
import type { Lesson, Round } from "../../../../shared/lesson/lesson.ts";
import { count, plural } from "../../../../shared/plural.ts";
import { policyKinds } from "../../../../shared/policies/index.ts";
import type { Level } from "../../../../shared/worlds/level.ts";
import { restOf } from "../../../../shared/worlds/steering.ts";
import { KeyHint, useKey } from "../../../ui/keys.tsx";
import { newest } from "../../../ui/newest.ts";
import { presentationOf } from "../../../worlds/index.ts";
import { trajectoryOf } from "../../../worlds/replays.ts";
import { Still } from "../../activities/still.ts";
import { background } from "../../background.ts";
import type { Classroom } from "../../classroom.ts";
import { demonstrationTrails } from "../../demonstrations.ts";
import { Chart } from "../../learning-curve.tsx";
import { withBudget } from "../../plan.ts";
import { Working } from "../../working.tsx";
import type { Field } from "./action-field.ts";
import { arrowsOf } from "./arrows.ts";
import { Asking } from "./asking.ts";
import { sayChange } from "./change.ts";
import { labelChanges } from "./label-changes.ts";

/** How many questions a round one may choose to be asked. */
const budgets = [8, 12, 20, 40] as const;
const inColours = "You in teal, the learner in orange";
/** Answers over which one's pace is taken. */
const paceOver = 8;

export function TimeStop({ room, world }: { room: Classroom; world: Level }) {
  const lesson = room.lesson.value;
  const number = lesson.rounds.length;
  const round = lesson.rounds.at(-1)!;
  const index = round.answers.length;
  const wanted = useSignal<{ readonly round: number; readonly goal: number } | null>(null);
  const goal = wanted.value?.round === round.seq ? wanted.value.goal : usualGoal(round);
  const left = Math.max(0, goal - index);
  const more = Math.min(round.plan.budget, round.queries.length - index);
  const asking = useSignal<Asking | null>(null);
  const comparison = useSignal<Comparison | null>(null);
  const times = useSignal<readonly number[]>([]);
  /** The question that was answered last, while its answer stands. */
  const last = useRef<Asking | null>(null);
  /** What has been asked of the server: labels come in order, and one cannot take back what is not yet there. */
  const queue = useRef<Promise<void>>(Promise.resolve());
  const inTurn = (task: () => Promise<void>) => {
    queue.current = queue.current.then(task);
  };

  const label = async (activity: Asking, action: readonly number[]) => {
    if (await room.ask("label", { round: number - 1, index, action })) return;
    comparison.value = null;
    last.current = null;
    times.value = times.value.slice(0, -1);
    activity.reopen();
  };

  useLayoutEffect(() => {
    const background = demonstrationTrails(room.lesson.peek());
    const query = left > 0 ? round.queries[index] : undefined;
    if (!query) {
      asking.value = null;
      room.show(last.current ?? new Still({ background }, "aggregate"));
      room.caption.value = last.current && inColours;
      room.news.value = `${count(index, "question")} answered.`;
      return () => room.show(null);
    }
    const [drive, t] = query;
    const activity: Asking = new Asking({
      world,
      trajectory: trajectoryOf(round.episodes[drive]!),
      t,
      controls: room.controls,
      background,
      moves: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      before: last.current,
      onAnswer: (action) => {
        times.value = [...times.value, performance.now()].slice(-paceOver);
        last.current = activity;
        comparison.value = compare(world, action, activity.learners);
        room.news.value = comparison.value.words;
        inTurn(() => label(activity, action));
      },
    });
    asking.value = activity;
    room.show(activity);
    return () => room.show(null);
    // A question stays the same until its answer, or the one before it, changes the count.
  }, [room, world, round.seq, index, left > 0]);

  useSignalEffect(() => {
    const phase = asking.value?.phase.value;
    if (!phase) return;
    if (phase === "open") room.news.value = `Question ${index + 1}: what would you do here?`;
    room.caption.value = {
      "lead-in": [comparison.peek()?.short, "How it got here …"].filter(Boolean).join(" "),
      open: "What would you do here?",
      given: inColours,
    }[phase];
  });

  const learned = useLearning(room, world, round, (before, now) => {
    // What is asked next, or would be if one went on, is not to be seen before it is answered.
    const arrows = arrowsOf(world, round, before, now, left || more);
    (asking.peek() ?? last.current)?.learned(arrows);
  });

  const undo = () =>
    inTurn(async () => {
      const { rounds } = room.lesson.peek();
      const answered = rounds.at(-1)!.answers.length - 1;
      if (answered < 0 || rounds.length !== number) return;
      last.current = null;
      if (!(await room.ask("undo", { round: number - 1, index: answered }))) return;
      times.value = times.value.slice(0, -1);
      comparison.value = null;
      room.news.value = "Taken back.";
    });
  const askFor = (total: number) => {
    wanted.value = { round: round.seq, goal: Math.min(round.queries.length, total) };
  };
  const goOn = () => {
    if (left === 0 && more > 0) askFor(index + more);
  };
  const choose = (budget: number) => {
    room.plan.value = withBudget(room.plan.peek()!, budget);
    askFor(Math.max(index, budget));
  };
  const commit = () => {
    if (left === 0) void room.train();
    else asking.value?.commit();
  };
  useKey("Enter", commit);
  useKey("KeyZ", undo);
  useKey("KeyT", () => void room.train());
  useKey("KeyM", goOn);

  const current = asking.value;
  const answer = current?.answer.value ?? null;
  const falls = current?.fallsAfter ?? null;
  const busy = room.busy.value;
  const pace = paceOf(times.value);
  return (
    <>
      <h2>What would you have done?</h2>
      {index === 0 && (
        <p>
          The <span class="learner">learner</span> got here by itself. Answer for this one moment,
          and it will know next time.
        </p>
      )}
      <p class="left" role="status">
        <b class="figures">{left}</b> {plural(left, "question")} left
        {pace !== null && <span class="pace figures">{pace} a minute</span>}
        <progress value={index} max={Math.max(goal, index)} aria-label="Questions answered" />
      </p>
      {left > 0 ? (
        <p class="answer figures">
          <span class="expert">{answer ? sayAction(world, answer) : "no answer yet"}</span>
          {falls !== null && <span class="falls">; held, it falls in {falls.toFixed(2)} s</span>}
        </p>
      ) : (
        <p>
          {more > 0
            ? `That is this round’s share. ${count(more, "question")} more would still tell it something.`
            : "All answered that is worth asking."}
        </p>
      )}
      <p class="next">
        <button
          type="button"
          class="primary"
          disabled={busy || (left > 0 && answer === null)}
          onClick={commit}
        >
          {left > 0 ? "That is what I would do" : "Train again"} <kbd>Enter</kbd>
        </button>
        {left === 0 && more > 0 && (
          <button type="button" disabled={busy} onClick={goOn}>
            Ask me more <kbd>M</kbd>
          </button>
        )}
        <button type="button" disabled={index === 0 || busy} onClick={undo}>
          Take back <kbd>Z</kbd>
        </button>
        {index > 0 && left > 0 && (
          <button type="button" disabled={busy} onClick={() => void room.train()}>
            Train now <kbd>T</kbd>
          </button>
        )}
      </p>
      {left > 0 && (
        <p class="hint">
          <span class="by-keys">
            <KeyHint world={world} />{" "}
          </span>
          {world.action.kind === "continuous"
            ? "tap or hold, or drag on the picture; the dots are your next second."
            : "choose, or press on the picture; the same again is the answer."}
        </p>
      )}
      <p class="comparison">{comparison.value?.words}</p>
      <p class="learned" role="status">
        {learned}
      </p>
      <Agreement world={world} {...consistency(world.action, lesson.rounds)} />
      <Budget chosen={room.plan.value!.budget} choose={choose} />
      <Working room={room} work="train" words="Learning from your answers" />
      <Chart lesson={lesson} world={world} />
    </>
  );
}

/**
 * What the answers so far have made of the learner, in words.
 * @param onChange told what it would do, place by place, before and after an answer came or went
 */
function useLearning(
  room: Classroom,
  world: Level,
  { seq, plan, answered, interventions, shadows }: Round,
  onChange: (before: Field, now: Field) => void,
): string {
  const { demonstrations } = room.lesson.value;
  const quick = policyKinds[plan.policy]!.learnsAtOnce;
  const words = useSignal("");
  const changed = useRef(onChange);
  changed.current = onChange;
  const look = useMemo(() => {
    let known: { readonly field: Field; readonly round: Round } | null = null;
    return newest(
      async (lesson: Lesson) => {
        const round = lesson.rounds.at(-1)!;
        const field = known
          ? await background().changePreview(labelChanges(world, known.round, round))
          : await background().beginPreview(lesson);
        return { field, round };
      },
      (now) => {
        const before = known;
        known = now;
        if (!before) return;
        const fewer = now.round.answers.length < before.round.answers.length;
        const verb = fewer ? "unlearned" : "learned";
        words.value = `It has ${verb} that: ${sayChange(world, before.field, now.field)}.`;
        changed.current(before.field, now.field);
      },
    );
    // Whatever else is learned from changes only from another page, and then it begins anew.
  }, [world, seq, demonstrations, interventions, shadows]);
  useEffect(() => {
    if (quick) look(room.lesson.peek());
  }, [look, answered]);
  return quick ? words.value : "A network learns from this only when you train it again.";
}

/** How many questions a round are asked before it trains again. */
function Budget({ chosen, choose }: { chosen: number; choose: (budget: number) => void }) {
  return (
    <fieldset class="budget">
      <legend>Questions a round</legend>
      {budgets.map((budget) => (
        <button
          key={budget}
          type="button"
          class="figures"
          aria-pressed={budget === chosen}
          onClick={() => choose(budget)}
        >
          {budget}
        </button>
      ))}
    </fieldset>
  );
}

/** How far the person is from themselves and the learner from the person, in words. */
function Agreement({ world, own, learners }: { world: Level } & Consistency) {
  if (learners === null) return null;
  const far = (share: number, of?: string) => sayShare(world, share, of);
  return (
    <p class="agreement figures" aria-live="polite">
      {own === null ? (
        <>
          The <span class="learner">learner</span> differs from you {far(learners)}.
        </>
      ) : (
        <>
          <span class="expert">You</span> differ from yourself {far(own)}; the{" "}
          <span class="learner">learner</span> differs from you {far(learners, "")}.
        </>
      )}
    </p>
  );
}

/** What is asked before one is asked whether to go on: full portions, of which one may be begun. */
function usualGoal({ plan: { budget }, queries, answers }: Round): number {
  return Math.min(queries.length, budget * Math.max(1, Math.ceil(answers.length / budget)));
}

/** Answers a minute, from when the last few were given (ms); null where there are too few to tell. */
function paceOf(times: readonly number[]): number | null {
  if (times.length < 3) return null;
  return Math.round((60_000 * (times.length - 1)) / (times.at(-1)! - times[0]!));
}

/** A disagreement in words: of actions that one chooses from, how often; of others, how far. */
function sayShare(world: Level, share: number, of = ofWhat(world)): string {
  const kind = world.action.kind === "discrete" ? "in" : "by";
  return `${kind} ${Math.round(100 * share)} %${of}`;
}

function ofWhat(world: Level): string {
  return ` ${presentationOf(world).words.range}`;
}

/** An action in words, from what the world's keys stand for. */
function sayAction(world: Level, action: readonly number[]): string {
  if (world.action.kind === "discrete") return world.action.names[action[0]!]!;
  const rest = restOf(world.steering);
  let said = "straight on";
  let most = 0.005;
  for (const [key, full] of Object.entries(world.steering.keys)) {
    const i = full.findIndex((value, axis) => value !== rest[axis]);
    const share = (action[i]! - rest[i]!) / (full[i]! - rest[i]!);
    if (share > most) [said, most] = [`${Math.round(100 * share)} % ${key}`, share];
  }
  return said;
}

/** How an answer compares with what the learner did. */
interface Comparison {
  readonly words: string;
  /** In a word or two, for the stage. */
  readonly short: string;
}

function compare(world: Level, mine: readonly number[], learners: readonly number[]): Comparison {
  const [you, it] = [sayAction(world, mine), sayAction(world, learners)];
  if (you === it) return { words: `You both said: ${you}.`, short: "The same." };
  const words = `You said ${you}; the learner did ${it}`;
  if (world.action.kind === "discrete") return { words: `${words}.`, short: "Not the same." };
  const off = `off ${sayShare(world, disagreement(world.action, mine, learners))}`;
  return { words: `${words}: ${off}.`, short: `${off[0]!.toUpperCase()}${off.slice(1)}.` };
}
