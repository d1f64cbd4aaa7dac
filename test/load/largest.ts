import { join as joinPath } from "node:path";
import Database from "libsql";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { apply, type LessonEvent, read } from "../../shared/lesson/fold.ts";
import { emptyLesson } from "../../shared/lesson/lesson.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { createLesson, join, newKey, type RunningServer } from "../server/server.ts";

/** A training whose event is as large as one request can make. */
const plan = { policy: "fourier", query: "every", budget: 1000, drives: 10 };

/** Begins a lesson on the road with one demonstration and one training, as anyone could. Returns its id. */
export async function beginLarge(server: RunningServer): Promise<string> {
  const lesson = await createLesson(server, "road");
  const { room } = await join(server, lesson);
  const episode = demonstrate(worlds.road!, 5000);
  await room.request("demonstrate", { key: newKey(), episode });
  await room.request("train", { key: newKey(), plan }, { timeout: 60_000 });
  await room.leave();
  return lesson;
}

/**
 * Repeats a lesson's last event in the database, as the protocol would be slow: up to a number of events,
 * or of bytes. No server may have the folder open. Returns the sizes of the lesson's events.
 */
export function grow(
  folder: string,
  lesson: string,
  most: { readonly events?: number; readonly bytes?: number },
): readonly number[] {
  const { events = Number.POSITIVE_INFINITY, bytes = Number.POSITIVE_INFINITY } = most;
  const database = new Database(joinPath(folder, "lessons.db"));
  try {
    const select = "select seq, body from events where lesson = ? order by seq";
    const rows = database.prepare(select).all([lesson]) as { seq: number; body: string }[];
    const sizes = rows.map(({ body }) => body.length);
    let folded = rows.reduce((all, { seq, body }) => apply(all, event(seq, body)), emptyLesson);
    const { body } = rows.at(-1)!;
    const add = database.prepare(
      "insert into events (lesson, seq, key, at, body) values (?, ?, ?, 0, ?)",
    );
    database.exec("begin");
    let size = sizes.reduce((all, n) => all + n, 0);
    for (; sizes.length < events && size + body.length <= bytes; size += body.length) {
      const seq = sizes.length + 1;
      // The repeated event has to be valid.
      folded = apply(folded, event(seq, body));
      add.run([lesson, seq, `again-${seq}`, body]);
      sizes.push(body.length);
    }
    database.exec("commit");
    return sizes;
  } finally {
    database.close();
  }
}

function event(seq: number, body: string): LessonEvent {
  return read({ ...JSON.parse(body), seq, at: 0 });
}

/**
 * Adds `n` copies of a lesson. Returns their ids; they have the same secret.
 */
export function repeat(folder: string, lesson: string, n: number): readonly string[] {
  const database = new Database(joinPath(folder, "lessons.db"));
  try {
    const begin = database.prepare(
      "insert into lessons (id, created, secret) select ?, created, secret from lessons where id = ?",
    );
    const add = database.prepare(
      "insert into events (lesson, seq, key, at, body) select ?, seq, key, 0, body from events where lesson = ?",
    );
    const ids = Array.from({ length: n }, (_, i) => `like-${i}`.padEnd(22, "-"));
    database.exec("begin");
    for (const id of ids) {
      begin.run([id, lesson]);
      add.run([id, lesson]);
    }
    database.exec("commit");
    return ids;
  } finally {
    database.close();
  }
}
