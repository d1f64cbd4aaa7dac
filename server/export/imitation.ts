import { type EpisodeSteps, stepsOf } from "../../shared/data/episodeSteps.ts";
import type { Format } from "../../shared/data/formats/format.ts";
import { width } from "../../shared/spaces.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { Outcome } from "../../shared/worlds/world.ts";
import type { DiskFolder } from "./diskFolder.ts";
import { Npz } from "./npz.ts";

/**
 * Trajectories for imitation 1.0, two files for each world, which `imitation.data.serialize.load` opens:
 * `episodes.npz` has all episodes with the actions that were executed; `expert.npz` has every stretch of
 * steps of which the expert's action is known, with that action whoever drove, as imitation's own DAgger
 * saves it. What was taken back is in neither.
 *
 * Source: HumanCompatibleAI/imitation, `data/serialize.py`, `data/types.py`, `algorithms/dagger.py`.
 */
export const imitation: Format<DiskFolder> = {
  words: "trajectories for imitation 1.0 (.npz) for each world",
  begin(folder) {
    const worlds = new Map<
      string,
      { readonly episodes: Trajectories; readonly expert: Trajectories }
    >();
    return {
      add(lesson) {
        const { level } = lesson;
        const known = worlds.get(level.name) ?? {
          episodes: new Trajectories(folder, `${level.name}/episodes.npz`, level),
          expert: new Trajectories(folder, `${level.name}/expert.npz`, level),
        };
        worlds.set(level.name, known);
        for (const record of lesson.episodes) {
          if (record.takenBack !== null) continue;
          const steps = stepsOf(lesson, record);
          known.episodes.add(steps, steps.actions, 0, steps.length);
          for (const [from, to] of stretchesOf(steps))
            known.expert.add(steps, steps.expert, from, to);
        }
      },
      finish() {
        for (const { episodes, expert } of worlds.values()) {
          episodes.close();
          expert.close();
        }
      },
    };
  },
};

/** Stretches [from, to) of steps of which the expert's action is known. */
function stretchesOf({ sources, length }: EpisodeSteps): [number, number][] {
  const stretches: [number, number][] = [];
  for (let t = 0; t < length; t++) {
    if (sources[t] === null) continue;
    if (t > 0 && sources[t - 1] !== null) stretches.at(-1)![1] = t + 1;
    else stretches.push([t, t + 1]);
  }
  return stretches;
}

class Trajectories {
  readonly #npz: Npz;
  readonly #level: Level;
  readonly #wide: number;
  /** Steps so far: where the next trajectory begins. */
  #steps = 0;
  #trajectories = 0;

  constructor(folder: DiskFolder, name: string, level: Level) {
    this.#npz = new Npz(folder, name);
    this.#level = level;
    this.#wide = width(level.action);
    const { action, observationSize, tastes } = level;
    this.#npz.array("obs", "'<f8'", [observationSize]);
    if (action.kind === "discrete") this.#npz.array("acts", "'<i8'", []);
    else this.#npz.array("acts", "'<f8'", [this.#wide]);
    // A record for each step, of which info["seed"] and the like read as from a dictionary.
    const fields = ["seed", "t", "controller", "round"].map((name) => `('${name}', '<f8')`);
    const learner = `('learner_action', '<f8', (${this.#wide},))`;
    this.#npz.array("infos", `[${[...fields, learner].join(", ")}]`, []);
    this.#npz.array("terminal", "'|b1'", []);
    this.#npz.array("indices", "'<i8'", []);
    if (tastes) this.#npz.array("rews", "'<f8'", []);
  }

  /** @param actions [T][width] of the whole episode, of which steps from `from` up to `to` are taken */
  add(steps: EpisodeSteps, actions: Float64Array, from: number, to: number): void {
    const { observationSize: size, action, tastes } = this.#level;
    const rows = to - from;
    const npz = this.#npz;
    npz.add("obs", bytesOf(steps.observations.subarray(from * size, (to + 1) * size)), rows + 1);
    const acts = actions.subarray(from * this.#wide, to * this.#wide);
    const stored = action.kind === "discrete" ? BigInt64Array.from(acts, BigInt) : acts;
    npz.add("acts", bytesOf(stored), rows);
    npz.add("infos", bytesOf(this.#infos(steps, from, to)), rows);
    const ends = to === steps.length && steps.outcomes[to - 1] === Outcome.done;
    npz.add("terminal", Uint8Array.of(ends ? 1 : 0), 1);
    if (tastes) npz.add("rews", bytesOf(steps.rewards.subarray(from, to)), rows);
    // Where each but the first begins: what `numpy.split` takes.
    if (this.#trajectories > 0)
      npz.add("indices", bytesOf(BigInt64Array.of(BigInt(this.#steps))), 1);
    this.#trajectories++;
    this.#steps += rows;
  }

  close(): void {
    this.#npz.close();
  }

  #infos({ record, controllers, learner }: EpisodeSteps, from: number, to: number): Float64Array {
    const size = 4 + this.#wide;
    const infos = new Float64Array((to - from) * size);
    for (let t = from; t < to; t++) {
      const row = infos.subarray((t - from) * size, (t - from + 1) * size);
      row.set([record.episode.seed, t, controllers[t]!, record.round ?? Number.NaN]);
      for (let i = 0; i < this.#wide; i++) row[4 + i] = learner?.[t * this.#wide + i] ?? Number.NaN;
    }
    return infos;
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array | BigInt64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
