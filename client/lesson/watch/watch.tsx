import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { questionFor } from "../../../shared/lesson/guess.ts";
import type { Round } from "../../../shared/lesson/lesson.ts";
import { tellsNumbers } from "../../../shared/lesson/locks.ts";
import { Still } from "../activities/still.ts";
import { demonstrationTrails } from "../demonstrations.ts";
import { Guess } from "../guess.tsx";
import { guessOf, keepGuess } from "../guesses.ts";
import { type PanelProps, useScene } from "../state.ts";
import { Crash } from "./crash.tsx";
import { Drives } from "./drives.tsx";
import { Pair } from "./pair.tsx";
import { useShow } from "./staging.ts";
import { Told } from "./told.tsx";

/** Rounds of which one guesses first how they went: the clone, and the first that was corrected. */
const guessed = 2;

export function Watch(props: PanelProps) {
  const lesson = props.state.lesson.value;
  const { rounds } = lesson;
  const round = rounds.at(-1)!;
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <>
      <h2 ref={heading}>
        {rounds.length === 1 ? "Round 1: watch the clone" : `Round ${rounds.length}`}
      </h2>
      {tellsNumbers(lesson) ? (
        <WatchRound
          key={round.seq}
          {...props}
          heading={heading}
          round={round}
          number={rounds.length}
        />
      ) : (
        <Drives key={round.seq} {...props} />
      )}
    </>
  );
}

/** One guesses, sees, and is told; whoever has seen a round before is told at once. */
function WatchRound(
  props: PanelProps & {
    readonly heading: RefObject<HTMLElement | null>;
    readonly round: Round;
    readonly number: number;
  },
) {
  const { state, on, world, heading, round, number } = props;
  const question = questionFor(world, round.endurance !== undefined);
  const choice = guessOf(state.id, round.seq);
  const asks = question !== null && number <= guessed;
  /** What was guessed before it was trained, where somebody asked. */
  const learner = number === 1 ? "clone" : "corrected";
  const early = guessOf(state.id, learner);
  const isNew = choice === undefined && asks;
  const stage = useSignal<"guess" | "show" | "told">(
    isNew ? (early === undefined ? "guess" : "show") : "told",
  );
  useEffect(() => {
    if (isNew && early !== undefined) keepGuess(state.id, round.seq, early);
  }, [isNew, early, state.id, round.seq]);
  const show = useShow(props, round, stage.value !== "told");
  const tell = useCallback(() => {
    stage.value = "told";
  }, [stage]);
  /** Whether this page has said it. */
  const isSaid = useRef(false);
  const say = (choice: number | null) => {
    isSaid.current = true;
    on.guessed(learner, choice === null ? null : (question!.choices[choice]?.typical ?? null));
  };
  const choose = (choice: number | null) => {
    keepGuess(state.id, round.seq, choice);
    say(choice);
    stage.value = "show";
  };
  // An earlier page may have been closed before its guess was heard, for which others would wait.
  const isUnheard = asks && choice !== undefined && on.lacksGuess(learner);
  useEffect(() => {
    if (isUnheard && !isSaid.current) say(choice!);
  });
  const now = stage.value;
  // Whoever scrolled to a guess is told from the top.
  useLayoutEffect(() => heading.current!.closest(".panel")!.scrollTo(0, 0), [heading, now]);
  const found = show.value;
  useEffect(() => {
    if (now === "show" && found === null) tell();
  }, [now, found, tell]);

  if (now === "told") {
    const guess = question && choice != null ? (question.choices[choice] ?? null) : null;
    const again = () => {
      stage.value = "show";
    };
    return <Told {...props} guess={guess} again={again} />;
  }
  if (now === "guess") {
    return (
      <>
        <Backdrop state={state} on={on} />
        <Guess question={question!.words} choices={question!.choices} choose={choose} />
      </>
    );
  }
  if (found?.kind === "crash")
    return <Crash state={state} on={on} world={world} paths={found.paths} tell={tell} />;
  if (found?.kind === "pair")
    return (
      <Pair
        state={state}
        on={on}
        world={world}
        clone={found.clone}
        corrected={found.corrected}
        tell={tell}
      />
    );
  return (
    <>
      <Backdrop state={state} on={on} />
      <p role="status">One moment …</p>
    </>
  );
}

/** What the person has shown, while nobody drives yet. */
function Backdrop({ state, on }: Pick<PanelProps, "state" | "on">) {
  const still = useMemo(
    () => new Still({ background: demonstrationTrails(state.lesson.peek()) }),
    [state],
  );
  useScene(on, still, () => null);
  return null;
}
