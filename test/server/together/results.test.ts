import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "bullmq";
import { expect, test } from "vitest";
import { ownCounts } from "../../../server/door/counts.ts";
import type { Reports } from "../../../server/reports.ts";
import type { Limits } from "../../../server/settings.ts";
import { digest } from "../../../server/sha256.ts";
import { idOf, queuesOf, readResult, resultAt, versionOf } from "../../../server/trainers/jobs.ts";
import { RemoteWork } from "../../../server/trainers/remoteWork.ts";
import type { Order, Work } from "../../../shared/lesson/service/work.ts";
import { temporaryFolder } from "../server.ts";
import { RunningRedis, redisServer } from "./runningRedis.ts";

test("what is kept of a job counts only where it is what its digest says", () => {
  const round = { digest: digest("{}"), seed: 7 };
  const json = (policy: unknown) => JSON.stringify({ round, policy });
  expect(readResult("train", json("{}"))).toEqual({ round, policy: "{}" });
  expect(readResult("train", json('{"w":[1]}'))).toBe(null);
  for (const forged of ["", "null", "[]", "{", json(7), '{"policy":"{}"}'])
    expect(readResult("train", forged)).toBe(null);
  expect(readResult("infer", '{"costs":[]}')).toEqual({ costs: [] });
  expect(readResult("infer", "null")).toBe(null);
});

test("versions share no jobs", () => {
  const job = { name: "infer", lesson: "a", task: { basis: 3 } } as const;
  expect(idOf("1", job)).toBe(idOf("1", { ...job }));
  expect(idOf("1", job)).not.toBe(idOf("2", job));
  expect(queuesOf("1").long).not.toBe(queuesOf("2").long);
});

if (redisServer !== null)
  test("a job that is in no queue is begun anew, and so is one whose result is forged", async () => {
    const redis = await RunningRedis.start();
    const client = redis.client();
    const file = join(temporaryFolder(), "worker.js");
    writeFileSync(file, "");
    const version = versionOf(file);
    const job = { name: "infer", lesson: "a", task: { basis: 3 } } as const;
    const id = idOf(version, job);
    let done = 0;
    const workers = Object.values(queuesOf(version)).map(
      (queue) =>
        new Worker(
          queue,
          async () => {
            await client.set(resultAt(id), ++done === 1 ? "null" : '{"costs":[]}');
            return done === 2 ? { ms: -1 } : { ms: 1, refusal: null };
          },
          { connection: { url: redis.url() } },
        ),
    );
    const limits = { work: 10, workAnHour: 10 } as Limits;
    const reports = { workStarted() {}, workEnded() {} } as unknown as Reports;
    const work = await RemoteWork.at(redis.url(), file, {} as Work, limits, reports, ownCounts);
    try {
      for (const queue of Object.values(queuesOf(version)))
        await client.hset(`bull:${queue}:${id}`, {
          name: "infer",
          data: "{}",
          opts: "{}",
          timestamp: 1,
        });
      const order = { lesson: job.lesson, address: "b", payer: "b" } as unknown as Order;
      expect(await work.infer(job.task, order)).toEqual({ costs: [] });
      expect(done).toBe(3);
    } finally {
      await work.close();
      await Promise.all(workers.map((worker) => worker.close(true)));
      client.disconnect();
      await redis.remove();
    }
  });
