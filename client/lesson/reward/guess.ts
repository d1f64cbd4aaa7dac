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
    words: "What do you like most, or avoid most?",
    choices: featuresOf(world).map((k) => asChoice(`Being ${world.lattice.featureNames[k]!}`)),
  };
}

const asChoice = (words: string) => ({ words });

/** Indices of the features that one can guess. */
function featuresOf(world: Level): number[] {
  const { wanted } = presentationOf(world).words;
  return world.lattice.featureNames.flatMap((name, k) => (name === wanted ? [] : [k]));
}

/** What the map says to the same question; null where what the person did does not tell. */
function truthIn(world: Level, inferred: InferredReward): Truth | null {
  const { wish } = presentationOf(world).words;
  const beliefs = weightBeliefs(inferred);
  if (wish) {
    const belief = beliefs[world.lattice.featureNames.indexOf(wish.feature)]!;
    const verdict = verdictOn(belief);
    if (verdict === "unknown") return null;
    return { choice: verdict === "liked" ? 0 : 1, isSure: verdict !== "unsure" };
  }
  let most: number | null = null;
  const features = featuresOf(world).map((k) => beliefs[k]!);
  features.forEach((belief, i) => {
    if (verdictOn(belief) === "unknown") return;
    if (most === null || Math.abs(belief.mean) > Math.abs(features[most]!.mean)) most = i;
  });
  return most === null ? null : { choice: most, isSure: verdictOn(features[most]!) !== "unsure" };
}

interface Truth {
  readonly choice: number;
  /** Whether the interval of what it goes by is on one side of 0. */
  readonly isSure: boolean;
}

/** What was guessed, beside what the map says. */
export function sayGuessed(world: Level, guess: number, inferred: InferredReward): string {
  const { choices } = questionOn(world);
  const truth = truthIn(world, inferred);
  const mine = choices[guess]!.words;
  if (truth === null) return besideTruth(mine, "What you did does not show it yet.");
  const { choice, isSure } = truth;
  if (choice === guess)
    return besideTruth(
      mine,
      isSure ? null : "The map’s first guess is the same, but it is not sure yet.",
    );
  const { words } = choices[choice]!;
  const says = isSure ? "The map says" : "The map is not sure yet, but its first guess is";
  return besideTruth(mine, `${says}: ${words[0]!.toLowerCase()}${words.slice(1)}.`);
}
