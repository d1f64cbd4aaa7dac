import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Random, seeded } from "../../shared/random.ts";
import { unlimited } from "../load/limits.ts";
import { createLesson } from "../server/server.ts";
import { postgresBin, RunningPostgres } from "../server/storage/runningPostgres.ts";
import { type Sharing, type SharingServer, startSharing } from "../server/together/processes.ts";
import { RunningRedis, redisServer } from "../server/together/runningRedis.ts";
import { type PromiseCount, TaughtLesson } from "./lessons.ts";
import { rows } from "./table.ts";

/** How long a process stands still, ms. */
const stall = 10_000;
const teachers = 2;

const mishaps = ["kill", "stall", "redis", "postgres"] as const;
type Mishap = (typeof mishaps)[number];

type Result = PromiseCount & { readonly done: Record<Mishap, number>; slowestReturn: number };

/**
 * Several processes that share their lessons, while they are killed and stand still, and their stores are killed.
 * Clients are on whichever process has the lesson. Returns whether nothing that was acknowledged was lost.
 */
export async function run(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      processes: { type: "string", default: "2" },
      kills: { type: "string", default: "50" },
      stalls: { type: "string", default: "10" },
      "redis-restarts": { type: "string", default: "5" },
      "postgres-kills": { type: "string", default: "5" },
      seed: { type: "string", default: "1" },
    },
  });
  if (redisServer === null) {
    process.stdout.write("NOT TESTED: there is no Redis here, and none is to be had.\n");
    return false;
  }
  const times: Record<Mishap, number> = {
    kill: Number(values.kills),
    stall: Number(values.stalls),
    redis: Number(values["redis-restarts"]),
    postgres: postgresBin === null ? 0 : Number(values["postgres-kills"]),
  };
  if (postgresBin === null)
    process.stdout.write("NOT TESTED: there is no PostgreSQL here; lessons are in SQLite.\n");
  const count = await suffer(Number(values.processes), times, seeded(Number(values.seed)));
  process.stdout.write(
    rows([
      ["processes", values.processes],
      ["kills of one", count.done.kill],
      [`one stood still for ${stall / 1000} s`, count.done.stall],
      ["restarts of Redis, which forgot everything", count.done.redis],
      ["kills of PostgreSQL", count.done.postgres],
      ["requests", count.requests],
      ["acknowledged", count.acknowledged],
      ["refused, by the rules or for want of a store", count.refused],
      ["sent again", count.resent],
      ["lost or altered", count.lost],
      ["twice or nobody's", count.twice],
      ["gaps; requests that failed afterwards", count.broken],
      ["another history, or one that came late", count.split],
      ["longest return, with what had no answer done", `${Math.round(count.slowestReturn)} ms`],
    ]),
  );
  const { lost, twice, broken, split } = count;
  return lost + twice + broken + split === 0;
}

async function suffer(n: number, times: Record<Mishap, number>, random: Random): Promise<Result> {
  const count: Result = {
    requests: 0,
    acknowledged: 0,
    refused: 0,
    resent: 0,
    lost: 0,
    twice: 0,
    broken: 0,
    split: 0,
    done: { kill: 0, stall: 0, redis: 0, postgres: 0 },
    slowestReturn: 0,
  };
  const redis = await RunningRedis.start();
  const postgres = postgresBin === null ? null : await RunningPostgres.start();
  const sharing = await startSharing(n, redis.url(), {
    ...unlimited,
    ...(postgres && { DATABASE_URL: postgres.url() }),
  });
  try {
    const lessons: TaughtLesson[] = [];
    for (let turn = 0; ; turn++) {
      if (turn % 20 === 0) {
        const first = 5000 + 100_000 * lessons.length;
        for (const world of ["road", "garden", "road", "garden"]) {
          const id = await createLesson(sharing.front, world);
          lessons.push(new TaughtLesson(id, world, first, count, random));
        }
      }
      const current = lessons.slice(-4);
      for (const lesson of current) {
        const began = performance.now();
        await lesson.rejoin(sharing.front, teachers);
        count.slowestReturn = Math.max(count.slowestReturn, performance.now() - began);
      }
      const left = mishaps.flatMap((mishap) =>
        Array<Mishap>(times[mishap] - count.done[mishap]).fill(mishap),
      );
      if (left.length === 0) break;
      const mishap = left[random.below(left.length)]!;
      const taught = Promise.all(current.map((lesson) => lesson.teach()));
      await wait(10 + 500 * random.uniform());
      await suffering[mishap]({ sharing, redis, postgres, current, random });
      await wait(200 * random.uniform());
      sharing.front.cut();
      await taught;
      count.done[mishap]++;
      if (process.stderr.isTTY) process.stderr.write(`\r${JSON.stringify(count.done)}`);
      await well(sharing);
    }
    for (const lesson of lessons) await lesson.rejoin(sharing.front, 1);
    return count;
  } finally {
    await sharing.stop();
    await Promise.all([redis.remove(), postgres?.remove()]);
  }
}

interface Scene {
  readonly sharing: Sharing;
  readonly redis: RunningRedis;
  readonly postgres: RunningPostgres | null;
  readonly current: readonly TaughtLesson[];
  readonly random: Random;
}

const suffering: Record<Mishap, (scene: Scene) => Promise<void>> = {
  async kill({ sharing, random }) {
    const server = anyOf(sharing, random);
    await server.kill();
    await wait(300 * random.uniform());
    await server.start(`${server.port}`);
  },

  /** Meanwhile others come, who are seated elsewhere and write. */
  async stall({ sharing, current, random }) {
    const server = anyOf(sharing, random);
    const { front } = sharing;
    const all = front.ports;
    front.ports = all.filter((port) => port !== server.port);
    const until = performance.now() + stall;
    process.kill(server.pid!, "SIGSTOP");
    for (const lesson of current) await lesson.visit(front);
    await wait(Math.max(0, until - performance.now()));
    process.kill(server.pid!, "SIGCONT");
    front.ports = all;
    // It acts on what was sent to it meanwhile before it hears of anything.
    await wait(500 * random.uniform());
  },

  async redis({ redis, random }) {
    await redis.kill();
    await wait(1000 * random.uniform());
    await redis.start();
  },

  async postgres({ postgres, random }) {
    await postgres!.kill();
    await wait(1000 * random.uniform());
    await postgres!.start();
  },
};

function anyOf({ servers }: Sharing, random: Random): SharingServer {
  return servers[random.below(servers.length)]!;
}

/** Resolves once every process can write again, and Redis knows what is open. */
async function well({ servers }: Sharing): Promise<void> {
  for (const { address } of servers) {
    for (;;) {
      const { status } = await fetch(`${address}/api/ready`).catch(() => ({ status: 0 }));
      if (status === 200) break;
      await wait(50);
    }
  }
  await wait(600);
}
