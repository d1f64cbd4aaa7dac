import { RedisDriver } from "@colyseus/redis-driver";
import { matchMaker } from "colyseus";
import type { Redis } from "ioredis";
import { listings, removeOf, write } from "./listings.ts";

/** Who has a room open, as Colyseus' driver keeps it. */
export type Listing = Awaited<ReturnType<typeof matchMaker.createRoom>>;

/**
 * Colyseus' driver, but for writes. A process that stood still for a while may have lost its rooms to others: it
 * must not take them back by writing what it remembers.
 */
export class GuardedDriver extends RedisDriver {
  readonly #redis: Redis;
  readonly #lost: (room: string) => void;

  /** @param lost told of a room here that another process has, too */
  constructor(redis: Redis, lost: (room: string) => void) {
    super(redis);
    this.#redis = redis;
    this.#lost = lost;
  }

  /** Whether the room is now this process's; false where another was first. */
  async insert(room: Listing): Promise<boolean> {
    return (await this.#write(room, "new")) === 1;
  }

  override async persist(room: Listing): Promise<boolean> {
    return this.#keep(room, "new");
  }

  override async update(
    room: Listing,
    { $set = {}, $inc = {} }: { $set?: Partial<Listing>; $inc?: Partial<Listing> },
  ): Promise<true> {
    Object.assign(room, $set, { clients: room.clients + ($inc.clients ?? 0) });
    await this.#keep(room, "over");
    return true;
  }

  override async remove(room: string): Promise<boolean> {
    return this.release(matchMaker.processId, [room]);
  }

  override async cleanup(process: string): Promise<void> {
    // Colyseus' own query fails for ever after it has failed once.
    const all = Object.entries(await this.#redis.hgetall(listings));
    const rooms = all.filter(([, json]) => JSON.parse(json).processId === process);
    for (let i = 0; i < rooms.length; i += 500)
      await this.release(
        process,
        rooms.slice(i, i + 500).map(([room]) => room),
      );
  }

  /** Takes rooms from a process, as far as it still has them. Whether any was taken. */
  async release(process: string, rooms: readonly string[]): Promise<boolean> {
    try {
      return ((await this.#redis.eval(removeOf, 1, listings, process, ...rooms)) as number) > 0;
    } catch {
      // Whoever asks for a room next finds that nobody has it.
      return false;
    }
  }

  /** The connection is its owner's. */
  override async shutdown(): Promise<void> {}

  /** What is not kept while Redis is gone is written when it is back. */
  async #keep(room: Listing, how: "new" | "over"): Promise<boolean> {
    const written = await this.#write(room, how).catch(() => null);
    if (written === 0) this.#lost(room.roomId);
    return written === 1;
  }

  async #write(room: Listing, how: "new" | "over"): Promise<number> {
    const { roomId, processId } = room;
    const json = JSON.stringify(room);
    return (await this.#redis.eval(write, 1, listings, roomId, processId, json, how)) as number;
  }
}
