import type { File as HdfFile } from "h5wasm/node";
import { type EpisodeSteps, stepsOf } from "../../shared/data/episodeSteps.ts";
import type { Format } from "../../shared/data/formats/format.ts";
import type { EpisodeRecord, LessonRecord } from "../../shared/data/lessonRecord.ts";
import { width } from "../../shared/spaces.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { Outcome } from "../../shared/worlds/world.ts";
import type { DiskFolder } from "./diskFolder.ts";

/**
 * Minari 0.5.3 datasets in HDF5, one for each world: with the export as `MINARI_DATASETS_PATH`,
 * `minari.load_dataset("dagger-dojo/WORLD-v0")` opens it.
 *
 * Source: Farama-Foundation/Minari v0.5.3, `dataset/minari_storage.py`, `_storages/hdf5_storage.py`,
 * `serialization.py`.
 */
export const minari: Format<DiskFolder> = {
  words: "a Minari 0.5.3 dataset (HDF5) for each world",
  begin(folder) {
    const datasets = new Map<string, Dataset>();
    return {
      async add(lesson) {
        const { name } = lesson.level;
        const dataset = datasets.get(name) ?? (await Dataset.create(folder, lesson.level));
        datasets.set(name, dataset);
        dataset.add(lesson);
      },
      finish() {
        for (const dataset of datasets.values()) dataset.finish();
      },
    };
  },
};

const version = "0.5.3";

class Dataset {
  readonly #folder: DiskFolder;
  readonly #level: Level;
  readonly #file: HdfFile;
  #nEpisodes = 0;
  #nSteps = 0;

  private constructor(folder: DiskFolder, level: Level, file: HdfFile) {
    this.#folder = folder;
    this.#level = level;
    this.#file = file;
  }

  static async create(folder: DiskFolder, level: Level): Promise<Dataset> {
    // Megabytes of WebAssembly, for who wants this format.
    const { default: h5wasm, ready } = await import("h5wasm/node");
    // Otherwise it prints what goes wrong, and goes on.
    (await ready).activate_throwing_error_handler();
    const path = folder.pathOf(`${placeOf(level)}/main_data.hdf5`);
    return new Dataset(folder, level, new h5wasm.File(path, "w"));
  }

  add(lesson: LessonRecord): void {
    for (const record of lesson.episodes) this.#add(lesson, record);
  }

  finish(): void {
    if (this.#file.close() < 0) throw new Error("HDF5 could not close its file");
    const metadata = this.#folder.file(`${placeOf(this.#level)}/metadata.json`);
    metadata.write(
      `${JSON.stringify({
        dataset_id: idOf(this.#level),
        minari_version: version,
        data_format: "hdf5",
        total_episodes: this.#nEpisodes,
        total_steps: this.#nSteps,
        observation_space: observationSpaceOf(this.#level),
        action_space: actionSpaceOf(this.#level),
        algorithm_name: "a person, and learners that they corrected",
        description: `${this.#level.title}: ${this.#level.task} The codebook beside this dataset says what all infos are.`,
      })}\n`,
    );
    metadata.close();
  }

  #add(lesson: LessonRecord, record: EpisodeRecord): void {
    const steps = stepsOf(lesson, record);
    const group = this.#file.create_group(`episode_${this.#nEpisodes}`);
    const integer = (name: string, value: number) =>
      group.create_attribute(name, BigInt64Array.of(BigInt(value)), [], "<q");
    const text = (name: string, value: string) => group.create_attribute(name, value);
    integer("id", this.#nEpisodes);
    integer("total_steps", steps.length);
    integer("seed", record.episode.seed);
    text("lesson", lesson.id);
    integer("episode", record.number);
    text("kind", record.kind);
    text("world", record.episode.world);
    integer("counts", record.takenBack === null ? 1 : 0);
    if (record.round !== null) {
      integer("round", record.round);
      text("policy", lesson.rounds[record.round]!.start.digest);
    }
    const put = (into: typeof group, name: string, { data, shape, dtype }: Numbers) =>
      into.create_dataset({ name, data, shape: [...shape], dtype });
    for (const [name, numbers] of Object.entries(arraysOf(this.#level, steps)))
      put(group, name, numbers);
    const infos = group.create_group("infos");
    for (const [name, numbers] of Object.entries(infosOf(lesson, steps))) put(infos, name, numbers);
    this.#nEpisodes++;
    this.#nSteps += steps.length;
  }
}

interface Numbers {
  readonly data: Float64Array | BigInt64Array | Int8Array;
  readonly shape: readonly number[];
  readonly dtype: "<d" | "<q" | "<b";
}

function doubles(data: Float64Array, ...shape: number[]): Numbers {
  return { data, shape, dtype: "<d" };
}

function bytes(length: number, of: (t: number) => number): Numbers {
  return { data: Int8Array.from({ length }, (_, t) => of(t)), shape: [length], dtype: "<b" };
}

/** What Minari asks for. There are no booleans to be written, so flags are int8. */
function arraysOf(
  { action, observationSize }: Level,
  steps: EpisodeSteps,
): Record<string, Numbers> {
  const { length, outcomes } = steps;
  const isDone = (t: number) => outcomes[t] === Outcome.done;
  return {
    observations: doubles(steps.observations, length + 1, observationSize),
    actions:
      action.kind === "discrete"
        ? { data: BigInt64Array.from(steps.actions, BigInt), shape: [length], dtype: "<q" }
        : doubles(steps.actions, length, width(action)),
    rewards: doubles(steps.rewards, length),
    terminations: bytes(length, (t) => (isDone(t) ? 1 : 0)),
    truncations: bytes(length, (t) => (t === length - 1 && !isDone(t) ? 1 : 0)),
  };
}

/** Numbers of the ways in which an expert's action was told, as the codebook names them. */
const sources = ["demonstration", "time-stop", "takeover", "shadow"];

function infosOf({ level, rounds }: LessonRecord, steps: EpisodeSteps): Record<string, Numbers> {
  const { record, length, learner } = steps;
  const wide = width(level.action);
  const none = () => new Float64Array(length * wide).fill(Number.NaN);
  const uncertainty =
    record.drive === null ? undefined : rounds[record.round!]!.start.uncertainty[record.drive];
  return {
    state: doubles(steps.states, length + 1, level.stateSize),
    learner_action: doubles(learner ?? none(), length, wide),
    expert_action: doubles(steps.expert, length, wide),
    expert_source: bytes(length, (t) => sources.indexOf(steps.sources[t] ?? "")),
    controller: bytes(length, (t) => steps.controllers[t]!),
    outcome: bytes(length, (t) => steps.outcomes[t]!),
    query_rank: {
      data: BigInt64Array.from(steps.ranks, BigInt),
      shape: [length],
      dtype: "<q",
    },
    uncertainty: doubles(
      Float64Array.from({ length }, (_, t) => uncertainty?.[t] ?? Number.NaN),
      length,
    ),
    feature: doubles(steps.features, length, level.lattice.nFeatures),
  };
}

function idOf({ name }: Level): string {
  return `dagger-dojo/${name}-v0`;
}

function placeOf(level: Level): string {
  return `${idOf(level)}/data`;
}

/** Without bounds, which Python's JSON writes as no other does. */
function observationSpaceOf({ observationSize }: Level): string {
  const all = (value: string) => `[${new Array(observationSize).fill(value).join(", ")}]`;
  return `{"type": "Box", "dtype": "float64", "shape": [${observationSize}], "low": ${all("-Infinity")}, "high": ${all("Infinity")}}`;
}

function actionSpaceOf({ action }: Level): string {
  return JSON.stringify(
    action.kind === "discrete"
      ? { type: "Discrete", dtype: "int64", start: 0, n: action.names.length }
      : {
          type: "Box",
          dtype: "float64",
          shape: [action.low.length],
          low: action.low,
          high: action.high,
        },
  );
}
