import { bodyOf } from "../../shared/lesson/file.ts";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import { createdKey } from "../../shared/lesson/log.ts";
import type { Begun } from "../../shared/lesson/protocol.ts";
import { random128 } from "../random128.ts";
import { sha256 } from "../sha256.ts";
import { checksum, emptyTail, extended } from "./chain.ts";
import { connect, type Place } from "./place.ts";
import { addEvents, queriesOf, wasBegun } from "./queries.ts";
import { Writes } from "./writes.ts";

/**
 * Stores a lesson that happened elsewhere, all of it or nothing, by a connection of its own: a server's main
 * thread has no part in it. The tables are there.
 * @throws NotStored
 */
export async function storeLesson(events: readonly LessonEvent[], place: Place): Promise<Begun> {
  const { db, faultOf, begin, close } = await connect(place);
  try {
    const begun = { id: random128(), secret: random128() };
    const secret = sha256(begun.secret).toString("hex");
    // Keys that clients choose are longer.
    const { id: lesson } = begun;
    const rows = events.map((event, i) => ({
      // Keys that clients choose are longer.
      key: i === 0 ? createdKey : `${event.seq}`,
      at: event.at,
      body: bodyOf(event),
    }));
    const tail = rows.reduce(extended, emptyTail);
    // Everything that can be done before, since nobody else writes meanwhile.
    const statements = [
      queriesOf(db).addLesson({ id: lesson, created: Date.now(), secret, ...tail }),
      ...addEvents(
        db,
        rows.map((row, i) => ({ lesson, seq: i + 1, ...row, crc: checksum(row), print: null })),
      ),
    ];
    const writing = new Writes(db, faultOf, begin).write(async (run) => {
      for (const statement of statements) await run(statement);
    });
    await writing.catch(async (error) => {
      if (!(await wasBegun(db, lesson))) throw error;
    });
    return begun;
  } finally {
    await close();
  }
}
