import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SqliteLog } from "../../server/storage/sqlite/log.ts";
import type { Log, NewRow } from "../../shared/lesson/log.ts";
import { type Bench, type Figure, ratio } from "./harness.ts";
import { PlainLog } from "./plainLog.ts";

const repeats = 21;
/** Number of lessons that write at the same time, and of events that they write together. */
export const crowds = [
  { writers: 1, inserts: 200 },
  { writers: 50, inserts: 2000 },
  { writers: 500, inserts: 2000 },
] as const;

type Append = Pick<Log, "append">["append"];

/** The cost of writing through Kysely, against the same statements prepared by hand. */
export const storage: Bench = {
  name: "Durable inserts a second",
  async run(clock) {
    const folder = mkdtempSync(join(tmpdir(), "dojo-"));
    const [ours, plain] = [join(folder, "ours"), join(folder, "plain")];
    try {
      await (await SqliteLog.open(plain)).close();
      const [log, plainLog] = [await SqliteLog.open(ours), new PlainLog(plain)];
      const figures: Figure[] = [];
      for (const crowd of crowds) figures.push(await compare(log, plainLog, crowd, clock));
      await log.close();
      plainLog.close();
      return figures;
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

/** Times both in turn, so that a slow phase of the machine affects both; the first round does not count. */
async function compare(
  log: SqliteLog,
  plain: PlainLog,
  { writers, inserts }: (typeof crowds)[number],
  clock: () => number,
): Promise<Figure> {
  const lengths = inserts / writers;
  const times: { ours: number; plain: number }[] = [];
  for (let repeat = 0; repeat <= repeats; repeat++) {
    const lessons = await beginLessons(log, writers);
    for (const id of lessons) plain.create(id);
    times.push({
      ours: await timeOf(log.append.bind(log), lessons, 2, lengths, clock),
      plain: await timeOf(plain.append.bind(plain), lessons, 1, lengths, clock),
    });
  }
  const [, ...counted] = times;
  return ratio(
    `${writers} ${writers === 1 ? "writer" : "writers"} at a time: through Kysely / by hand`,
    counted.map(({ plain }) => plain),
    counted.map(({ ours }) => ours),
    { atLeast: 0.9 },
  );
}

/** Begins `n` lessons, each with its first event. */
export async function beginLessons(log: Pick<Log, "create">, n: number): Promise<string[]> {
  const begun = await Promise.all(Array.from({ length: n }, () => log.create({ world: "road" })));
  return begun.map(({ id }) => id);
}

/** Time in which each lesson gets `length` more events from number `first` on, one after another, ms. */
export async function timeOf(
  append: Append,
  lessons: readonly string[],
  first: number,
  length: number,
  clock: () => number,
): Promise<number> {
  const began = clock();
  await Promise.all(
    lessons.map(async (lesson) => {
      for (let i = 0; i < length; i++) {
        if (!(await append(lesson, first + i, rowOf(i)))) throw new Error("nothing was stored");
      }
    }),
  );
  return clock() - began;
}

/** The row of a label, the most frequent event. */
function rowOf(index: number): NewRow {
  const event = { type: "labelled", round: 0, index, action: [0.123456789] } as const;
  return { key: `a-key-of-the-usual-length-${index}`, print: "0".repeat(64), event };
}
