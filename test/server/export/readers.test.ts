import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readers } from "../../../scripts/readers.mjs";
import { exportLessons } from "../../../server/export/index.ts";
import { parquetRows } from "../../../server/import/parquet.ts";
import { stepsOf } from "../../../shared/data/episodeSteps.ts";
import { lessonOfEpisodes, linesOf } from "../../../shared/data/imported.ts";
import type { LessonRecord } from "../../../shared/data/lessonRecord.ts";
import { type Cell, flatColumns } from "../../../shared/data/table.ts";
import { tables } from "../../../shared/data/tables/index.ts";
import { lessonFile } from "../../../shared/lesson/file.ts";
import { width } from "../../../shared/spaces.ts";
import {
  driven,
  fullHistory,
  hostileNote,
  lessonRecord,
  lines,
} from "../../shared/data/lessons.ts";
import { eventful } from "../../shared/lesson/histories.ts";
import { type RunningServer, startServer, temporaryFolder } from "../server.ts";

const { python, duckdb } = readers();
const left = [
  ...(python ? [] : ["a Python with pandas and h5py: CSV, Minari and imitation"]),
  ...(duckdb ? [] : ["DuckDB: Parquet and LeRobot"]),
];
if (left.length > 0) console.warn(`NOT TESTED, for want of ${left.join("; of ")}.`);

const run = promisify(execFile);
const folder = temporaryFolder();
const formats = ["csv", "jsonl", "parquet", "lerobot", "minari", "imitation"];
/** What the tables of each lesson are, by its address. */
const lessons: LessonRecord[] = [];
let server: RunningServer;

beforeAll(async () => {
  server = await startServer(temporaryFolder());
  for (const history of [await fullHistory(), await eventful("garden")]) {
    const response = await fetch(`${server.address}/api/lessons/file`, {
      method: "POST",
      body: lessonFile(history.events),
    });
    const { id } = (await response.json()) as { id: string };
    lessons.push(await lessonRecord(history, id));
  }
  for (const format of formats) {
    const from = { kind: "sqlite", folder: server.dataFolder } as const;
    await exportLessons({ from, lessons: null, format, to: join(folder, format) });
  }
});
afterAll(() => server.stop());

async function exported(args: readonly string[], to: string): Promise<string> {
  const env = { ...process.env, DATA_DIR: server.dataFolder };
  const { stdout } = await run("node", ["scripts/export.mjs", ...args, join(folder, to)], { env });
  return stdout;
}

/** Rows of a table of one lesson, by its columns. */
function columnsOf(name: string, lesson: LessonRecord): Record<string, Cell[]> {
  const table = tables.find((table) => table.name === name)!;
  const columns = flatColumns(table.columns, lesson.level);
  const rows = [...table.rows(lesson)];
  return Object.fromEntries(
    columns.map(({ name, column, i }) => [name, rows.map((row) => column.of(row, i))]),
  );
}

const clover = () => lessons[0]!;
const garden = () => lessons[1]!;

/** Numbers row by row, as the readers have them; NaN is null. */
function rowsOf(numbers: Float64Array, size: number): (number | null)[][] {
  return Array.from({ length: numbers.length / size }, (_, t) =>
    Array.from(numbers.subarray(t * size, (t + 1) * size), (value) =>
      Number.isNaN(value) ? null : value,
    ),
  );
}

// A test that was skipped would count as failed.
if (python)
  describe("Python", () => {
    const read = async (...what: string[]): Promise<unknown[]> => {
      const args = what.map((one, i) => (i % 2 === 0 ? one : join(folder, one)));
      const most = { maxBuffer: 2 ** 28 };
      const { stdout } = await run(python!, ["test/server/export/read.py", ...args], most);
      return JSON.parse(stdout) as unknown[];
    };

    test("reads the tables' numbers from CSV with pandas, bit for bit", async () => {
      const of = (name: string, lesson: LessonRecord) => ({ name, lesson });
      const files = [of("steps", clover()), of("labels", clover()), of("steps", garden())];
      const found = await read(
        ...files.flatMap(({ name, lesson }) => ["csv", `csv/${name}-${lesson.level.name}.csv`]),
      );
      files.forEach(({ name, lesson }, i) => {
        expect(found[i]).toEqual(columnsOf(name, lesson));
      });
    });

    test("runs the examples of docs/data.md", async () => {
      const page = readFileSync("docs/data.md", "utf8");
      const examples = [...page.matchAll(/^```python\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);
      expect(examples.length).toBeGreaterThan(3);
      const outputs = await Promise.all(
        examples.map((code) => run(python!, ["-c", code], { cwd: folder })),
      );
      const [error] = outputs.flatMap(({ stdout }) =>
        [...stdout.matchAll(/mean error of the clone: (\S+)/g)].map(([, words]) => Number(words)),
      );
      // Of a wheel that turns by 0.25 at most.
      expect(error).toBeLessThan(0.03);
      const written = readFileSync(join(folder, "mine.jsonl"), "utf8");
      const again = lessonOfEpisodes(linesOf(written), undefined, 0).slice(1);
      const shown = clover().events.filter(({ type }) => type === "demonstrated");
      expect(again).toMatchObject(
        shown.map((event) => ({ episode: "episode" in event && event.episode })),
      );
      rmSync(join(folder, "mine.jsonl"));
    });

    test("finds a note that looks like a formula as text", async () => {
      const [events] = (await read("csv", "csv/events.csv")) as [Record<string, unknown[]>];
      expect(events!.text).toContain(`'${hostileNote}`);
      expect(readFileSync(join(folder, "csv/events.csv"), "utf8")).not.toMatch(/[",\n]=HYPER/);
    });

    test("reads the same numbers from Minari's HDF5 with h5py", async () => {
      for (const lesson of lessons) {
        const { name, observationSize, stateSize, lattice, action } = lesson.level;
        const wide = width(action);
        const [found] = (await read("minari", `minari/dagger-dojo/${name}-v0/data`)) as [
          {
            metadata: object;
            episodes: Record<string, unknown>[];
          },
        ];
        expect(found!.metadata).toMatchObject({
          dataset_id: `dagger-dojo/${name}-v0`,
          minari_version: "0.5.3",
          data_format: "hdf5",
          total_episodes: lesson.episodes.length,
          total_steps: found!.episodes.reduce(
            (sum, { attributes }) => sum + (attributes as { total_steps: number }).total_steps,
            0,
          ),
          observation_space: "Box",
          action_space: action.kind === "discrete" ? "Discrete" : "Box",
        });
        lesson.episodes.forEach((record, i) => {
          const steps = stepsOf(lesson, record);
          const actions = rowsOf(steps.actions, wide);
          const none = rowsOf(new Float64Array(steps.length * wide).fill(Number.NaN), wide);
          expect(found!.episodes[i]).toMatchObject({
            observations: rowsOf(steps.observations, observationSize),
            actions: action.kind === "discrete" ? actions.flat() : actions,
            rewards: rowsOf(steps.rewards, 1).flat(),
            infos: {
              state: rowsOf(steps.states, stateSize),
              learner_action: steps.learner ? rowsOf(steps.learner, wide) : none,
              expert_action: rowsOf(steps.expert, wide),
              feature: rowsOf(steps.features, lattice.nFeatures),
              controller: [...steps.controllers],
              outcome: [...steps.outcomes],
              query_rank: [...steps.ranks],
            },
            attributes: { id: i, total_steps: steps.length, seed: record.episode.seed },
          });
          const { terminations, truncations } = found!.episodes[i] as Record<string, number[]>;
          expect(terminations!.at(-1)! + truncations!.at(-1)!).toBe(1);
        });
      }
    });

    test("reads the same numbers from imitation's trajectories, as imitation does", async () => {
      for (const lesson of lessons) {
        const { name, observationSize, action, tastes } = lesson.level;
        const files = ["imitation", `imitation/${name}/episodes.npz`];
        const expertFiles = ["imitation", `imitation/${name}/expert.npz`];
        type Trajectory = { obs: number[][]; acts: unknown[]; infos: Record<string, number[]> };
        const [episodes, expert] = (await read(...files, ...expertFiles)) as Trajectory[][];
        const kept = lesson.episodes.filter(({ takenBack }) => takenBack === null);
        expect(episodes).toHaveLength(kept.length);
        kept.forEach((record, i) => {
          const steps = stepsOf(lesson, record);
          const actions = rowsOf(steps.actions, width(action));
          expect(episodes![i]).toMatchObject({
            obs: rowsOf(steps.observations, observationSize),
            acts: action.kind === "discrete" ? actions.flat() : actions,
            rews: tastes ? rowsOf(steps.rewards, 1).flat() : null,
          });
        });
        // Each step whose expert action is known is in it, once, with that action.
        const known = kept.flatMap((record) => {
          const steps = stepsOf(lesson, record);
          return rowsOf(steps.expert, width(action)).flatMap((row, t) =>
            row[0] === null ? [] : [[record.episode.seed, t, ...row]],
          );
        });
        const told = expert!.flatMap(({ acts, infos }) =>
          acts.map((act, t) => [infos.seed![t]!, infos.t![t]!, ...[act].flat()]),
        );
        expect(told).toEqual(known);
      }
    });
  });

if (duckdb)
  describe("DuckDB", () => {
    type Connection = {
      runAndReadAll(sql: string): Promise<{ getColumnsObjectJS(): Record<string, unknown[]> }>;
    };
    let connection: Connection;
    beforeAll(async () => {
      const { DuckDBInstance } = (await import(
        pathToFileURL(join(duckdb!, "lib/index.js")).href
      )) as {
        DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<Connection> }> };
      };
      connection = await (await DuckDBInstance.create(":memory:")).connect();
    });

    const read = async (file: string): Promise<Record<string, Cell[]>> => {
      const sql = `select * from '${join(folder, file)}'`;
      const columns = (await connection.runAndReadAll(sql)).getColumnsObjectJS();
      const plain = (value: unknown): Cell =>
        typeof value === "bigint" ? Number(value) : (value as Cell);
      return Object.fromEntries(
        Object.entries(columns).map(([name, values]) => [name, values.map(plain)]),
      );
    };

    test("writes episodes as Parquet, which are taken in like JSON Lines", async () => {
      const text = lines(driven("path", 3000), driven("path", 3001));
      const aside = temporaryFolder();
      const [from, to] = ["episodes.jsonl", "episodes.parquet"].map((name) => join(aside, name));
      writeFileSync(from!, text);
      await connection.runAndReadAll(
        `copy (select * from read_json('${from}', format = 'newline_delimited')) to '${to}'`,
      );
      const rows = await parquetRows(new Uint8Array(readFileSync(to!)));
      expect(lessonOfEpisodes(rows, undefined, 0)).toEqual(
        lessonOfEpisodes(linesOf(text), undefined, 0),
      );
    });

    test("reads all tables from Parquet, bit for bit", async () => {
      const byLevel = ["steps", "labels", "rewards"];
      for (const name of byLevel)
        for (const lesson of lessons)
          expect(await read(`parquet/${name}-${lesson.level.name}.parquet`)).toEqual(
            columnsOf(name, lesson),
          );
      for (const name of ["episodes", "rounds", "events"]) {
        const [one, other] = lessons.map((lesson) => columnsOf(name, lesson));
        const both = Object.fromEntries(
          Object.entries(one!).map(([column, cells]) => [column, [...cells, ...other![column]!]]),
        );
        expect(await read(`parquet/${name}.parquet`)).toEqual(both);
      }
    });

    test("runs the examples of docs/data.md", async () => {
      const page = readFileSync("docs/data.md", "utf8");
      const examples = [...page.matchAll(/^```sql\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);
      expect(examples.length).toBeGreaterThan(1);
      await connection.runAndReadAll(`set file_search_path = '${folder}'`);
      for (const code of examples) {
        const columns = (await connection.runAndReadAll(code)).getColumnsObjectJS();
        expect(Object.values(columns)[0]!.length).toBeGreaterThan(0);
      }
    });

    test("reads a LeRobot dataset whose parts fit together", async () => {
      for (const lesson of lessons) {
        const { name, action, stateSize } = lesson.level;
        const at = (file: string) => `lerobot/${name}/${file}`;
        const info = JSON.parse(readFileSync(join(folder, at("meta/info.json")), "utf8"));
        const stats = JSON.parse(readFileSync(join(folder, at("meta/stats.json")), "utf8"));
        const data = await read(at("data/chunk-000/file-000.parquet"));
        const episodes = await read(at("meta/episodes/chunk-000/file-000.parquet"));
        const tasks = await read(at("meta/tasks.parquet"));
        expect(Object.keys(data)).toEqual(Object.keys(info.features));
        expect(Object.keys(stats)).toEqual(Object.keys(info.features));
        expect(info).toMatchObject({
          codebase_version: "v3.0",
          total_frames: data.index!.length,
          total_episodes: lesson.episodes.length,
          total_tasks: tasks.task!.length,
        });
        expect(data.index).toEqual(data.index!.map((_, i) => i));
        const steps = lesson.episodes.map((record) => stepsOf(lesson, record));
        const lengths = steps.map(({ length }) => length);
        expect(episodes.length).toEqual(lengths);
        expect(episodes.dataset_to_index).toEqual(
          lengths.map((_, i) => lengths.slice(0, i + 1).reduce((a, b) => a + b)),
        );
        // Float32 has all bits of a state.
        const states = steps.flatMap(({ states, length }) =>
          rowsOf(states.subarray(0, length * stateSize), stateSize),
        );
        expect(data["observation.environment_state"]).toEqual(states);
        const expert = steps.flatMap(({ expert }) => [...expert].map(Math.fround));
        if (width(action) === 1) expect(data.expert_action).toEqual(expert);
        const actions = steps.flatMap(({ actions }) => [...actions]);
        const mean = actions.reduce((sum, value) => sum + value, 0) / actions.length;
        expect(stats.action.mean[0]).toBeCloseTo(mean, 12);
        expect(stats.action.max[0]).toBe(Math.max(...actions));
        const fps =
          lesson.level.steering.pace === "runs" ? lesson.level.steering.stepsPerSecond : 1;
        expect(data.timestamp!.slice(0, 3)).toEqual([0, 1, 2].map((t) => Math.fround(t / fps)));
      }
    });
  });

test("the page's own files of the lessons are among the formats", () => {
  const names = readdirSync(join(folder, "jsonl/lessons"));
  expect(names.sort()).toEqual(lessons.map(({ id }) => `${id}.jsonl`).sort());
  const [first] = lessons;
  const file = readFileSync(join(folder, `jsonl/lessons/${first!.id}.jsonl`), "utf8");
  expect(file).toBe(lessonFile(first!.log));
});

test("one lesson can be exported by its address, and nothing is left besides", async () => {
  const { id } = garden();
  expect(await exported(["--lesson", id, "--format", "csv"], "one")).toMatch(
    /: lessons 1, episodes \d+, steps \d+\.\n$/,
  );
  expect(readdirSync(join(folder, "one")).filter((name) => name.includes("road"))).toEqual([]);
  expect(readdirSync(folder).sort()).toEqual([...formats, "one"].sort());
  for (const format of formats) {
    expect(existsSync(join(folder, format, "codebook.md"))).toBe(true);
    expect(existsSync(join(folder, format, "codebook.json"))).toBe(true);
  }
});
