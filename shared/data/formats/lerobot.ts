import { width } from "../../spaces.ts";
import { Controller } from "../../worlds/episode.ts";
import type { Level } from "../../worlds/level.ts";
import { stepsIn } from "../../worlds/steering.ts";
import { Outcome } from "../../worlds/world.ts";
import { type EpisodeSteps, stepsOf } from "../episodeSteps.ts";
import type { EpisodeRecord, LessonRecord } from "../lessonRecord.ts";
import type { Format, OutFolder } from "./format.ts";
import { ParquetFile, type StoredCell, type StoredColumn } from "./parquetFile.ts";
import { Statistics } from "./statistics.ts";

/**
 * LeRobot datasets v3.0, one for each world. Their numbers are float32, as its policies are: states have
 * no more bits, and observations and actions are rounded. What is not known is NaN.
 *
 * Source: huggingface/lerobot, `datasets/dataset_metadata.py`, `dataset_writer.py`, `io_utils.py`.
 */
export const lerobot: Format = {
  words: "a LeRobot dataset v3.0 for each world",
  begin(folder) {
    const datasets = new Map<string, Dataset>();
    return {
      add(lesson) {
        const { name } = lesson.level;
        if (!datasets.has(name)) datasets.set(name, new Dataset(folder, lesson.level));
        datasets.get(name)!.add(lesson);
      },
      finish() {
        for (const dataset of datasets.values()) dataset.finish();
      },
    };
  },
};

/** Bytes after which the data go on in another file, at the next episode. */
const fileSize = 100_000_000;
/** Files in a folder. */
const chunkSize = 1000;
/** Frames a second where the world waits for each action: a step counts as a second there. */
const fpsOfWaiting = 1;

interface Feature {
  readonly dtype: "float32" | "int64" | "bool";
  readonly size: number;
  readonly names: readonly string[] | null;
  /** Writes the numbers of step t. */
  of(steps: EpisodeSteps, t: number, row: number[]): void;
}

class Dataset {
  readonly #folder: OutFolder;
  readonly #level: Level;
  readonly #fps: number;
  readonly #features: Readonly<Record<string, Feature>>;
  readonly #statistics: ReadonlyMap<string, Statistics>;
  readonly #tasks = new Map<string, number>();
  readonly #episodes: ParquetFile;
  #data: { readonly file: ParquetFile; readonly size: () => number } | null = null;
  #files = 0;
  #nEpisodes = 0;
  #nFrames = 0;

  constructor(folder: OutFolder, level: Level) {
    this.#folder = folder;
    this.#level = level;
    this.#fps = stepsIn(level.steering, 1, fpsOfWaiting);
    this.#features = featuresOf(level);
    this.#statistics = new Map(
      [...Object.entries(this.#features), ...Object.entries(indices)].map(([name, { size }]) => [
        name,
        new Statistics(size),
      ]),
    );
    this.#episodes = new ParquetFile(this.#file("meta/episodes", 0), episodeColumns);
  }

  add(lesson: LessonRecord): void {
    for (const record of lesson.episodes) this.#add(lesson, record);
  }

  finish(): void {
    this.#data?.file.close();
    this.#episodes.close();
    this.#writeTasks();
    this.#writeJson("meta/info.json", this.#info());
    const stats = [...this.#statistics].map(([name, statistics]) => [name, statistics.toJSON()]);
    this.#writeJson("meta/stats.json", Object.fromEntries(stats));
  }

  #add(lesson: LessonRecord, record: EpisodeRecord): void {
    const steps = stepsOf(lesson, record);
    const task = this.#taskOf(record);
    const { file, number } = this.#dataFile();
    const features = Object.entries(this.#features);
    const from = this.#nFrames;
    for (let t = 0; t < steps.length; t++) {
      const cells: StoredCell[] = features.map(([name, { size, of }]) => {
        const row: number[] = [];
        of(steps, t, row);
        this.#statistics.get(name)!.add(row);
        if (this.#features[name]!.dtype === "bool") return row[0] === 1;
        return size === 1 ? row[0]! : row;
      });
      const places = [t / this.#fps, t, this.#nEpisodes, this.#nFrames, task.index];
      Object.keys(indices).forEach((name, i) => {
        this.#statistics.get(name)!.add([places[i]!]);
      });
      file.add([...cells, ...places]);
      this.#nFrames++;
    }
    const chunk = Math.floor(number / chunkSize);
    const place = [chunk, number % chunkSize, from, this.#nFrames, 0, 0];
    const about = [lesson.id, record.number, record.kind, record.episode.seed, record.round];
    const isKept = record.takenBack === null;
    this.#episodes.add([this.#nEpisodes, [task.words], steps.length, ...place, ...about, isKept]);
    this.#nEpisodes++;
  }

  #taskOf({ taste }: EpisodeRecord): { readonly words: string; readonly index: number } {
    const words = (taste !== null && this.#level.tastes?.[taste]?.words) || this.#level.task;
    const index = this.#tasks.get(words) ?? this.#tasks.size;
    this.#tasks.set(words, index);
    return { words, index };
  }

  /** The file that the next episode goes to. */
  #dataFile(): { readonly file: ParquetFile; readonly number: number } {
    if (this.#data && this.#data.size() > fileSize) {
      this.#data.file.close();
      this.#data = null;
    }
    if (!this.#data) {
      const out = this.#file("data", this.#files++);
      const columns = Object.entries(this.#features).map(
        ([name, { dtype, size }]): StoredColumn => ({
          name,
          type: dtype === "bool" ? "boolean" : dtype === "int64" ? "integer" : "float",
          isList: size > 1,
        }),
      );
      this.#data = {
        file: new ParquetFile(out, [...columns, ...indexColumns]),
        size: () => out.size,
      };
    }
    return { file: this.#data.file, number: this.#files - 1 };
  }

  #file(folder: string, number: number) {
    const part = (n: number) => `${n}`.padStart(3, "0");
    const chunk = part(Math.floor(number / chunkSize));
    return this.#folder.file(
      `${this.#level.name}/${folder}/chunk-${chunk}/file-${part(number % chunkSize)}.parquet`,
    );
  }

  /** The task is the index of a pandas table, which pandas finds named in the file's metadata. */
  #writeTasks(): void {
    const column = (name: string, pandas: string, numpy: string) => ({
      name,
      field_name: name,
      pandas_type: pandas,
      numpy_type: numpy,
      metadata: null,
    });
    const pandas = {
      index_columns: ["task"],
      column_indexes: [{ ...column("", "unicode", "object"), name: null, field_name: null }],
      columns: [column("task_index", "int64", "int64"), column("task", "unicode", "object")],
      creator: { library: "dagger-dojo", version: "1" },
      pandas_version: "2.0.0",
    };
    const tasks = new ParquetFile(
      this.#folder.file(`${this.#level.name}/meta/tasks.parquet`),
      [
        { name: "task_index", type: "integer" },
        { name: "task", type: "text" },
      ],
      [{ key: "pandas", value: JSON.stringify(pandas) }],
    );
    for (const [words, index] of this.#tasks) tasks.add([index, words]);
    tasks.close();
  }

  #info(): object {
    const features = { ...this.#features, ...indices };
    return {
      codebase_version: "v3.0",
      robot_type: null,
      total_episodes: this.#nEpisodes,
      total_frames: this.#nFrames,
      total_tasks: this.#tasks.size,
      chunks_size: chunkSize,
      data_files_size_in_mb: fileSize / 1e6,
      video_files_size_in_mb: 200,
      fps: this.#fps,
      splits: { train: `0:${this.#nEpisodes}` },
      data_path: "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet",
      video_path: null,
      features: Object.fromEntries(
        Object.entries(features).map(([name, { dtype, size, names }]) => [
          name,
          { dtype, shape: [size], names },
        ]),
      ),
    };
  }

  #writeJson(name: string, json: object): void {
    const file = this.#folder.file(`${this.#level.name}/${name}`);
    file.write(`${JSON.stringify(json, null, 2)}\n`);
    file.close();
  }
}

/** What LeRobot itself adds to each step, in the order in which it is written here. */
const indices = {
  timestamp: { dtype: "float32", size: 1, names: null },
  frame_index: { dtype: "int64", size: 1, names: null },
  episode_index: { dtype: "int64", size: 1, names: null },
  index: { dtype: "int64", size: 1, names: null },
  task_index: { dtype: "int64", size: 1, names: null },
} as const;

const indexColumns = Object.entries(indices).map(
  ([name, { dtype }]): StoredColumn => ({ name, type: dtype === "int64" ? "integer" : "float" }),
);

const episodeColumns: readonly StoredColumn[] = [
  { name: "episode_index", type: "integer" },
  { name: "tasks", type: "text", isList: true },
  { name: "length", type: "integer" },
  { name: "data/chunk_index", type: "integer" },
  { name: "data/file_index", type: "integer" },
  { name: "dataset_from_index", type: "integer" },
  { name: "dataset_to_index", type: "integer" },
  { name: "meta/episodes/chunk_index", type: "integer" },
  { name: "meta/episodes/file_index", type: "integer" },
  // Beyond what LeRobot asks for: as in the table of episodes.
  { name: "lesson", type: "text" },
  { name: "episode", type: "integer" },
  { name: "kind", type: "text" },
  { name: "seed", type: "integer" },
  { name: "round", type: "integer" },
  { name: "counts", type: "boolean" },
];

function featuresOf({
  action,
  observationSize,
  stateSize,
}: Level): Readonly<Record<string, Feature>> {
  const wide = width(action);
  const float = (
    size: number,
    numbers: (steps: EpisodeSteps) => Float64Array | null,
    name: string,
  ): Feature => ({
    dtype: "float32",
    size,
    names: Array.from({ length: size }, (_, i) => `${name}_${i}`),
    of(steps, t, row) {
      const all = numbers(steps);
      for (let i = 0; i < size; i++) row.push(all ? all[t * size + i]! : Number.NaN);
    },
  });
  const flag = (is: (steps: EpisodeSteps, t: number) => boolean): Feature => ({
    dtype: "bool",
    size: 1,
    names: null,
    of: (steps, t, row) => void row.push(is(steps, t) ? 1 : 0),
  });
  return {
    "observation.state": float(observationSize, (steps) => steps.observations, "observation"),
    "observation.environment_state": float(stateSize, (steps) => steps.states, "state"),
    action: float(wide, (steps) => steps.actions, "action"),
    learner_action: float(wide, (steps) => steps.learner, "learner_action"),
    expert_action: float(wide, (steps) => steps.expert, "expert_action"),
    intervention: flag(
      ({ record, controllers }, t) =>
        record.kind === "takeover" && controllers[t] === Controller.expert,
    ),
    "next.reward": float(1, (steps) => steps.rewards, "reward"),
    "next.done": flag(
      ({ outcomes, length }, t) => t === length - 1 || outcomes[t] === Outcome.done,
    ),
  };
}
