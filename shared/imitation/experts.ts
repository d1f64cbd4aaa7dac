import { exp, log1p } from "../arithmetic.ts";
import type { Random } from "../random.ts";
import { clip, width } from "../spaces.ts";
import { Outcome, type World } from "../worlds/world.ts";
import type { Driver } from "./rollout.ts";

/** Someone who knows what to do: the scripted expert of a world, or one that is as fallible as people are. */
export interface Expert {
  /** A driver for one episode: it may have a memory, so that each episode takes a new one. */
  drives(random: Random): Driver;
  /** The answers to one round's questions, for each of which the world stands still. */
  answers(random: Random): Driver;
}

/** How an expert errs, as people do. All zero is the script itself. */
export interface NoiseModel {
  /**
   * How far each action misses: standard deviation as a share of half the action's range; for
   * discrete actions the probability of a slip to any of the others.
   */
  readonly noise: number;
  /** Steps between seeing and acting at the wheel. Where the world stands still there is no lag. */
  readonly lag: number;
  /**
   * How much an episode, or a round of answers, differs from another: standard deviation of an
   * offset that stays for all of it, as a share of half the range; for discrete actions the
   * probability with which one habitual action, another one each time, replaces the expert's.
   */
  readonly inconsistency: number;
  /**
   * Temperature τ of a Boltzmann choice. Discrete actions: P(a) ∝ exp(Q(a)/τ), where −Q(a) is the
   * number of steps to the end when the scripted expert goes on after a. Continuous ones: density
   * ∝ exp(−d(a)/τ) within the bounds, where d(a) is the distance from the expert's action as a
   * share of half the range.
   */
  readonly temperature: number;
}

/** The world's own script. */
export function scripted(world: World): Expert {
  return { drives: () => world.expert, answers: () => world.expert };
}

/** The world's scripted expert, erring as `model` says. */
export function human(world: World, model: NoiseModel): Expert {
  const session = (random: Random): Driver => {
    const choose = chooser(world, model.temperature, random);
    const habit = inconsistent(world, model.inconsistency, random);
    const slip = noisy(world, model.noise, random);
    return (state, action) => {
      choose(state, action);
      habit(action);
      slip(action);
      clip(world.action, action);
    };
  };
  return { drives: (random) => late(world, session(random), model.lag), answers: session };
}

type Change = (action: Float64Array) => void;

/** A driver who acts on what was to be seen `lag` steps ago, and before that on the first thing seen. */
function late(world: World, driver: Driver, lag: number): Driver {
  if (lag === 0) return driver;
  const seen: Float64Array[] = [];
  return (state, action) => {
    seen.push(Float64Array.from(state.subarray(0, world.stateSize)));
    if (seen.length > lag + 1) seen.shift();
    driver(seen[0]!, action);
  };
}

function noisy({ action: space }: World, noise: number, random: Random): Change {
  if (space.kind === "discrete") {
    return (action) => {
      if (random.uniform() >= noise) return;
      action[0] = (action[0]! + 1 + random.below(space.names.length - 1)) % space.names.length;
    };
  }
  return (action) => {
    for (let k = 0; k < action.length; k++) {
      action[k] = action[k]! + noise * half(space, k) * random.normal();
    }
  };
}

function inconsistent({ action: space }: World, inconsistency: number, random: Random): Change {
  if (space.kind === "discrete") {
    const habit = random.below(space.names.length);
    return (action) => {
      if (random.uniform() < inconsistency) action[0] = habit;
    };
  }
  const offsets = space.low.map((_, k) => inconsistency * half(space, k) * random.normal());
  return (action) => {
    for (let k = 0; k < action.length; k++) action[k] = action[k]! + offsets[k]!;
  };
}

function chooser(world: World, temperature: number, random: Random): Driver {
  const { action: space } = world;
  if (temperature === 0) return world.expert;
  if (space.kind === "discrete") {
    return (state, action) => {
      const steps = space.names.map((_, a) => stepsToEnd(world, state, a));
      const least = Math.min(...steps);
      const odds = steps.map((n) => exp((least - n) / temperature));
      let left = random.uniform() * odds.reduce((sum, p) => sum + p, 0);
      let a = 0;
      while (a < odds.length - 1 && left >= odds[a]!) left -= odds[a++]!;
      action[0] = a;
    };
  }
  return (state, action) => {
    world.expert(state, action);
    for (let k = 0; k < action.length; k++) {
      const scale = temperature * half(space, k);
      action[k] = laplace(action[k]!, scale, space.low[k]!, space.high[k]!, random);
    }
  };
}

/** Steps until the episode ends when `first` is done now and the scripted expert goes on, without noise. */
function stepsToEnd(world: World, state: Float64Array, first: number): number {
  const now = Float64Array.from(state.subarray(0, world.stateSize));
  const action = new Float64Array(width(world.action));
  action[0] = first;
  for (let steps = 1; steps < world.horizon; steps++) {
    if (world.step(now, action, null, now) === Outcome.done) return steps;
    world.expert(now, action);
  }
  return world.horizon;
}

/** A draw from the density ∝ exp(−|x − middle|/scale) on [low, high], by inversion. `middle` lies within. */
function laplace(middle: number, scale: number, low: number, high: number, random: Random): number {
  const below = 1 - exp((low - middle) / scale);
  const above = 1 - exp((middle - high) / scale);
  const u = random.uniform() * (below + above) - below;
  return u < 0 ? middle + scale * log1p(u) : middle - scale * log1p(-u);
}

function half(space: { low: readonly number[]; high: readonly number[] }, k: number): number {
  return (space.high[k]! - space.low[k]!) / 2;
}
