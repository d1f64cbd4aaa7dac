import { join as joinPath } from "node:path";
import Database from "libsql";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import {
  createLesson,
  eventsOf,
  join,
  newKey,
  RunningServer,
  temporaryFolder,
} from "../server/server.ts";

/** Measures starting the server and opening one lesson, with more and more events of other lessons. */
export async function startUp(): Promise<string> {
  const lines = ["   events     MB   start, ms   open one of 8 events, ms   (medians of 5)"];
  for (const events of [1, 1000, 100_000]) {
    const server = new RunningServer(temporaryFolder());
    await server.start();
    const lesson = await createLesson(server, "road");
    const { room } = await join(server, lesson);
    for (let i = 0; i < 7; i++) {
      const episode = demonstrate(worlds.road!, 5000 + i);
      await room.request("demonstrate", { key: newKey(), episode });
    }
    await server.stop();
    const size = fill(joinPath(server.dataFolder, "lessons.db"), lesson, events);
    const starts: number[] = [];
    const opens: number[] = [];
    for (let i = 0; i < 5; i++) {
      const began = performance.now();
      await server.start();
      const ready = performance.now();
      const found = await eventsOf(await join(server, lesson));
      if (found.length !== 8) throw new Error(`${found.length} events instead of 8`);
      starts.push(ready - began);
      opens.push(performance.now() - ready);
      await server.kill();
    }
    lines.push(
      `${events}`.padStart(9) +
        (size / 1e6).toFixed(1).padStart(7) +
        median(starts).toFixed(0).padStart(12) +
        median(opens).toFixed(0).padStart(27),
    );
  }
  return `${lines.join("\n")}\n`;
}

/** Adds `events` events, a hundred a lesson, each a copy of one of `lesson`'s. Returns the file's bytes. */
function fill(file: string, lesson: string, events: number): number {
  const database = new Database(file);
  const body = "select body from events where lesson = ? and seq = 2";
  const copied = (database.prepare(body).get([lesson]) as { body: string }).body;
  const begin = database.prepare("insert into lessons (id, created) values (?, 0)");
  const add = database.prepare(
    "insert into events (lesson, seq, key, at, body) values (?, ?, ?, 0, ?)",
  );
  database.exec("begin");
  for (let i = 0; i < events; i++) {
    const id = `filler-${Math.floor(i / 100)}`.padEnd(22, "-");
    if (i % 100 === 0) begin.run([id]);
    add.run([id, 1 + (i % 100), `filler-${i}`, copied]);
  }
  database.exec("commit");
  const pages = database.prepare(
    "select page_count * page_size as size from pragma_page_count, pragma_page_size",
  );
  const { size } = pages.get([]) as { size: number };
  database.close();
  return size;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}
