import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { type Random, seeded } from "../../shared/random.ts";
import { unlimited } from "../load/limits.ts";
import { createLesson, launch, RunningServer, temporaryFolder } from "../server/server.ts";
import { type PromiseCount, TaughtLesson } from "./lessons.ts";
import { Rush } from "./rush.ts";

export interface KillOptions {
  readonly kills: number;
  /** Times that a new server takes over from one that is told to end. */
  readonly rolls: number;
  readonly seed: number;
  /** Told after each kill and roll. */
  readonly progress?: (count: KillResult) => void;
}

export interface KillResult extends PromiseCount {
  kills: number;
  /** Of these, how many before the server said that it was ready. */
  duringStart: number;
  rolls: number;
  /** Milliseconds, the longest start after a kill. */
  slowestStart: number;
  /** Milliseconds, the longest that a server took to end once it was told to. */
  slowestEnd: number;
  /** Servers that were told to end and had to be killed. */
  late: number;
  /** Those whom a server that ended did not tell. */
  untold: number;
}

const teachers = 2;
/** Everyone comes from one address, and nobody is to wait for a share of the server. */
const crowded = { MAX_MS_A_SECOND: unlimited.MAX_MS_A_SECOND! };
/** Milliseconds in which a server has to end once it is told to. */
const patience = 5000;
/** What clients are told by a server that ends. */
const ending = 4001;

/**
 * Lets people teach in several lessons at once, kills the server at random moments, starts it anew,
 * and counts what is missing then of all that it had promised, and what is there that nobody asked for.
 *
 * Everyone in a lesson's room keeps a copy of its log from what they are told. While a server runs, they
 * hear of all that it acknowledges to anyone, within two seconds. While one takes over from another, both
 * write to one log, and those on the old one may be behind what the new one has acknowledged: they have
 * no more than a beginning of the log, in its order, and when they have been told that the old server
 * ends and have joined the new one, they know all that either has acknowledged. All else is a split.
 */
export async function kill({
  kills,
  rolls,
  seed,
  progress = () => {},
}: KillOptions): Promise<KillResult> {
  const count: KillResult = {
    kills: 0,
    duringStart: 0,
    rolls: 0,
    requests: 0,
    acknowledged: 0,
    refused: 0,
    resent: 0,
    lost: 0,
    twice: 0,
    broken: 0,
    split: 0,
    slowestStart: 0,
    slowestEnd: 0,
    late: 0,
    untold: 0,
  };
  const random = seeded(seed);
  const folder = temporaryFolder();
  let server = new RunningServer(folder, crowded);
  const rush = await Rush.prepare(server, count);
  await server.start();
  const lessons: TaughtLesson[] = [];
  const begin = async () => {
    const first = 5000 + 100_000 * lessons.length;
    for (const world of ["road", "garden"]) {
      const id = await createLesson(server, world);
      lessons.push(new TaughtLesson(id, world, first, count, random));
    }
  };
  /** A lesson is taught in over many kills, and looked at again at the end. */
  const current = () => lessons.slice(-4);
  try {
    await begin();

    for (let turn = 0; turn < kills + rolls; turn++) {
      if (turn % 20 === 0) await begin();
      await rush.come(server);
      for (const lesson of current()) await lesson.rejoin(server, teachers);
      const taught = Promise.all(current().map((lesson) => lesson.teach()));
      await wait(10 + 500 * random.uniform());
      if (turn < kills) {
        await server.kill();
        await taught;
        count.kills++;
        if (random.uniform() < 0.25) {
          await killWhileStarting(folder, random);
          count.kills++;
          count.duringStart++;
          turn++;
        }
        const began = performance.now();
        await server.start();
        count.slowestStart = Math.max(count.slowestStart, performance.now() - began);
      } else {
        const next = new RunningServer(folder, crowded);
        await next.start();
        for (const lesson of current()) await lesson.visit(next);
        const began = performance.now();
        const stopped = server.stop();
        if ((await Promise.race([stopped, wait(patience, "late")])) === "late") {
          count.late++;
          await server.kill();
        }
        count.slowestEnd = Math.max(count.slowestEnd, performance.now() - began);
        await taught;
        const told = current().flatMap(({ left }) => left);
        count.untold += told.filter((code) => code !== ending).length;
        count.rolls++;
        server = next;
      }
      progress(count);
    }
    for (const lesson of lessons) await lesson.rejoin(server, 1);
    await server.stop();
    return count;
  } finally {
    // Where it is not gone already, something went wrong, and it is not to stay behind.
    await server.kill();
  }
}

/** A kill at some moment of the half second in which a server starts, or soon after. */
async function killWhileStarting(folder: string, random: Random): Promise<void> {
  const child = launch({ PORT: "0", DATA_DIR: folder });
  const gone = once(child, "exit");
  await wait(1000 * random.uniform());
  child.kill("SIGKILL");
  await gone;
}
