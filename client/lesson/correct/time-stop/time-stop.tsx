import { useSignal } from "@preact/signals";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { consistency } from "../../../../shared/imitation/consistency.ts";
import type { Round } from "../../../../shared/lesson/lesson.ts";
import { correctionsLeft, leaves } from "../../../../shared/lesson/locks.ts";
import { type AnswerRecording, longestTime } from "../../../../shared/lesson/recording.ts";
import { count, plural } from "../../../../shared/plural.ts";
import { prefersStillness } from "../../../stage/stillness.ts";
import { CommandButton, useCommand, useTakeBack } from "../../../ui/commands.tsx";
import { enterKey, letterKey } from "../../../ui/keyboard.ts";
import { KeyHint } from "../../../ui/keys.tsx";
import { trajectoryOf } from "../../../worlds/replays.ts";
import { Still } from "../../activities/still.ts";
import { demonstrationTrails } from "../../demonstrations.ts";
import { arrowsOf } from "../../learned/arrows.ts";
import { useLearning } from "../../learned/learning.ts";
import { changedWay } from "../../learned/lit.ts";
import { Chart } from "../../learning-curve.tsx";
import { withBudget } from "../../plan.ts";
import { type PanelProps, useScene } from "../../state.ts";
import { Working } from "../../working.tsx";
import { AnswersUsed } from "../answers-used.tsx";
import type { Way } from "../way.ts";
import { Agreement } from "./agreement.tsx";
import { Budget } from "./budget.tsx";
import { QuestionScene } from "./question-scene.ts";
import { compare, sayAction, sayExactly } from "./words.ts";

const inColours = "You are green, the learner is orange";
/** What would come of an answer, beside what the learner does by itself. */
const crashes = {
  sooner: "It crashes sooner than by itself",
  later: "It crashes later than by itself",
  "as soon": "It crashes as soon as by itself",
};
/** Answers over which one's pace is taken. */
const paceOver = 8;

export const timeStop: Way = {
  name: "time-stop",
  title: "Questions",
  about: "Time stops. You say what you would do.",
  Panel: TimeStop,
};

function TimeStop({ state, on, world, controls }: PanelProps) {
  const lesson = state.lesson.value;
  const number = lesson.rounds.length;
  const round = lesson.rounds.at(-1)!;
  const index = round.answers.length;
  const wanted = useSignal<{ readonly round: number; readonly goal: number } | null>(null);
  const goal = wanted.value?.round === round.seq ? wanted.value.goal : usualGoal(round);
  const room = correctionsLeft(lesson);
  const left = Math.min(room, Math.max(0, goal - index));
  const more = Math.min(room - left, round.plan.budget, round.queries.length - index);
  const comparison = useSignal<string | null>(null);
  /** What the last answer has changed, as the stage tells it. */
  const news = useSignal("");
  const times = useSignal<readonly number[]>([]);
  /** The question that was answered last, while its answer stands, and its number. */
  const last = useRef<{ readonly scene: QuestionScene; readonly index: number } | null>(null);
  const showing = last.current?.scene.holds.value ? last.current.index : index;
  /** What has been asked of the server: labels come in order, and one cannot take back what is not yet there. */
  const queue = useRef<Promise<void>>(Promise.resolve());
  const inTurn = (task: () => Promise<void>) => {
    queue.current = queue.current.then(task);
  };

  /** When the question could be answered. */
  const opened = useRef(0);
  const label = async (
    activity: QuestionScene,
    action: readonly number[],
    recording: AnswerRecording,
  ) => {
    if (await on.ask("label", { round: number - 1, index, action, recording })) return;
    comparison.value = null;
    last.current = null;
    times.value = times.value.slice(0, -1);
    activity.reopen();
  };

  const shown = useMemo(() => {
    const background = demonstrationTrails(state.lesson.peek());
    if (showing < index) return last.current!.scene;
    const query = left > 0 ? round.queries[index] : undefined;
    if (!query) return last.current?.scene ?? new Still({ background }, "aggregate");
    const [drive, t] = query;
    const activity: QuestionScene = new QuestionScene({
      world,
      trajectory: trajectoryOf(round.episodes[drive]!),
      t,
      controls: controls,
      background,
      moves: !prefersStillness(),
      before: last.current?.scene ?? null,
      onAnswer: (action) => {
        times.value = [...times.value, performance.now()].slice(-paceOver);
        last.current = { scene: activity, index };
        news.value = "";
        comparison.value = compare(world, action, activity.learners);
        on.say(comparison.value);
        const ms = Math.min(longestTime, Math.round(performance.now() - opened.current));
        inTurn(() => label(activity, action, { input: controls.input, ms }));
      },
    });
    return activity;
    // A question stays the same until its answer, or the one before it, changes the count.
  }, [state, on, controls, world, round.seq, showing, left > 0]);
  const asking = left > 0 && shown instanceof QuestionScene ? shown : null;

  useScene(on, shown, () => {
    if (!asking) return shown instanceof QuestionScene ? news.value || inColours : null;
    return {
      // What an answer has changed was told while it was played, where it is played.
      "lead-in": (!world.canFall && news.value) || "How it got here …",
      open: "What would you do here?",
      given: news.value || inColours,
    }[asking.phase.value];
  });
  const isOpen = asking?.phase.value === "open";
  // What is told of the last answer is not to stand beside the next.
  const tellsLast = !isOpen || (prefersStillness() && !asking.isBegun.value);
  useLayoutEffect(() => {
    if (isOpen) opened.current = performance.now();
  }, [asking, isOpen]);
  useLayoutEffect(() => {
    if (!asking) on.say(`${count(index, "question")} answered.`);
    else if (isOpen) on.say(`Question ${index + 1}: what would you do here?`);
  }, [on, asking, isOpen, index]);

  const learned = useLearning(state, world, round, (before, now, round, effect) => {
    // What is asked next, or would be if one went on, is not to be seen before it is answered.
    // Where it drives on, it shows by driving.
    const arrows = world.canFall ? [] : arrowsOf(world, round, before, now, left || more);
    const { stretches } = changedWay(world, round, before, now);
    (asking ?? last.current?.scene)?.learned(arrows, stretches, effect);
  });
  useLayoutEffect(() => {
    news.value = learned?.short ?? "";
  }, [news, learned]);

  const undo = () =>
    inTurn(async () => {
      const { rounds } = state.lesson.peek();
      const answered = rounds.at(-1)!.answers.length - 1;
      if (answered < 0 || rounds.length !== number) return;
      if (last.current) last.current.scene.holds.value = false;
      last.current = null;
      if (!(await on.ask("undo", { round: number - 1, index: answered }))) return;
      times.value = times.value.slice(0, -1);
      comparison.value = null;
      on.say("Taken back.");
    });
  const askFor = (total: number) => {
    wanted.value = { round: round.seq, goal: Math.min(round.queries.length, total) };
  };
  const choose = (budget: number) => {
    on.choosePlan(withBudget(state.plan.peek()!, budget));
    askFor(Math.max(index, budget));
  };
  const answer = asking?.answer.value ?? null;
  const crash = asking?.crash ?? null;
  // Who looks on can answer nothing.
  const busy = state.busy.value || !state.owner.value;
  const give = useCommand({
    key: enterKey,
    label: left > 0 ? "Answer" : "See what it learned",
    available: left > 0 ? isOpen && !busy && answer !== null : state.mayTrain.value,
    run() {
      if (asking) asking.commit();
      else void on.train();
    },
  });
  // In the lead-in the same key goes on to the question, and after an answer to the next.
  useCommand({
    key: enterKey,
    label: "Go on to the question",
    available: !give.available && asking !== null,
    run: () => asking!.commit(),
  });
  const goOn = useCommand({
    key: letterKey("M"),
    label: "Ask me more",
    available: !busy && left === 0 && more > 0,
    run: () => askFor(index + more),
  });
  const takeBack = useTakeBack({
    available: index > 0 && !busy && leaves(lesson, "undo"),
    run: undo,
  });
  const trainNow = useCommand({
    key: letterKey("T"),
    label: "See what it learned",
    available: state.mayTrain.value,
    run: () => void on.train(),
  });
  const pace = paceOf(times.value);
  return (
    <>
      <h2 class="question-title">Answer the questions</h2>
      <p class="left" role="status">
        <span>
          <b class="figures">{left}</b> {plural(left, "question")} left
        </span>
        <progress value={index} max={Math.max(goal, index)} aria-label="Questions answered" />
      </p>
      <AnswersUsed state={state} world={world} />
      {left > 0 ? (
        <p class="answer figures">
          {asking?.phase.value === "lead-in" ? (
            "Watch how it got here."
          ) : (
            <span class="expert">{answer ? sayAction(world, answer) : "no answer yet"}</span>
          )}
          {isOpen && answer && world.canFall && (
            <span class={`crash ${crash?.replace(" ", "-") ?? "none"}`}>
              {crash ? crashes[crash] : "It stays on the road for now"}
            </span>
          )}
        </p>
      ) : (
        <p>
          {more > 0
            ? `All questions are answered. See what it learned, or answer ${more} more.`
            : "All questions are answered."}
        </p>
      )}
      <p class="next">
        <CommandButton command={give} primary />
        {left === 0 && more > 0 && <CommandButton command={goOn} />}
        <CommandButton command={takeBack} />
        {left > 0 && <CommandButton command={trainNow} />}
      </p>
      {/* One place for both, so that nothing moves. */}
      <div class="feedback">
        <p role="status">
          <span class="comparison">{tellsLast && comparison.value}</span>{" "}
          <span class="learned">{tellsLast && learned?.words}</span>
        </p>
        {left > 0 && (
          <p class={tellsLast && comparison.value ? "hint under" : "hint"}>
            {index === 0 && (
              <>
                The <span class="learner">learner</span> came here by itself. It learns most where
                you would do something else.{" "}
              </>
            )}
            <span class="with-keys">
              Press <KeyHint world={world} />, or{" "}
            </span>
            {world.action.kind === "continuous"
              ? "drag on the picture. The green dots show where your answer leads. If you do not steer, your answer is: straight on."
              : "press the picture next to the learner. Press the same again to answer."}{" "}
            {index > 0 && "The glow shows where your answers changed what it does."}
          </p>
        )}
      </div>
      <Working state={state} on={on} work="train" words="Learning from your answers" />
      <Chart lesson={lesson} world={world} />
      <details>
        <summary>For the curious</summary>
        {answer && world.action.kind === "continuous" && (
          <p class="figures">
            Your answer: <span class="exactly">{sayExactly(world, answer)}</span>.
          </p>
        )}
        {pace !== null && <p class="pace figures">You give {pace} answers in a minute.</p>}
        <Agreement world={world} {...consistency(world.action, lesson.rounds)} />
        {!lesson.plan && <Budget chosen={state.plan.value!.budget} choose={choose} />}
      </details>
    </>
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
