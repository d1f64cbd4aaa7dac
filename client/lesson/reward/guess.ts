import { verdictOn, weightBeliefs } from "../../../shared/irl/belief.ts";
import type { InferredReward } from "../../../shared/irl/reward.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { presentationOf } from "../../worlds/index.ts";
import { besideTruth } from "../guess.tsx";

/** What is asked before the map is shown, and what one can guess. */
export function questionOn(world: Level) {
  const { wish } = presentationOf(world).words;
  if (wish) return { words: wish.question, choices: [wish.liked, wish.otherwise].map(asChoice) };
  return {
    words: "What matters most to you, to be there or not to be there?",
    choices: world.lattice.featureNames.map((name) => asChoice(`Being ${name}`)),
  };
}

const asChoice = (words: string) => ({ words });

/** What the map says to the same question: the choice; null where the person's play does not tell. */
export function truthIn(world: Level, inferred: InferredReward): number | null {
  const { wish } = presentationOf(world).words;
  const beliefs = weightBeliefs(inferred);
  if (wish) {
    const belief = beliefs[world.lattice.featureNames.indexOf(wish.feature)]!;
    if (verdictOn(belief) === "unknown") return null;
    return verdictOn(belief) === "liked" ? 0 : 1;
  }
  let most: number | null = null;
  beliefs.forEach((belief, k) => {
    if (verdictOn(belief) === "unknown") return;
    if (most === null || Math.abs(belief.mean) > Math.abs(beliefs[most]!.mean)) most = k;
  });
  return most;
}

/** What was guessed, beside what the map says. */
export function sayGuessed(world: Level, guess: number, inferred: InferredReward): string {
  const { choices } = questionOn(world);
  const truth = truthIn(world, inferred);
  const words = (i: number) =>
    `${choices[i]!.words[0]!.toLowerCase()}${choices[i]!.words.slice(1)}`;
  return besideTruth(
    choices[guess]!.words,
    truth === guess
      ? null
      : truth === null
        ? "What you did does not tell yet."
        : `The map says: ${words(truth)}.`,
  );
}
