import type { Debrief, Guesses } from "../../../shared/class/debrief.ts";
import { guessOfScore } from "../../../shared/lesson/guess.ts";
import { count } from "../../../shared/plural.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { Figure } from "../../ui/plot.tsx";

const titles: Readonly<Record<Guesses["about"], string>> = {
  clone: "the clone",
  corrected: "the corrected learner",
};

/** What people said beforehand against what came. */
export function Predictions({
  debrief,
  world,
  say,
  nameOf,
}: {
  debrief: Debrief;
  world: Level;
  /** How a score is said. */
  say: (score: number) => string;
  nameOf: (pupil: number) => string;
}) {
  const guesses = debrief.guesses.filter(({ pairs }) => pairs.length > 0);
  if (guesses.length === 0) return null;
  return (
    <section aria-labelledby="predictions-title">
      <h2 id="predictions-title">Your guesses, and the results</h2>
      <div class="predictions">
        {guesses.map((one) => (
          <Prediction key={one.about} guesses={one} world={world} say={say} nameOf={nameOf} />
        ))}
      </div>
    </section>
  );
}

function Prediction({
  guesses: { about, pairs, tooHopeful },
  world,
  say,
  nameOf,
}: {
  guesses: Guesses;
  world: Level;
  say: (score: number) => string;
  nameOf: (pupil: number) => string;
}) {
  const most = Math.max(1, ...pairs.flatMap(([, said, came]) => [said, came]));
  const to = 1.08 * most;
  return (
    <Figure
      caption={
        <>
          How well {titles[about]} does: the guess (across) and the result (up).{" "}
          <b class="figures">
            {tooHopeful} of {count(pairs.length, "guess", "guesses")}
          </b>{" "}
          were too hopeful: the learner did less well. On the line, guess and result are the same.
        </>
      }
      x={{ from: 0, to }}
      y={{ from: 0, to }}
      marks={[
        {
          kind: "curve",
          look: "guide",
          points: [
            [0, 0],
            [to, to],
          ],
        },
        {
          kind: "dots",
          look: "learner",
          points: pairs.map(([, said, came]) => [said, came] as const),
        },
      ]}
      table={{
        caption: `Guesses about ${titles[about]}, and the results`,
        columns: ["Pupil", "Guess", "Result"],
        rows: pairs.map(([pupil, said, came]) => [
          nameOf(pupil),
          guessOfScore(world, said)?.words ?? say(said),
          say(came),
        ]),
      }}
    />
  );
}
