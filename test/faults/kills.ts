import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { type Random, seeded } from "../../shared/random.ts";
import { unlimited } from "../load/limits.ts";
import { createLesson, launch, RunningServer, temporaryFolder } from "../server/server.ts";
import { type PromiseCount, TaughtLesson } from "./lessons.ts";
import { Rush } from "./rush.ts";

export interface KillOptions {
  readonly kills: number;
  /** Number of restarts in which a new server starts before the old one is stopped. */
  readonly rolls: number;
  readonly seed: number;
  /** Called after each kill and roll. */
  readonly progress?: (count: KillResult) => void;
}

export interface KillResult extends PromiseCount {
  kills: number;
  /** Number of these before the server was ready. */
  duringStart: number;
  rolls: number;
  /** Longest start after a kill, ms. */
  slowestStart: number;
  /** Longest stop, ms. */
  slowestEnd: number;
  /** Servers that did not stop in time. */
  late: number;
  /** Clients that a stopping server did not tell. */
  untold: number;
}

const teachers = 2;
/** All clients have one address, which must not run out of its budget. */
const crowded = { MAX_MS_A_SECOND: unlimited.MAX_MS_A_SECOND! };
/** Time in which a server has to stop, ms. */
const patience = 5000;
/** Close code of a stopping server. */
const ending = 4001;

/**
 * Lets clients teach in several lessons at once, kills the server at random moments, restarts it, and
 * counts acknowledged requests that are missing and events that no client asked for.
 *
 * Each client keeps a copy of the lesson's log from the events that it is sent. While one server runs, a
 * client gets every acknowledged event within two seconds. While a new server takes over, both write to
 * one log, and clients of the old one may lag behind: their copy is then a prefix of the log, and once they
 * have joined the new server they have every event. Anything else counts as a split.
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
    longestWork: 0,
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
  /** Each lesson goes on over several kills, and all are checked again at the end. */
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
    // Still running only where something went wrong.
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
