import { type Random, Stream, seeded } from "../random.ts";
import { width } from "../spaces.ts";
import type { Trajectory } from "../worlds/episode.ts";
import type { Tabular } from "../worlds/level.ts";
import { Outcome } from "../worlds/world.ts";
import type { Demonstration } from "./features.ts";
import { absorbing, leadsTo, type Mdp, type MdpDescription, mdp, mdpOf } from "./mdp.ts";

/** A world as inverse reinforcement learning sees it. */
export interface Model {
  readonly mdp: Mdp;
  /** [s][k] */
  readonly features: Float64Array;
}

const models = new WeakMap<Tabular, Model>();
/** Cells between two reports of progress. */
const cellsBetween = 100;
/** Draws by which the start distribution is estimated. */
const nStarts = 2000;

/**
 * The world's model, computed once, with the same numbers everywhere. An episode that has ended stays
 * where it ended (see `absorbing`), so that the reward does not depend on how long episodes are.
 *
 * @param progress told the share done, in [0, 1], where it has to be estimated
 */
export function modelOf(world: Tabular, progress: (share: number) => void = () => {}): Model {
  let model = models.get(world);
  if (!model) {
    const mdp = absorbing(latticeMdp(world, seeded(0, Stream.lattice), progress));
    model = { mdp, features: latticeFeatures(world) };
    models.set(world, model);
  }
  return model;
}

/** The MDP of a world's lattice: exact where the lattice knows its outcomes, estimated elsewhere. */
export function latticeMdp(
  world: Tabular,
  random: Random,
  progress: (share: number) => void = () => {},
): Mdp {
  const { nStates, nActions, discount, horizon } = world.lattice;
  const dynamics = world.lattice.outcomes ? null : estimated(world, random, progress);
  const state = new Float64Array(world.stateSize);
  const start = new Float64Array(nStates);
  let inside = 0;
  for (let i = 0; i < nStarts; i++) {
    world.start(random, state);
    const cell = world.lattice.cellOf(state);
    if (cell < 0) continue;
    start[cell]!++;
    inside++;
  }
  if (inside === 0) throw new RangeError(`${world.name} starts outside of its lattice`);
  const rest = {
    nStates,
    nActions,
    start: start.map((count) => count / inside),
    discount,
    horizon,
  };
  return dynamics ? mdpOf({ ...rest, ...dynamics }) : mdp({ ...rest, ...exact(world) });
}

function exact({ lattice }: Tabular): Pick<MdpDescription, "transitions" | "terminals"> {
  const { nStates, nActions } = lattice;
  const terminals = new Set<number>();
  const rows = Array.from({ length: nStates * nActions }, (_, row) => {
    const outcomes = lattice.outcomes!(Math.floor(row / nActions), row % nActions);
    for (const { next, ends } of outcomes) if (ends) terminals.add(next);
    return outcomes.map(({ next, probability }) => ({ next, probability }));
  });
  return { transitions: (s, a) => rows[s * nActions + a]!, terminals };
}

/**
 * Estimates the dynamics: from `samples` states of each cell, each action is held for `hold` steps, and
 * the cells where that ends are counted. With one sample, a cell stands for one state and its step is
 * taken without noise, since one draw of the weather is no distribution.
 *
 * An outcome outside of all cells counts for the last cell before it: the edge of the lattice is a
 * wall. If it were dropped, its probability would go to the outcomes inside, and an action that nearly
 * always leaves would look like one that never does. A cell in which an episode ended is a terminal; an
 * end outside of all cells makes none.
 */
function estimated(
  world: Tabular,
  random: Random,
  progress: (share: number) => void,
): Pick<Mdp, "offsets" | "next" | "probability" | "terminal"> {
  const { lattice } = world;
  const { nStates, nActions, samples } = lattice;
  const weather = samples > 1 ? random : null;
  const origins = Array.from({ length: samples }, () => new Float64Array(world.stateSize));
  const spread = evenly(random, samples > 1 ? world.stateSize : 0);
  const path = Array.from({ length: lattice.hold }, () => new Float64Array(world.stateSize));
  const action = new Float64Array(width(world.action));
  const terminal = new Uint8Array(nStates);
  const offsets = new Int32Array(nStates * nActions + 1);
  const next: number[] = [];
  const probability: number[] = [];
  /** [s], zero except in the cells that `reached` lists. */
  const counts = new Int32Array(nStates);
  const reached: number[] = [];

  for (let s = 0; s < nStates; s++) {
    if (s % cellsBetween === 0) progress(s / nStates);
    spread.shift();
    for (const from of origins) {
      lattice.stateIn(s, spread.source, from);
      spread.step();
    }
    for (let a = 0; a < nActions; a++) {
      lattice.action(a, action);
      for (const from of origins) {
        const end = holdAction(world, from, path, action, s, weather);
        const cell = end < 0 ? ~end : end;
        if (end < 0) terminal[cell] = 1;
        if (counts[cell]!++ === 0) reached.push(cell);
      }
      for (const to of reached) {
        next.push(to);
        probability.push(counts[to]! / samples);
        counts[to] = 0;
      }
      reached.length = 0;
      offsets[s * nActions + a + 1] = next.length;
    }
  }
  // Nothing follows a terminal, and which cells are some is known only now.
  let kept = 0;
  for (let row = 0, i = 0; row < nStates * nActions; row++) {
    for (const end = offsets[row + 1]!; i < end; i++) {
      if (terminal[Math.floor(row / nActions)]) continue;
      next[kept] = next[i]!;
      probability[kept++] = probability[i]!;
    }
    offsets[row + 1] = kept;
  }
  return {
    offsets,
    next: new Int32Array(next.slice(0, kept)),
    probability: new Float64Array(probability.slice(0, kept)),
    terminal,
  };
}

/**
 * A source of randomness whose first `n` uniform draws after each step fill the unit cube evenly: they are
 * those before, each moved on by an irrational number (Kronecker sequence with the numbers of Roberts
 * 2018; random shifts after Cranley and Patterson 1976). Means over few states of a cell are then nearer to those
 * over all. What is drawn beyond these is drawn from `random`.
 */
function evenly(random: Random, n: number) {
  // The root of x^(n + 1) = x + 1.
  let root = 2;
  for (let i = 0; i < 40; i++) root = (1 + root) ** (1 / (n + 1));
  const moves = Array.from({ length: n }, (_, k) => root ** -(k + 1));
  const at = new Float64Array(n);
  let drawn = 0;
  const uniform = () => (drawn < n ? at[drawn++]! : random.uniform());
  const source: Random = {
    uniform,
    normal: () => random.normal(),
    below: (m) => Math.floor(uniform() * m),
  };
  return {
    source,
    shift() {
      for (let k = 0; k < n; k++) at[k] = random.uniform();
      drawn = 0;
    },
    step() {
      for (let k = 0; k < n; k++) at[k] = (at[k]! + moves[k]!) % 1;
      drawn = 0;
    },
  };
}

/**
 * Holds an action for one lattice step from a state in `cell`.
 * @param path [hold][stateSize], where the states after it are written
 * @returns the cell that it leads to; its complement (~) where the episode ended in that
 */
function holdAction(
  { lattice, step }: Tabular,
  from: Float64Array,
  path: readonly Float64Array[],
  action: Float64Array,
  cell: number,
  weather: Random | null,
): number {
  const { hold } = lattice;
  let state = from;
  let last = -1;
  let outcome: number = Outcome.goesOn;
  while (last + 1 < hold && outcome !== Outcome.done) {
    const next = path[++last]!;
    outcome = step(state, action, weather, next);
    if (outcome === Outcome.fell && lattice.fallen) return lattice.fallen(next);
    state = next;
  }
  // The last state that is in a cell; few are not.
  for (let i = last; i >= 0; i--) {
    const now = lattice.cellOf(path[i]!);
    if (now >= 0) return outcome === Outcome.done && i === last ? ~now : now;
  }
  return cell;
}

/** The reward features of all cells, [s][k]. */
export function latticeFeatures({ lattice }: Tabular): Float64Array {
  const { nStates, nFeatures } = lattice;
  const features = new Float64Array(nStates * nFeatures);
  for (let s = 0; s < nStates; s++)
    lattice.features(s, features.subarray(s * nFeatures, (s + 1) * nFeatures));
  return features;
}

/** A trajectory on the lattice. */
export interface LatticeDemonstration extends Demonstration {
  /** [T + 1] cells. */
  readonly states: Int32Array;
  /** [T] lattice actions. */
  readonly actions: Int32Array;
  /** [T + 1], the world's time step at which each of the states was. */
  readonly at: Int32Array;
  /**
   * [T], 1 for each step that the model cannot produce: no action leads from the one cell to the
   * other. Which action was taken does not matter here, as it is rounded to the lattice's few.
   */
  readonly leftOut: Uint8Array;
  /** How many steps are left out. */
  readonly impossible: number;
}

/**
 * A trajectory as cells and lattice actions, one every `hold` steps. A state outside of all cells
 * counts for the last cell before it, as in the model; what comes before the first cell, and steps
 * at the end that don't fill a lattice step, are cut off. A step that ends the episode, or in a fall
 * that has a cell of its own, is whole however short it is.
 */
export function latticeDemonstration(world: Tabular, trajectory: Trajectory): LatticeDemonstration {
  const { lattice, stateSize } = world;
  const model = modelOf(world).mdp;
  const wide = width(world.action);
  const { length } = trajectory;
  const stateAt = (t: number) => trajectory.states.subarray(t * stateSize, (t + 1) * stateSize);

  let t = 0;
  while (t <= length && lattice.cellOf(stateAt(t)) < 0) t++;
  if (t > length)
    return {
      states: new Int32Array(0),
      actions: new Int32Array(0),
      at: new Int32Array(0),
      leftOut: new Uint8Array(0),
      impossible: 0,
    };
  const states = [lattice.cellOf(stateAt(t))];
  const actions: number[] = [];
  const at = [t];
  const leftOut: number[] = [];
  const stretch = new Float64Array(lattice.hold * wide);
  while (t < length) {
    let cell = states.at(-1)!;
    let i = 0;
    let over = false;
    for (; i < lattice.hold && t + i < length && !over; i++) {
      stretch.set(trajectory.actions.subarray((t + i) * wide, (t + i + 1) * wide), i * wide);
      const outcome = trajectory.outcomes[t + i];
      const fell = outcome === Outcome.fell && lattice.fallen !== undefined;
      const now = fell ? lattice.fallen!(stateAt(t + i + 1)) : lattice.cellOf(stateAt(t + i + 1));
      if (now >= 0) cell = now;
      over = fell || outcome === Outcome.done;
    }
    if (i < lattice.hold && !over) break;
    t += i;
    // The last action stands in for those that the end of the episode, or the fall, made unnecessary.
    for (; i < lattice.hold; i++) stretch.copyWithin(i * wide, (i - 1) * wide, i * wide);
    const a = lattice.nearestAction(stretch);
    leftOut.push(leadsTo(model, states.at(-1)!, cell) ? 0 : 1);
    actions.push(a);
    states.push(cell);
    at.push(t);
  }
  return {
    states: Int32Array.from(states),
    actions: Int32Array.from(actions),
    at: Int32Array.from(at),
    leftOut: Uint8Array.from(leftOut),
    impossible: leftOut.reduce((sum, out) => sum + out, 0),
  };
}
