import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "bullmq";
import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { ownCounts } from "../../server/door/counts.ts";
import { FairQueue } from "../../server/jobs/queue.ts";
import type { Reports } from "../../server/reports.ts";
import type { Limits } from "../../server/settings.ts";
import { queuesOf, versionOf } from "../../server/trainers/jobs.ts";
import { RemoteWork } from "../../server/trainers/remoteWork.ts";
import type { Order, Work } from "../../shared/lesson/service/work.ts";
import { temporaryFolder } from "./server.ts";
import { RunningRedis, redisServer } from "./together/runningRedis.ts";

/** What does one piece of work at a time, each for ten seconds of its own clock. */
interface Bench {
  /** Addresses whose work was begun, in this order. */
  readonly begun: readonly string[];
  /** Asks for a piece of work, and resolves once it waits or is under way. */
  ask(address: string): Promise<void>;
  /** Ends what is under way, and resolves once the next is. */
  next(): Promise<void>;
  close(): Promise<void>;
}

const ms = 10_000;

async function threads(): Promise<Bench> {
  let now = 0;
  const queue = new FairQueue(1, () => now);
  const begun: string[] = [];
  let end = () => {};
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    begun,
    async ask(address) {
      const owners = [address, `lesson of ${address}`] as const;
      const job = { owners, long: true, isWanted: () => true, wait: () => {} };
      void queue.run(job, () => {
        begun.push(address);
        return new Promise<void>((resolve) => {
          end = resolve;
        });
      });
      await settled();
    },
    async next() {
      now += ms;
      end();
      await settled();
    },
    async close() {},
  };
}

/** The queue itself, with a worker that does nothing. */
async function trainers(): Promise<Bench> {
  const redis = await RunningRedis.start();
  const file = join(temporaryFolder(), "worker.js");
  writeFileSync(file, "");
  const limits = { work: 60, workAnHour: 3600 } as Limits;
  const reports = { workStarted() {}, workEnded() {} } as unknown as Reports;
  const work = await RemoteWork.at(redis.url(), file, {} as Work, limits, reports, ownCounts);
  const begun: string[] = [];
  let end = () => {};
  const name = queuesOf(versionOf(file)).long;
  const connection = new Redis(redis.url(), { maxRetriesPerRequest: null });
  const worker = new Worker(
    name,
    async ({ data }) => {
      begun.push(data.lesson);
      await new Promise<void>((resolve) => {
        end = resolve;
      });
      return { ms, refusal: { code: "done", reason: "Nothing was done." } };
    },
    { connection },
  );
  await worker.waitUntilReady();
  const client = redis.client();
  let asked = 0;
  return {
    begun,
    async ask(address) {
      asked++;
      // Two of one lesson are one job.
      const order: Order = {
        lesson: address,
        address,
        payer: `${asked}`,
        spend: () => {},
        isWanted: () => true,
      };
      void work.infer({ basis: asked, seed: asked } as never, order).catch(() => {});
      const here = async () =>
        begun.length + (await client.zcard(`bull:${name}:prioritized`)) === asked;
      await expect.poll(here).toBe(true);
    },
    async next() {
      const had = begun.length;
      const ended = once(worker, "completed");
      end();
      await ended;
      if (had < asked) await expect.poll(() => begun.length).toBe(had + 1);
    },
    async close() {
      end();
      await work.close();
      client.disconnect();
      await worker.close(true);
      connection.disconnect();
      await redis.remove();
    },
  };
}

const kinds = [
  ["threads", threads],
  ...(redisServer === null ? [] : [["trainers", trainers] as const]),
] as const;

test.each(kinds)(
  "with %s, who asks for much waits for others, but not for all that ever come",
  async (_kind, start) => {
    const bench = await start();
    try {
      for (let i = 0; i < 4; i++) await bench.ask("much");
      let more = 0;
      const firsts: number[] = [];
      for (let turn = 1; turn <= 24; turn++) {
        // Somebody else comes each time, so that somebody always waits who had nothing yet.
        await bench.ask(`newcomer ${more++}`);
        await bench.next();
        if (bench.begun.at(-1) === "much") firsts.push(turn);
      }
      expect(bench.begun[1]).toBe("newcomer 0");
      // Neither never, nor one after the other.
      expect(firsts.length).toBeGreaterThanOrEqual(2);
      expect(firsts[1]! - firsts[0]!).toBeGreaterThan(1);
      // Nor does anybody else wait long for it.
      expect(bench.begun).toContain(`newcomer ${more - 5}`);
    } finally {
      await bench.close();
    }
  },
);
