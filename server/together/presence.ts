import { RedisPresence } from "@colyseus/redis-presence";
import { logger } from "colyseus";
import type { Redis } from "ioredis";
import * as z from "zod";
import { leaveWhenSilent, ready } from "./redis.ts";

type Callback = Parameters<RedisPresence["subscribe"]>[1];

/** For how long what is said soon waits for what is to be said with it, ms. */
const soon = 20;

/** What Colyseus may be asked for from other processes: a seat in a room, and whether a process is there. */
const asked = {
  room: z.tuple([z.literal("_reserveSeat"), z.string(), z.array(z.unknown())]),
  process: z.tuple([z.literal("healthcheck"), z.string(), z.array(z.unknown())]),
  answer: z.tuple([z.number(), z.unknown()]),
};

/**
 * Colyseus' presence, for a Redis that may go and come back. Colyseus does not wait for most of what it asks for,
 * and an error that nobody waits for would end the process.
 */
export class SteadyPresence extends RedisPresence {
  /** What everything begins with that this process says, and need not hear; null before it has a name. */
  own: string | null = null;
  /** What is still to be said, by topic. */
  readonly #soon = new Map<string, unknown>();

  /** Resolves once it hears what others say. */
  async ready(): Promise<void> {
    const sub = this.sub as Redis;
    await ready(sub);
    leaveWhenSilent(sub);
  }

  /** Calls `back` each time that it hears others again, and may tell them something. */
  whenBack(back: () => void): void {
    const [sub, pub] = [this.sub as Redis, this.pub as Redis];
    const look = async () => {
      await Promise.all([ready(sub), ready(pub)]);
      // Connected to is not answered.
      await sub.ping();
      back();
    };
    for (const line of [sub, pub]) line.on("ready", () => void look().catch(() => {}));
  }

  /** Whether anybody listens to a topic: a process that has ended does not. */
  async isHeard(topic: string): Promise<boolean> {
    const [, listeners] = await (this.pub as Redis).pubsub("NUMSUB", topic);
    return Number(listeners) > 0;
  }

  override async subscribe(topic: string, callback: Callback): Promise<this> {
    // It is subscribed to when Redis is back.
    await super.subscribe(topic, callback).catch(() => {});
    return this;
  }

  override async unsubscribe(topic: string, callback?: Callback): Promise<this> {
    await super.unsubscribe(topic, callback).catch(() => {});
    return this;
  }

  /** What is said in words that nobody here knows is ignored: an error would end the process. */
  protected override handleSubscription = (topic: string, message: string): void => {
    if (this.own !== null && message.startsWith(this.own)) return;
    try {
      const said: unknown = JSON.parse(message);
      if (topic.startsWith("$")) asked.room.parse(said);
      else if (topic.startsWith("p:")) asked.process.parse(said);
      else if (topic.startsWith("ipc:")) asked.answer.parse(said);
      this.subscriptions.emit(topic, said);
    } catch (error) {
      logger.warn(`Redis: ignored what was said on "${topic}" (${(error as Error).name})`);
    }
  };

  override async publish(topic: string, data: unknown): Promise<void> {
    await super.publish(topic, data).catch(() => {});
  }

  /** Says the last of what it is given for each topic, all of them in one go. */
  publishSoon(topic: string, data: unknown): void {
    if (this.#soon.size === 0) setTimeout(() => this.#publishAll(), soon);
    this.#soon.set(topic, data);
  }

  #publishAll(): void {
    if (this.#soon.size === 0) return;
    const all = (this.pub as Redis).pipeline();
    for (const [topic, data] of this.#soon) all.publish(topic, JSON.stringify(data));
    this.#soon.clear();
    all.exec().catch(() => {});
  }

  override async hset(key: string, field: string, value: string): Promise<boolean> {
    return super.hset(key, field, value).catch(() => false);
  }

  override async hdel(key: string, field: string): Promise<boolean> {
    return super.hdel(key, field).catch(() => false);
  }

  /** At once: what is under way need not arrive. */
  override shutdown(): void {
    this.#publishAll();
    this.sub.disconnect();
    this.pub.disconnect();
  }
}
