import { tileBeliefs, tileReward, verdictOn } from "../../shared/irl/belief.ts";
import type { InferredReward } from "../../shared/irl/reward.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { rewardColour, shadeColour } from "../drawing/scale.ts";
import type { RewardMap } from "../stage/activity.ts";
import { presentationOf } from "../worlds/index.ts";

/** One way to look at what was inferred: a map, its legend, and what each tile says. */
export interface Layer {
  readonly name: string;
  readonly title: string;
  /** What the numbers are. */
  readonly words: string;
  /** Whether it is for the curious only. */
  readonly isCurious: boolean;
  readonly map: RewardMap;
  readonly scale: Scale;
  /** What is to be said of tile `i`. */
  say(i: number): string;
}

/** What the colours of a map stand for. */
export interface Scale {
  readonly least: number;
  readonly most: number;
  /** Whether 0 is in its middle, and is what all else is measured against. */
  readonly isSigned: boolean;
  readonly format: (value: number) => string;
}

/** A value's colour, at its share of the way from the least to the most. */
export function colourOn({ isSigned }: Scale, share: number): string {
  return isSigned ? rewardColour(2 * share - 1) : shadeColour(share);
}

/** Nats on either side of the plain ground that the scale holds at least: a hint looks like a hint. */
const leastSpan = 0.5;

/**
 * All layers of what was inferred, the recovered reward first. Rewards that have no scale of their own
 * are stretched to the spread of the recovered one, so that all of them share one legend.
 * @param taste name of the taste that was dealt, or null
 */
export function layersOf(world: Level, inferred: InferredReward, taste: string | null): Layer[] {
  const beliefs = tileBeliefs(world, inferred);
  const recovered = tileReward(world, inferred.weights);
  const matched = stretched(tileReward(world, inferred.matched), recovered);
  const dealt = taste
    ? stretched(tileReward(world, world.tastes![taste]!.weights), recovered)
    : null;
  const rewards = [recovered, matched, dealt ?? recovered].flat();
  const reach = Math.max(leastSpan, ...rewards.map(Math.abs));
  const scale: Scale = { least: -reach, most: reach, isSigned: true, format: signed };
  const verdicts = beliefs.map(verdictOn);
  const layer = (
    name: string,
    title: string,
    words: string,
    values: readonly (number | null)[],
    scale: Scale,
    say: (i: number) => string,
  ): Layer => {
    const { tiles } = world.lattice;
    const { least, most, format } = scale;
    const colours = values.map((value) =>
      value === null ? null : colourOn(scale, (value - least) / (most - least)),
    );
    const unknown = name === "certainty" ? "–" : "?";
    const unsure = verdicts.map((verdict) => name === "maxent" && verdict === "unsure");
    const numbers = values.map((value, i) =>
      value === null || unsure[i] ? unknown : format(value),
    );
    const isCurious = name === "matching";
    return {
      name,
      title,
      words,
      isCurious,
      map: { tiles, colours, numbers, unsure },
      scale,
      say,
    };
  };

  const most = Math.max(1, ...inferred.visits);
  const { plain } = presentationOf(world).words;
  const layers = [
    layer(
      "maxent",
      "Reward map",
      `Yellow: you like it more than ${plain}. Blue: you like it less. Grey: as much as ${plain}, which counts as 0. Lines and “?”: the computer does not know yet. A weak colour is its first guess.`,
      recovered.map((reward, i) => (verdicts[i] === "unknown" ? null : reward)),
      scale,
      (i) => {
        if (verdicts[i] === "unknown") return "not known: what you did does not show it";
        if (verdicts[i] === "nothing") return `${signed(recovered[i]!)}, always`;
        const [low, high] = beliefs[i]!.interval;
        const words = `${signed(recovered[i]!)} (${signed(low)} to ${signed(high)})`;
        return verdicts[i] === "unsure" ? `${words}, not sure yet` : words;
      },
    ),
    layer(
      "matching",
      "Feature matching",
      "Another method. It looks for a reward whose best policy meets the same things as often as you did. This reward has no scale of its own. Here it gets the scale of the reward map.",
      matched,
      scale,
      (i) => signed(matched[i]!),
    ),
    layer(
      "visits",
      "Where you went",
      "How often you were there.",
      inferred.visits,
      { least: 0, most, isSigned: false, format: (value) => value.toFixed(0) },
      (i) => `you were here ${times(inferred.visits[i]!)}`,
    ),
    layer(
      "certainty",
      "How sure it is",
      "How sure the reward map is of each tile. Hatched: always 0, so there is nothing to find out.",
      beliefs.map(({ learnt, interval: [low, high] }) => (low === high ? null : learnt)),
      { least: 0, most: 1, isSigned: false, format: (value) => `${Math.round(100 * value)} %` },
      (i) => {
        const { learnt, interval } = beliefs[i]!;
        if (interval[0] === interval[1]) return "always 0: nothing to find out";
        return `${Math.round(100 * learnt)} % known, ${give(interval)}`;
      },
    ),
  ];
  if (dealt) {
    layers.push(
      layer(
        "taste",
        "Your taste card",
        "What your card says, in the colours of the reward map.",
        dealt,
        scale,
        (i) => signed(dealt[i]!),
      ),
    );
  }
  return layers;
}

/** What a map that is still forming shows: the reward of what there is something to know of. */
export function formingMap(world: Level, inferred: InferredReward): RewardMap {
  const { map } = layersOf(world, inferred, null)[0]!;
  const verdicts = tileBeliefs(world, inferred).map(verdictOn);
  const colours = map.colours.map((colour, i) => (verdicts[i] === "nothing" ? null : colour));
  return { ...map, colours, rims: true };
}

/** A number with its sign, and a true minus. */
export function signed(value: number): string {
  const digits = Math.abs(value).toFixed(2);
  if (Number(digits) === 0) return "0.00";
  return `${value < 0 ? "−" : "+"}${digits}`;
}

function times(n: number): string {
  return n === 0 ? "never" : n === 1 ? "once" : `${n} times`;
}

function give([low, high]: readonly [number, number]): string {
  return `plus or minus ${((high - low) / 2).toFixed(2)}`;
}

/** `values` times what gives them the spread of `model`. */
function stretched(values: readonly number[], model: readonly number[]): number[] {
  const spread = deviation(values);
  const scale = spread > 0 ? deviation(model) / spread : 0;
  return values.map((value) => scale * value);
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
