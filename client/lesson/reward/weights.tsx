import { type Belief, verdictOn, weightBeliefs } from "../../../shared/irl/belief.ts";
import type { InferredReward } from "../../../shared/irl/reward.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { IntervalBar, reachOf } from "../../ui/interval-bar.tsx";
import { signed } from "../reward-map.ts";
import { namedIn } from "../untellable.tsx";

/** Each weight as a bar from zero, with the interval that holds it nine times in ten. */
export function WeightBars({ world, inferred }: { world: Level; inferred: InferredReward }) {
  const beliefs = weightBeliefs(inferred);
  const reach = reachOf(beliefs.flatMap(({ interval }) => interval));
  return (
    <>
      <p class="quiet-text">
        Bar to the right: you like it. To the left: you avoid it. Line: how sure that is.
      </p>
      <ul class="weights">
        {world.lattice.featureNames.map((name, k) => {
          const belief = beliefs[k]!;
          const { mean, interval } = belief;
          const [low, high] = interval;
          return (
            <li key={name} class={verdictOn(belief)}>
              <span>{name}</span>
              <IntervalBar value={mean} interval={interval} reach={reach} />
              <span class="figures" title={`90 % between ${signed(low)} and ${signed(high)}`}>
                {signed(mean)}
                <span class="hidden">
                  , with 90 % between {signed(low)} and {signed(high)}
                </span>
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}

const list = new Intl.ListFormat("en");
const either = new Intl.ListFormat("en", { type: "disjunction" });

/** What the person was after, as one would say it; and what their play does not tell. */
export function sayWeights(world: Level, inferred: InferredReward): string {
  const said = weightBeliefs(inferred).map((belief, k) => ({
    belief,
    name: world.lattice.featureNames[k]!,
    verdict: verdictOn(belief),
  }));
  const strongest = (a: { belief: Belief }, b: { belief: Belief }) =>
    Math.abs(b.belief.mean) - Math.abs(a.belief.mean);
  const names = (verdict: string) =>
    said
      .filter((weight) => weight.verdict === verdict)
      .sort(strongest)
      .map(({ name }) => name);
  const [liked, avoided, unsure, unknown] = [
    names("liked"),
    names("avoided"),
    names("unsure"),
    names("unknown"),
  ];
  const sentences = [
    liked.length > 0 && `You like being ${list.format(liked)}.`,
    avoided.length > 0 && `You avoid being ${list.format(avoided)}.`,
    unsure.length > 0 && `Not sure yet: being ${either.format(unsure)}.`,
    unknown.length > 0 && `Nothing known yet: being ${either.format(unknown)}.`,
    ...inferred.undetermined
      .map((direction) => namedIn(world, direction))
      .filter(
        (mixed) =>
          // What is not known of one feature, or of any of them, is said already.
          mixed.length > 1 &&
          !mixed.every((name) => unsure.includes(name) || unknown.includes(name)),
      )
      .map(
        (mixed) =>
          `What you did does not show which of these you like: being ${list.format(mixed)}.`,
      ),
  ];
  return sentences.filter(Boolean).join(" ");
}
