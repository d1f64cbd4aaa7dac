import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { type Random, seeded } from "../../shared/random.ts";
import { unlimited } from "../load/limits.ts";
import { createLesson, temporaryFolder } from "../server/server.ts";
import { postgresBin, RunningPostgres } from "../server/storage/runningPostgres.ts";
import { type Sharing, type SharingServer, startSharing } from "../server/together/processes.ts";
import { openTwice, restart, well } from "../server/together/rolling.ts";
import { RunningRedis, redisServer } from "../server/together/runningRedis.ts";
import { RunningTrainer } from "../server/together/runningTrainer.ts";
import { type PromiseCount, type Return, TaughtLesson } from "./lessons.ts";
import { type Line, lineTo } from "./line.ts";
import { rows } from "./table.ts";

/** How long a process stands still, ms. */
const stall = 10_000;
/** How long a process is cut off from its stores at most, ms. */
const longestCut = 8000;
/** By how much clocks are wrong, ms. */
const shifts = [-86_400_000, -3_600_000, -5000, 0, 5000, 3_600_000, 86_400_000] as const;
const teachers = 2;
/** Lessons that are taught while all processes are restarted, one after the other. */
const rolled = 6;

/** What happens to them, by the option that says how often. */
const mishaps = {
  kills: "kill",
  stalls: "stall",
  "redis-restarts": "redis",
  "postgres-kills": "postgres",
  partitions: "partition",
  "clock-jumps": "clock",
  rolls: "roll",
  "trainer-rolls": "trainer",
} as const;
type Mishap = (typeof mishaps)[keyof typeof mishaps];

type Result = PromiseCount & {
  readonly done: Record<Mishap, number>;
  /** Lessons that more than one process had open. */
  doubles: number;
  /** Processes that were told to end and did not do so by themselves. */
  unwilling: number;
  /** Trainings whose trainer ended in the middle. */
  interrupted: number;
  /** The longest that one of these took, ms. */
  longestTraining: number;
  slowestReturn: (Return & { readonly after: Mishap | null }) | null;
  longestSilence: number;
};

/**
 * Several processes that share their lessons, while they are killed and stand still, and so are their stores and the
 * lines between. Clients are on whichever process has the lesson. Returns whether nothing that was acknowledged was lost.
 */
export async function run(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      processes: { type: "string", default: "2" },
      trainers: { type: "string", default: "0" },
      kills: { type: "string", default: "50" },
      stalls: { type: "string", default: "10" },
      "redis-restarts": { type: "string", default: "5" },
      "postgres-kills": { type: "string", default: "5" },
      partitions: { type: "string", default: "0" },
      "clock-jumps": { type: "string", default: "0" },
      rolls: { type: "string", default: "0" },
      "trainer-rolls": { type: "string", default: "0" },
      seed: { type: "string", default: "1" },
    },
  });
  if (redisServer === null) {
    process.stdout.write("NOT TESTED: there is no Redis here, and none is to be had.\n");
    return false;
  }
  const times = Object.fromEntries(
    Object.entries(mishaps).map(([option, mishap]) => [
      mishap,
      Number(values[option as keyof typeof mishaps]),
    ]),
  ) as Record<Mishap, number>;
  if (postgresBin === null) {
    times.postgres = 0;
    process.stdout.write("NOT TESTED: there is no PostgreSQL here; lessons are in SQLite.\n");
  }
  const trainers = Number(values.trainers);
  if (times.trainer > 0 && trainers === 0) {
    process.stdout.write("--trainer-rolls needs --trainers.\n");
    return false;
  }
  const random = seeded(Number(values.seed));
  const count = await suffer(Number(values.processes), trainers, times, random);
  const ms = (time: number) => `${Math.round(time)} ms`;
  process.stdout.write(
    rows([
      ["processes", values.processes],
      ["trainers", values.trainers],
      ["kills of one", count.done.kill],
      [`one stood still for ${stall / 1000} s`, count.done.stall],
      ["restarts of Redis, which forgot everything", count.done.redis],
      ["kills of PostgreSQL", count.done.postgres],
      [`one cut off from a store, or both, up to ${longestCut / 1000} s`, count.done.partition],
      ["one's clock set, by up to a day", count.done.clock],
      ["all restarted, one after the other", count.done.roll],
      ["all trainers restarted, during a training", count.done.trainer],
      ["requests", count.requests],
      ["acknowledged", count.acknowledged],
      ["refused, by the rules or for want of a store", count.refused],
      ["sent again", count.resent],
      ["lost or altered", count.lost],
      ["twice or nobody's", count.twice],
      ["gaps; requests that failed afterwards", count.broken],
      ["another history, or one that came late", count.split],
      ["lessons open in two processes, after a roll", count.doubles],
      ["processes that did not end by themselves", count.unwilling],
      ["trainings whose trainer ended in the middle", count.interrupted],
      ["  the longest of these", ms(count.longestTraining)],
      ["longest return, with what had no answer done", ms(count.slowestReturn?.all ?? 0)],
      ["longest training or inference without a fault", ms(count.longestWork)],
      ["longest until a page was in again in a roll", ms(count.longestSilence)],
    ]),
  );
  if (count.slowestReturn) {
    const { after, all, joined, again } = count.slowestReturn;
    const heard = all - joined - Math.max(0, ...again.map((one) => one.ms));
    const sent = again.map(({ name, ms: time }) => `${name} ${ms(time)}`).join(", ");
    process.stdout.write(
      `The longest return: after ${after}; in again within ${ms(joined)}; sent again: ${sent || "nothing"}; what came next, ${ms(heard)}.\n`,
    );
  }
  const { lost, twice, broken, split, doubles, unwilling } = count;
  return lost + twice + broken + split + doubles + unwilling === 0;
}

interface Scene {
  readonly sharing: Sharing;
  readonly redis: RunningRedis;
  readonly postgres: RunningPostgres | null;
  readonly trainers: readonly RunningTrainer[];
  /** Each process's lines to its stores. */
  readonly lines: readonly (readonly Line[])[];
  readonly current: readonly TaughtLesson[];
  readonly count: Result;
  readonly random: Random;
}

async function suffer(
  n: number,
  nTrainers: number,
  times: Record<Mishap, number>,
  random: Random,
): Promise<Result> {
  const none = Object.fromEntries(Object.values(mishaps).map((mishap) => [mishap, 0]));
  const count: Result = {
    requests: 0,
    acknowledged: 0,
    refused: 0,
    resent: 0,
    lost: 0,
    twice: 0,
    broken: 0,
    split: 0,
    longestWork: 0,
    done: none as Record<Mishap, number>,
    doubles: 0,
    unwilling: 0,
    interrupted: 0,
    longestTraining: 0,
    slowestReturn: null,
    longestSilence: 0,
  };
  const redis = await RunningRedis.start();
  const postgres = postgresBin === null ? null : await RunningPostgres.start();
  const stores = [redis.url(), ...(postgres ? [postgres.url()] : [])];
  const lines = await Promise.all(
    Array.from({ length: n }, () =>
      Promise.all(stores.map((url) => lineTo(Number(new URL(url).port)))),
    ),
  );
  const through = (url: string, { port }: Line) =>
    url.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`);
  const clocks = Array.from({ length: n }, () => join(temporaryFolder(), "shift"));
  for (const clock of clocks) writeFileSync(clock, "0");
  const hook = pathToFileURL(resolve("test/faults/clock.mjs")).href;
  const env = { ...unlimited, ...(nTrainers > 0 && { TRAINERS: "remote" }) };
  const sharing = await startSharing(n, redis.url(), env, (i) => ({
    REDIS_URL: through(redis.url(), lines[i]![0]!),
    ...(postgres && { DATABASE_URL: through(postgres.url(), lines[i]![1]!) }),
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} --import=${hook}`.trim(),
    CLOCK_SHIFT: clocks[i]!,
  }));
  const begin = async (lessons: TaughtLesson[], first: number, world: string) => {
    const id = await createLesson(sharing.front, world);
    lessons.push(new TaughtLesson(id, world, first, count, random));
  };
  const trainers: RunningTrainer[] = [];
  try {
    for (let i = 0; i < nTrainers; i++)
      trainers.push(
        await RunningTrainer.start({
          REDIS_URL: redis.url(),
          DATA_DIR: sharing.servers[0]!.dataFolder,
          ...(postgres && { DATABASE_URL: postgres.url() }),
        }),
      );
    const lessons: TaughtLesson[] = [];
    const rolling: TaughtLesson[] = [];
    /** Of one lesson at most, in which long trainings are asked for. */
    const long: TaughtLesson[] = [];
    let last: Mishap | null = null;
    for (let turn = 0; ; turn++) {
      if (turn % 20 === 0)
        for (const world of ["road", "garden", "road", "garden"])
          await begin(lessons, 5000 + 100_000 * (lessons.length >> 2), world);
      const current = lessons.slice(-4);
      for (const lesson of current) {
        const back = await lesson.rejoin(sharing.front, teachers);
        if (back.all > (count.slowestReturn?.all ?? 0))
          count.slowestReturn = { ...back, after: last };
      }
      const left = Object.values(mishaps).flatMap((mishap) =>
        Array<Mishap>(times[mishap] - count.done[mishap]).fill(mishap),
      );
      if (left.length === 0) break;
      const mishap = left[random.below(left.length)]!;
      last = mishap;
      const scene = { sharing, redis, postgres, trainers, lines, current, count, random };
      if (mishap === "roll") {
        while (rolling.length < rolled)
          await begin(
            rolling,
            5e6 + 100_000 * rolling.length,
            ["road", "garden"][rolling.length % 2]!,
          );
        await roll({ ...scene, current: rolling });
      } else {
        const taught = Promise.all(current.map((lesson) => lesson.teach()));
        await wait(10 + 500 * random.uniform());
        if (mishap === "clock") await setClock(scene, clocks);
        else if (mishap === "trainer") {
          if (long.length === 0) await begin(long, 9e6, "road");
          await rollTrainers(scene, long[0]!);
        } else await suffering[mishap](scene);
        await wait(200 * random.uniform());
        sharing.front.cut();
        await taught;
      }
      count.done[mishap]++;
      if (process.stderr.isTTY) process.stderr.write(`\r${JSON.stringify(count.done)}`);
      await well(sharing);
    }
    for (const lesson of [...lessons, ...rolling, ...long]) await lesson.rejoin(sharing.front, 1);
    return count;
  } catch (error) {
    for (const { port, stdout, stderr } of sharing.servers)
      process.stderr.write(`\nServer ${port} said: ${stdout}${stderr}\n`);
    throw error;
  } finally {
    await sharing.stop();
    await Promise.all(trainers.map((trainer) => trainer.kill()));
    for (const line of lines.flat()) line.close();
    await Promise.all([redis.remove(), postgres?.remove()]);
  }
}

const suffering: Record<
  Exclude<Mishap, "roll" | "clock" | "trainer">,
  (scene: Scene) => Promise<void>
> = {
  async kill({ sharing, random }) {
    const server = anyOf(sharing.servers, random);
    await server.kill();
    await wait(300 * random.uniform());
    await server.start(`${server.port}`);
  },

  async stall(scene) {
    const server = anyOf(scene.sharing.servers, scene.random);
    await without(server, scene, async (others) => {
      process.kill(server.pid!, "SIGSTOP");
      await Promise.all([others(), wait(stall)]);
      process.kill(server.pid!, "SIGCONT");
    });
    // It acts on what was sent to it meanwhile before it hears of anything.
    await wait(500 * scene.random.uniform());
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

  async partition(scene) {
    const { sharing, lines, random } = scene;
    const server = anyOf(sharing.servers, random);
    const all = lines[sharing.servers.indexOf(server)]!;
    const cut = random.uniform() < 0.3 ? all : [anyOf(all, random)];
    const isLost = random.uniform() < 0.5;
    const time = longestCut * random.uniform();
    // While it has Redis, its lessons are its own, and who comes waits with it for the log.
    const isTaken = cut.includes(all[0]!);
    await without(server, scene, async (others) => {
      for (const line of cut) line.cut();
      await Promise.all([isTaken && others(), wait(time)]);
      for (const line of cut) line.mend(isLost);
    });
    await wait(500 * random.uniform());
  },
};

/** Meanwhile others come, who are seated elsewhere and write. */
async function without(
  server: SharingServer,
  { sharing: { front }, current }: Scene,
  mishap: (others: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const all = front.ports;
  front.ports = all.filter((port) => port !== server.port);
  await mishap(async () => {
    for (const lesson of current) {
      while (!(await lesson.isThere(front))) await wait(50);
      await lesson.visit(front);
    }
  });
  front.ports = all;
}

async function setClock({ sharing, random }: Scene, clocks: readonly string[]): Promise<void> {
  const server = anyOf(sharing.servers, random);
  writeFileSync(clocks[sharing.servers.indexOf(server)]!, `${anyOf(shifts, random)}`);
  process.kill(server.pid!, "SIGUSR2");
  await wait(1000 * random.uniform());
}

/** All trainers are restarted, one after the other, in the middle of a training, which another finishes. */
async function rollTrainers(
  { sharing, trainers, count }: Scene,
  lesson: TaughtLesson,
): Promise<void> {
  await lesson.rejoin(sharing.front, 1);
  const began = performance.now();
  const { begun, done } = lesson.trainLong();
  await begun;
  let isDone = false;
  void done.then(() => {
    isDone = true;
  });
  for (const trainer of trainers) if (!(await trainer.restart())) count.unwilling++;
  // Whichever had it has ended in between.
  const isInterrupted = !isDone;
  if (!(await done)) count.broken++;
  if (!isInterrupted) return;
  count.interrupted++;
  count.longestTraining = Math.max(count.longestTraining, performance.now() - began);
}

/** All servers, then all trainers are restarted, one after the other, and pages whose process ends come back and go on. */
async function roll({ sharing, redis, trainers, current, count }: Scene): Promise<void> {
  const { front, servers } = sharing;
  const all = () => Promise.all(current.map((lesson) => lesson.rejoin(front, teachers)));
  await all();
  const restarts = [
    ...servers.map((server) => () => restart(server, sharing)),
    ...trainers.map((trainer) => () => trainer.restart()),
  ];
  for (const again of restarts) {
    let isOver = false;
    const away = new Set<TaughtLesson>();
    const going = current.map(async (lesson) => {
      while (!isOver) {
        await lesson.teach();
        if (isOver) return;
        away.add(lesson);
        const began = performance.now();
        while (!(await lesson.isThere(front))) await wait(50);
        // What is sent again may be a training.
        count.longestSilence = Math.max(count.longestSilence, performance.now() - began);
        await lesson.rejoin(front, teachers);
        away.delete(lesson);
      }
    });
    await wait(500);
    if (!(await again())) count.unwilling++;
    while (away.size > 0) await wait(50);
    const client = redis.client();
    count.doubles += await openTwice(
      client,
      current.map(({ id }) => id),
    );
    client.disconnect();
    isOver = true;
    front.cut();
    await Promise.all(going);
    await all();
  }
}

function anyOf<One>(all: readonly One[], random: Random): One {
  return all[random.below(all.length)]!;
}
