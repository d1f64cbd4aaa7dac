import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PostgresLog } from "../../server/storage/postgres/log.ts";
import { SqliteLog } from "../../server/storage/sqlite/log.ts";
import { type Bench, type Figure, ratio } from "./harness.ts";
import { beginLessons, crowds, timeOf } from "./storage.ts";

const repeats = 5;

/** Durable inserts in PostgreSQL beside SQLite, on the same disk. */
export const databases: Bench = {
  name: "Durable inserts in PostgreSQL and SQLite",
  async run(clock) {
    // Only here, as it looks for PostgreSQL, and says where there is none.
    const { postgresBin, RunningPostgres } = await import("../server/storage/runningPostgres.ts");
    if (postgresBin === null) return [];
    const folder = mkdtempSync(join(tmpdir(), "dojo-"));
    const server = await RunningPostgres.start();
    try {
      const postgres = await PostgresLog.open(server.url());
      const sqlite = await SqliteLog.open(folder);
      const figures: Figure[] = [];
      for (const { writers, inserts } of crowds) {
        const times = { postgres: [] as number[], sqlite: [] as number[] };
        // In turn, so that a slow phase of the machine affects both; the first round does not count.
        for (let repeat = -1; repeat < repeats; repeat++)
          for (const [name, log] of [
            ["postgres", postgres] as const,
            ["sqlite", sqlite] as const,
          ]) {
            const lessons = await beginLessons(log, writers);
            const ms = await timeOf(log.append.bind(log), lessons, 2, inserts / writers, clock);
            if (repeat >= 0) times[name].push(ms);
          }
        const who = `${writers} ${writers === 1 ? "writer" : "writers"} at a time`;
        const inASecond = (all: readonly number[]) => all.map((ms) => (1000 * inserts) / ms);
        const thousand = times.postgres.map(() => 1000);
        figures.push(
          ratio(`${who}: PostgreSQL / SQLite`, times.sqlite, times.postgres),
          ratio(`${who}: PostgreSQL / 1,000 a second`, inASecond(times.postgres), thousand),
          ratio(`${who}: SQLite / 1,000 a second`, inASecond(times.sqlite), thousand),
        );
      }
      await Promise.all([postgres.close(), sqlite.close()]);
      return figures;
    } finally {
      await server.remove();
      rmSync(folder, { recursive: true });
    }
  },
};
