import { SqliteLog } from "../../server/storage/sqlite/log.ts";
import { progressOf } from "../../shared/class/progress.ts";
import type { BegunClass } from "../../shared/class/requests.ts";
import type { ClassState } from "../../shared/class/room.ts";
import { SchoolClass } from "../../shared/class/schoolClass.ts";
import { fold } from "../../shared/lesson/fold.ts";
import { emptyLesson } from "../../shared/lesson/lesson.ts";
import type { RunningServer } from "../server/server.ts";
import { type Attended, attend, beginClass, lead, PupilBot } from "./pupil.ts";

/** What came of a class of bots; what is wrong is in `complaints`. */
export interface ClassResult {
  readonly pupils: number;
  /** Milliseconds until all had come in, who came at the same time. */
  readonly joined: number;
  /** Of each "train" of the clone, which all ask for at the same time, ms. */
  readonly clones: readonly number[];
  /** Of each later "train", and of everything else, likewise. */
  readonly trainings: readonly number[];
  readonly others: readonly number[];
  /** Changes that were acknowledged. */
  readonly acknowledged: number;
  readonly seconds: number;
  /** What `processor` said of the time in which the clones were trained. */
  readonly cloning: number;
  /** Bytes that came to the wall, while the class was taught. */
  readonly wallBytes: number;
  readonly complaints: readonly string[];
}

/** A wall, which comes back where the server has been away. */
class Wall {
  readonly #server: RunningServer;
  readonly #class: string;
  #room: Attended | null = null;
  #bytes = 0;

  constructor(server: RunningServer, id: string) {
    this.#server = server;
    this.#class = id;
  }

  async open(): Promise<void> {
    this.#room = await attend(this.#server, { class: this.#class });
    this.#room.onLeave(() => {
      this.#bytes += bytesTo(this.#room!);
      this.#room = null;
      void this.#comeBack();
    });
  }

  get state(): ClassState | null {
    return this.#room?.state ?? null;
  }

  get bytes(): number {
    return this.#bytes + (this.#room ? bytesTo(this.#room) : 0);
  }

  async close(): Promise<void> {
    this.#room?.removeAllListeners();
    await this.#room?.leave();
  }

  async #comeBack(): Promise<void> {
    for (;;) {
      try {
        return await this.open();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }
}

/** Bytes that a client has had from the server, by its socket. */
export function bytesTo(room: object): number {
  const { connection } = room as {
    connection: { transport: { ws: { _socket?: { bytesRead: number } } } };
  };
  return connection.transport.ws._socket?.bytesRead ?? 0;
}

/**
 * Has bots of different hands go through a whole class, all of them at once.
 * @param kills whether the server is killed when half of the first corrections are given
 * @param processor seconds that the server has used of it
 */
export async function runClass(
  server: RunningServer,
  plan: object,
  { pupils, kills, seed }: { pupils: number; kills: boolean; seed: number },
  processor = async () => 0,
): Promise<ClassResult> {
  const begun = await beginClass(server, plan);
  const wall = new Wall(server, begun.id);
  await wall.open();
  const bots = Array.from(
    { length: pupils },
    (_, i) => new PupilBot(server, begun.code, `Bot ${i + 1}`, seed + i),
  );
  const began = performance.now();
  const before = wall.bytes;
  await Promise.all(bots.map((bot) => bot.join()));
  const joined = performance.now() - began;

  await lead(server, begun, { type: "step", step: 0 });
  await Promise.all(bots.map(show));
  await lead(server, begun, { type: "step", step: null });
  const used = await processor();
  await Promise.all(bots.map(async (bot) => bot.train(await bot.lesson())));
  const cloning = (await processor()) - used;
  const killing = kills ? killHalfway(server, bots) : Promise.resolve();
  await Promise.all(
    bots.map(async (bot) => {
      while (await bot.step());
    }),
  );
  await killing;
  const seconds = (performance.now() - began) / 1000;
  const wallBytes = wall.bytes - before;
  const complaints = await compare(server, begun, bots, wall);
  await wall.close();
  for (const bot of bots) await bot.leave();

  const times = (name: (name: string, i: number) => boolean) =>
    bots.flatMap(({ acknowledged }) => {
      let trained = 0;
      return acknowledged
        .filter((one) => name(one.name, one.name === "train" ? trained++ : 0))
        .map(({ ms }) => ms);
    });
  return {
    pupils,
    joined,
    clones: times((name, i) => name === "train" && i === 0),
    trainings: times((name, i) => name === "train" && i > 0),
    others: times((name) => name !== "train"),
    acknowledged: bots.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0),
    seconds,
    cloning,
    wallBytes,
    complaints,
  };
}

/** Demonstrates as often as the plan says. */
async function show(bot: PupilBot): Promise<void> {
  for (;;) {
    const { demonstrations, plan } = await bot.lesson();
    if (demonstrations.length >= plan!.demonstrations.least) return;
    await bot.step();
  }
}

async function killHalfway(server: RunningServer, bots: readonly PupilBot[]): Promise<void> {
  const given = () =>
    bots.flatMap(({ acknowledged }) => acknowledged.filter(({ name }) => name === "label")).length;
  const lesson = await bots[0]!.lesson();
  const most = Math.min(lesson.plan!.corrections.most, lesson.rounds[0]!.queries.length);
  while (given() < (bots.length * most) / 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await server.kill();
  await server.start();
}

/** Whether the lessons have what was acknowledged, and the wall and the class's log agree with them. */
async function compare(
  server: RunningServer,
  begun: BegunClass,
  bots: readonly PupilBot[],
  wall: Wall,
): Promise<string[]> {
  const complaints: string[] = [];
  const log = await SqliteLog.open(server.dataFolder);
  try {
    const now = new SchoolClass();
    for await (const events of log.classes.events(begun.id))
      for (const event of events) now.take(event);
    if (now.pupils.size !== bots.length) complaints.push(`${now.pupils.size} pupils in the log`);
    for (const bot of bots) {
      const say = (words: string) => complaints.push(`${bot.nickname}: ${words}`);
      const { pupil, lesson: at } = bot.place!;
      if (now.pupils.get(pupil)?.nickname !== bot.nickname) say("is somebody else in the log");
      const events = await log.events(at.id);
      const known = new Set(events.map(({ seq }) => seq));
      for (const { name, seq } of bot.acknowledged) if (!known.has(seq)) say(`lost ${name} ${seq}`);
      // The first event is the lesson's beginning.
      if (events.length !== bot.acknowledged.length + 1)
        say(`${events.length} events of ${bot.acknowledged.length} changes`);
      const progress = progressOf(fold(emptyLesson, events));
      const shown = () => {
        const one = wall.state?.pupils.get(`${pupil}`);
        return (
          one && [one.labels, one.demonstrations, one.activity, [...one.curve].join()].join(" ")
        );
      };
      const { labels, demonstrations, activity, curve } = progress;
      const wanted = [labels, demonstrations, activity, curve.flat().join()].join(" ");
      if (!(await soon(() => shown() === wanted)))
        say(`the wall shows "${shown()}", the log has "${wanted}"`);
    }
  } finally {
    await log.close();
  }
  await lead(server, begun, { type: "look" });
  return complaints;
}

/** Whether something is so within ten seconds. */
async function soon(isSo: () => boolean): Promise<boolean> {
  for (const until = performance.now() + 10_000; performance.now() < until; ) {
    if (isSo()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return isSo();
}
