import { setTimeout as pause } from "node:timers/promises";
import { CloseCode, logger, matchMaker, ServerError } from "colyseus";
import type { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis } from "rate-limiter-flexible";
import * as z from "zod";
import type { Outside } from "../../shared/lesson/protocol.ts";
import type { Counts } from "../door/counts.ts";
import type { JoinRequest, OpenRoom, Others, RoomName, Seat } from "../rooms/rooms.ts";
import { GuardedDriver, type Listing } from "./driver.ts";
import { SteadyPresence } from "./presence.ts";
import { connectTo, isNoAnswer } from "./redis.ts";
import { SharedBudget, Tallies, type Tally, tallySchema } from "./tallies.ts";

/** Attempts to get a seat, and the pause between two, ms. */
const mostAttempts = 60;
const attemptPause = 50;
/** Time in which all processes are back once Redis is, ms; until then a lesson may be open that Redis has forgotten. */
const returning = 1000;
/** How often a process tells what it has, ms. */
const tallyInterval = 1000;
/** After how many of these it looks whose its rooms are, where nothing else made it look. */
const lookInterval = 5;
/** Where processes tell what they have. */
const tallies = "tallies";

/** What a process writes of a lesson: others that have it open, too, catch up. */
const writtenSchema = z.object({
  process: z.string(),
  /** 0 where nothing was written, and something of a program outside is told. */
  seq: z.number(),
  said: z.object({ complaint: z.string().exactOptional() }).optional(),
});
type Written = Readonly<z.infer<typeof writtenSchema>>;

/** A lesson or a class that is open here. */
interface Open {
  readonly room: OpenRoom;
  readonly hear: (said: unknown) => void;
  /** Number of the last event that was told here. */
  told: number;
}

/** What is told to the others once a second. */
export interface Taken {
  /** Open lessons. */
  readonly rooms: () => number;
  /** Open websockets by address. */
  readonly websockets: () => ReadonlyMap<string, number>;
}

/**
 * This process among others that share its lessons, by Redis. A lesson's room has the lesson's id, so that there
 * is one of it everywhere. Where a process has lost one without knowing, what it still writes is told to the new
 * owner by way of the log, and its clients go there.
 */
export class Together implements Others {
  readonly driver: GuardedDriver;
  readonly presence: SteadyPresence;
  readonly budget: SharedBudget;
  readonly #redis: Redis;
  readonly #tallies = new Tallies();
  readonly #open = new Map<string, Open>();
  #isLooking = false;
  #isMissing = false;
  #telling: NodeJS.Timeout | null = null;
  /** When Redis knows what is open again, by `performance.now()`. */
  #known = 0;

  private constructor(redis: Redis, mainThread: number) {
    this.#redis = redis;
    this.budget = new SharedBudget(mainThread);
    this.driver = new GuardedDriver(redis, (id) => this.#lose(id));
    this.presence = new SteadyPresence(redis);
    redis.on("close", () => {
      this.#known = Number.POSITIVE_INFINITY;
    });
    redis.on("ready", () => {
      this.#known = performance.now() + returning;
    });
  }

  /**
   * @param mainThread milliseconds of the main thread that an address may have in a second
   * @throws Error in words for whoever runs the server
   */
  static async at(url: string, mainThread: number): Promise<Together> {
    const together = new Together(await connectTo(url), mainThread);
    await together.presence.ready();
    return together;
  }

  /** Counts for everyone; while Redis is gone, for this process. */
  readonly counts: Counts = (name, points, duration) =>
    new RateLimiterRedis({
      storeClient: this.#redis,
      rejectIfRedisNotReady: true,
      keyPrefix: `dagger-dojo:${name}`,
      points,
      duration,
      insuranceLimiter: new RateLimiterMemory({ points, duration }),
    });

  /** Begins to tell others, and to hear of them. To be called once Colyseus has begun. */
  async begin(taken: Taken): Promise<void> {
    this.presence.own = JSON.stringify({ process: matchMaker.processId }).slice(0, -1);
    await this.presence.subscribe(tallies, (said: unknown) => {
      const tally = tallySchema.parse(said);
      this.#tallies.hear(tally);
      this.budget.hear(tally.spent);
    });
    this.presence.whenBack(() => void this.#lookAfterAll());
    let at = performance.now();
    let turn = 0;
    this.#telling = setInterval(() => {
      const tally: Tally = {
        process: matchMaker.processId,
        rooms: taken.rooms(),
        websockets: Object.fromEntries(taken.websockets()),
        spent: this.budget.takeUntold(),
      };
      void this.presence.publish(tallies, tally);
      const stoodStill = performance.now() - at > 2 * tallyInterval;
      at = performance.now();
      if (stoodStill) void this.#lookAfterAll();
      else if (++turn % lookInterval === 0) void this.#list().then(() => this.#lookWhose());
    }, tallyInterval);
  }

  get rooms(): number {
    return this.#tallies.rooms;
  }

  websockets(address: string): number {
    return this.#tallies.websockets(address);
  }

  async isOpen(request: Pick<JoinRequest, "room" | "id">): Promise<boolean> {
    return (await this.#listingOf(request)) !== undefined;
  }

  async seat(request: JoinRequest): Promise<Seat> {
    for (let attempt = 1; ; attempt++) {
      try {
        const room = await this.#roomFor(request);
        if (room) return await matchMaker.reserveSeatFor(room, request);
      } catch (error) {
        if (error instanceof ServerError) throw error;
        // Its owner has not answered; Colyseus has looked whether it is still there. Nothing else is mended by asking
        // again, and to open a lesson is to read it.
        if (!isOfSeat(error)) {
          logger.warn(`no seat: ${(error as Error).message}`);
          throw comingBack;
        }
      }
      if (attempt >= mostAttempts) throw comingBack;
      await pause(attemptPause);
    }
  }

  opened(id: string, room: OpenRoom): void {
    const hear = (said: unknown) => void this.#hear(id, writtenSchema.parse(said));
    const before = this.#open.get(id);
    if (before) void this.presence.unsubscribe(topicOf(id), before.hear);
    this.#open.set(id, { room, hear, told: 0 });
    // Who had it before may have written since it was read here.
    void this.presence.subscribe(topicOf(id), hear).then(() => room.catchUp());
  }

  closed(id: string, room: OpenRoom): void {
    const open = this.#open.get(id);
    if (open?.room !== room) return;
    this.#open.delete(id);
    void this.presence.unsubscribe(topicOf(id), open.hear);
  }

  wrote(id: string, seq: number): void {
    const open = this.#open.get(id);
    if (open) open.told = seq;
    const written: Written = { process: matchMaker.processId, seq };
    // Of each its last event: who hears of it reads those before, too.
    this.presence.publishSoon(topicOf(id), written);
  }

  tell(lesson: string, said: Outside): void {
    const told: Written = { process: matchMaker.processId, seq: 0, said };
    void this.presence.publish(topicOf(lesson), told);
  }

  /** Leaves the others. */
  close(): void {
    if (this.#telling) clearInterval(this.#telling);
    this.presence.shutdown();
  }

  /** The room that it is open in, or is opened in here; null where that is not clear yet. */
  async #roomFor(request: JoinRequest): Promise<Listing | null> {
    const { id } = request;
    const isHere = matchMaker.getLocalRoomById(id) !== undefined;
    const listing = await this.#listingOf(request);
    if (!listing) {
      if (!isHere && performance.now() < this.#known) return null;
      if (!isHere) return this.#create(request);
      // It is about to close, or others took this process for dead.
      await matchMaker.restoreMissingRoomCaches();
      return null;
    }
    const { processId } = listing;
    const isThere =
      processId === matchMaker.processId ? isHere : await this.presence.isHeard(`p:${processId}`);
    if (isThere) return listing;
    // The process has ended without a word.
    await this.driver.release(processId, [id]);
    return null;
  }

  async #create(request: JoinRequest): Promise<Listing> {
    try {
      return await matchMaker.createRoom(request.room, request);
    } catch (error) {
      // Colyseus forgets a room that Redis could not be told of, without closing it.
      this.#open.get(request.id)?.room.disconnect(CloseCode.MAY_TRY_RECONNECT);
      throw error;
    }
  }

  /** Who has it open. Without Redis, only this process can be known to. */
  async #listingOf({ room, id }: { room: RoomName; id: string }): Promise<Listing | undefined> {
    try {
      return await this.driver.findOne({ roomId: id });
    } catch (error) {
      if (!isNoAnswer(error)) throw error;
      if (!this.#open.has(id)) throw comingBack;
      const { processId, publicAddress } = matchMaker;
      return { name: room, roomId: id, processId, publicAddress } as Listing;
    }
  }

  async #hear(id: string, { seq, said }: Written): Promise<void> {
    const open = this.#open.get(id);
    if (open && said) return open.room.tell?.(said);
    if (!open || seq <= open.told) return;
    await open.room.catchUp();
    await this.#lookWhose([id]);
  }

  /**
   * What others wrote may have been missed, and so may that they took rooms. As every open lesson is read, what
   * comes while that is under way is done once more after it.
   */
  async #lookAfterAll(): Promise<void> {
    this.#isMissing = true;
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      while (this.#isMissing) {
        this.#isMissing = false;
        await this.#list();
        for (const { room } of this.#open.values()) await room.catchUp();
        await this.#lookWhose();
      }
    } finally {
      this.#isLooking = false;
    }
  }

  /** Tells Redis of the rooms here that it has forgotten. */
  async #list(): Promise<void> {
    await matchMaker.restoreMissingRoomCaches().catch(() => {});
  }

  /** Gives up the rooms that others have by now. */
  async #lookWhose(ids = [...this.#open.keys()]): Promise<void> {
    const listings = await this.driver.findByIds(ids).catch(() => null);
    for (const [id, { processId }] of listings ?? [])
      if (processId !== matchMaker.processId) this.#lose(id);
  }

  /** Sends everyone who is in a room here to where it is now. */
  #lose(id: string): void {
    const open = this.#open.get(id);
    if (!open) return;
    this.closed(id, open.room);
    open.room.disconnect(CloseCode.MAY_TRY_RECONNECT);
  }
}

/** Whether a room had no seat any more, for which Colyseus has an error that it does not export. */
function isOfSeat(error: unknown): boolean {
  return (error as Error).constructor.name === "SeatReservationError";
}

function topicOf(id: string): string {
  return `lesson:${id}`;
}

const comingBack = new ServerError(
  503,
  "Lessons cannot be opened at the moment; try again in a minute.",
);
