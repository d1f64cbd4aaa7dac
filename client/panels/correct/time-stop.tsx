import { useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import type { World } from "../../../shared/worlds/world.ts";
import { Chart } from "../../chart.tsx";
import type { Classroom } from "../../classroom.ts";
import { demonstrationTrails, trajectoryOf } from "../../derived.ts";
import { KeyHint, useKey } from "../../keys.tsx";
import { Asking } from "../../play/asking.ts";
import { Working } from "../working.tsx";

export function TimeStop({ room, world }: { room: Classroom; world: World }) {
  const lesson = room.lesson.value;
  const number = lesson.rounds.length;
  const round = lesson.rounds.at(-1)!;
  const index = round.answers.length;
  const left = round.queries.length - index;
  const asking = useSignal<Asking | null>(null);
  const comparison = useSignal<string | null>(null);

  useLayoutEffect(() => {
    const query = round.queries[index];
    if (!query) {
      asking.value = null;
      return;
    }
    const [drive, t] = query;
    const episode = round.episodes[drive]!;
    const background = demonstrationTrails(room.lesson.peek());
    const answered = async (action: readonly number[]) => {
      comparison.value = compare(world, action, activity.learners);
      room.news.value = comparison.value;
      const kept = await room.ask("label", { round: number - 1, index, action });
      const { rounds } = room.lesson.peek();
      const now = rounds.at(-1)!;
      if (kept && rounds.length === number && now.answers.length === now.queries.length) {
        await room.train();
      }
    };
    const activity: Asking = new Asking(
      world,
      trajectoryOf(episode),
      t,
      room.controls,
      background,
      (action) => void answered(action),
    );
    asking.value = activity;
    room.show(activity);
    return () => room.show(null);
    // A question stays the same until its answer, or the one before it, changes the count.
  }, [room, world, round.seq, index]);

  useSignalEffect(() => {
    const current = asking.value;
    const phase = current?.phase.value;
    if (!phase) return;
    if (phase === "open") room.news.value = `Question ${index + 1}: what would you do here?`;
    room.caption.value = {
      "lead-in": "How it got here …",
      open: "What would you do here?",
      reveal: "You in green, the learner in orange",
    }[phase];
  });

  const undo = async () => {
    const last = room.lesson.peek().rounds.at(-1)!.answers.length - 1;
    if (last < 0 || asking.peek()?.phase.peek() === "reveal") return;
    if (await room.ask("undo", { round: number - 1, index: last })) {
      comparison.value = null;
      room.news.value = "Taken back.";
    }
  };
  const commit = () => {
    if (left === 0) void room.train();
    else asking.value?.commit();
  };
  useKey("Enter", commit);
  useKey("KeyZ", () => void undo());
  useKey("KeyT", () => void room.train());

  const current = asking.value;
  const answer = current?.answer.value ?? null;
  return (
    <>
      <h2>What would you have done?</h2>
      <p>
        The <span class="learner">learner</span> got here by itself. Answer for this one moment, and
        it will know next time.
      </p>
      <p class="left" role="status">
        <b class="figures">{left}</b> {left === 1 ? "question" : "questions"} left
        <progress value={index} max={round.queries.length} aria-label="Questions answered" />
      </p>
      {left > 0 ? (
        <>
          <p class="answer figures">
            <span class="expert">{answer ? sayAction(world, answer) : "no answer yet"}</span>
          </p>
          <p class="hint">
            <span class="by-keys">
              <KeyHint world={world} />{" "}
            </span>
            {world.rest
              ? "steer; the dots are your next second."
              : "choose, or press on the picture."}
          </p>
        </>
      ) : (
        <p>All answered.</p>
      )}
      <p class="next">
        <button
          type="button"
          class="primary"
          disabled={room.busy.value || (left > 0 && answer === null)}
          onClick={commit}
        >
          {left > 0 ? "That is what I would do" : "Train again"} <kbd>Enter</kbd>
        </button>
        <button type="button" disabled={index === 0 || room.busy.value} onClick={() => void undo()}>
          Take back <kbd>Z</kbd>
        </button>
        {index > 0 && left > 0 && (
          <button type="button" disabled={room.busy.value} onClick={() => void room.train()}>
            Train now <kbd>T</kbd>
          </button>
        )}
      </p>
      {comparison.value && <p class="comparison">{comparison.value}</p>}
      <Working room={room} work="train" words="Learning from your answers" />
      <Chart lesson={lesson} world={world} />
    </>
  );
}

/** An action in words, from what the world's keys stand for. */
function sayAction(world: World, action: readonly number[]): string {
  if (world.action.kind === "discrete") return world.action.names[action[0]!]!;
  const rest = world.rest!;
  let said = "straight on";
  let most = 0.005;
  for (const [key, full] of Object.entries(world.keys)) {
    const i = full.findIndex((value, axis) => value !== rest[axis]);
    const share = (action[i]! - rest[i]!) / (full[i]! - rest[i]!);
    if (share > most) [said, most] = [`${Math.round(100 * share)} % ${key}`, share];
  }
  return said;
}

function compare(world: World, mine: readonly number[], learners: readonly number[]): string {
  const [you, it] = [sayAction(world, mine), sayAction(world, learners)];
  return you === it ? `You both said: ${you}.` : `You said ${you}; the learner did ${it}.`;
}
