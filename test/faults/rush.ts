import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { beginLarge, grow } from "../load/largest.ts";
import { eventsOf, newKey, type RunningServer } from "../server/server.ts";
import type { PromiseCount } from "./lessons.ts";
import { Reader } from "./reader.ts";

/** Size of a lesson that takes long to open, bytes. */
const large = 12e6;
/** Clients that join at the same moment. */
const people = 6;

/** A large lesson that many clients join at once right after a start; all have to be in one room. */
export class Rush {
  readonly #lesson: string;
  readonly #count: PromiseCount;
  /** Events that were there at the beginning. */
  readonly #since: number;
  #seed = 7000;

  private constructor(lesson: string, since: number, count: PromiseCount) {
    this.#lesson = lesson;
    this.#since = since;
    this.#count = count;
  }

  /** Prepares the lesson with a server that runs only for this. */
  static async prepare(server: RunningServer, count: PromiseCount): Promise<Rush> {
    await server.start();
    const lesson = await beginLarge(server);
    await server.stop();
    return new Rush(lesson, grow(server.dataFolder, lesson, { bytes: large }).length, count);
  }

  /** All clients join, one writes, all get the event, and all leave. */
  async come(server: RunningServer): Promise<void> {
    const all = await Promise.all(
      Array.from({ length: people }, (_, i) =>
        Reader.join(server, this.#lesson, i % 2 === 0 ? "teacher" : "onlooker", this.#since),
      ),
    );
    const episode = demonstrate(worlds.road!, this.#seed++);
    this.#count.requests++;
    const { seq } = await all[0]!.someone.room.request("demonstrate", { key: newKey(), episode });
    this.#count.acknowledged++;
    const heard = await Promise.all(all.map((reader) => reader.hearsOf(seq)));
    const log = await eventsOf(all[0]!.someone, this.#since);
    all.forEach((reader, i) => {
      if (!heard[i] || !reader.agreesWith(log)) this.#count.split++;
    });
    await Promise.all(all.map(({ someone }) => someone.room.leave()));
  }
}
