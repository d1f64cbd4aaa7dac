import { setTimeout as wait } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { apply, type LessonEvent } from "../../shared/lesson/fold.ts";
import { emptyLesson, type Lesson } from "../../shared/lesson/lesson.ts";
import type { Request, RequestName } from "../../shared/lesson/requests.ts";
import type { Random } from "../../shared/random.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { eventsOf, newKey, type ServerAddress } from "../server/server.ts";
import { Reader } from "./reader.ts";

/** Takes seconds on the road. */
const longPlan = { policy: "mlpEnsemble", query: "every", budget: 20, drives: 10 } as const;

type Name = "demonstrate" | "forget" | "label" | "undo" | "train" | "infer";
type SentRequest = { [K in Name]: { readonly name: K; readonly body: Request<K> } }[Name];

/** Counts of requests by what happened to them. */
export interface PromiseCount {
  requests: number;
  acknowledged: number;
  refused: number;
  /** Requests that were sent again, as there was no answer. */
  resent: number;
  /** Acknowledged or broadcast events that are missing afterwards, or differ. */
  lost: number;
  /** Events without a request, and second events of one request. */
  twice: number;
  /** Events whose numbers are not 1, 2, 3 …, and first requests after a start that failed. */
  broken: number;
  /** Clients whose copy differs from the log, or that did not get an acknowledged event in time. */
  split: number;
}

/** How long clients took to come back, ms. */
export interface Return {
  readonly all: number;
  /** Until they were in the room, with its log. */
  readonly joined: number;
  /** What was sent again, and how long each took. */
  readonly again: readonly { readonly name: string; readonly ms: number }[];
}

/** A lesson with its clients and everything that was acknowledged to them. */
export class TaughtLesson {
  readonly id: string;
  readonly #world: string;
  readonly #count: PromiseCount;
  readonly #random: Random;
  readonly #promised = new Map<number, SentRequest>();
  /** In the order of the first attempts. */
  readonly #unanswered = new Set<SentRequest>();
  readonly #seen: LessonEvent[] = [];
  #lesson: Lesson = emptyLesson;
  #teachers: Reader[] = [];
  #onlookers: Reader[] = [];
  #seed: number;

  constructor(id: string, world: string, seed: number, count: PromiseCount, random: Random) {
    this.id = id;
    this.#world = world;
    this.#seed = seed;
    this.#count = count;
    this.#random = random;
  }

  /**
   * All clients join; acknowledged events are checked, and unanswered requests are sent again. Then every
   * client has to have every event that was acknowledged, by this server or the one before.
   */
  async rejoin(server: ServerAddress, teachers: number): Promise<Return> {
    const began = performance.now();
    const since = () => performance.now() - began;
    this.#note();
    const before = this.#everyone;
    const come = (n: number, as: "teacher" | "onlooker") =>
      Promise.all(Array.from({ length: n }, () => Reader.join(server, this.id, as)));
    [this.#teachers, this.#onlookers] = await Promise.all([
      come(teachers, "teacher"),
      come(1, "onlooker"),
    ]);
    await this.compare(before);
    const joined = since();
    const unanswered = [...this.#unanswered];
    this.#count.resent += unanswered.length;
    const again = await Promise.all(
      unanswered.map(async (asked, i) => {
        await this.#send(asked, i);
        return { name: asked.name, ms: since() - joined };
      }),
    );
    const promised = this.#promised.size;
    await this.#ask(this.#demonstration(), 0);
    if (this.#promised.size !== promised + 1) this.#count.broken++;
    const last = Math.max(...this.#promised.keys());
    const heard = await Promise.all(this.#everyone.map((reader) => reader.hearsOf(last)));
    this.#count.split += heard.filter((inTime) => !inTime).length;
    this.#note();
    await this.compare(this.#everyone);
    const all = this.#seen.length;
    if (this.#unanswered.size > 0) this.#count.broken++;
    // All events but the first are a client's.
    this.#count.twice += Math.abs(all - 1 - this.#promised.size);
    return { all: since(), joined, again };
  }

  /**
   * Asks for a training that takes seconds.
   * @returns `begun` resolves once it is under way, `done` to whether it was answered
   */
  trainLong(): { readonly begun: Promise<void>; readonly done: Promise<boolean> } {
    const { progress } = this.#teachers[0]!.someone;
    progress.length = 0;
    const done = this.#ask({ name: "train", body: { key: newKey(), plan: longPlan } }, 0);
    const isBegun = async () => {
      while (!progress.some(({ share, place }) => share !== null && place === undefined))
        await wait(20);
    };
    return { begun: Promise.race([isBegun(), done.then(() => {})]), done };
  }

  /** Whether somebody gets in. */
  async isThere(server: ServerAddress): Promise<boolean> {
    const reader = await Reader.join(server, this.id, "onlooker").catch(() => null);
    await reader?.someone.room.leave();
    return reader !== null;
  }

  /** Lets all clients send requests, one after another each, until they are disconnected. */
  async teach(): Promise<void> {
    await Promise.all(
      this.#teachers.map(async ({ someone }, who) => {
        while (someone.left.length === 0) {
          const some = Array.from({ length: 1 + this.#random.below(3) }, () =>
            this.#ask(this.#something(who), who),
          );
          const answered = await Promise.all(some);
          if (answered.includes(false)) return;
          // Near the server's limit of messages, and faster than a person.
          await wait(50 * this.#random.uniform());
        }
      }),
    );
  }

  /**
   * Lets one client join the lesson on a new server while all others are still on the old one, so that two
   * processes write to one log.
   */
  async visit(server: ServerAddress): Promise<void> {
    const visitor = await Reader.join(server, this.id, "teacher");
    const asked = this.#demonstration();
    await this.#ask(asked, visitor);
    const done = [...this.#promised].find(([, each]) => each === asked);
    if (!done) this.#count.broken++;
    else if (!(await visitor.hearsOf(done[0]))) this.#count.split++;
    await visitor.someone.room.leave();
  }

  /** Counts acknowledged events that the log lacks, and clients that lack events of the log. */
  async compare(readers: readonly Reader[]): Promise<void> {
    const found = await eventsOf(this.#teachers[0]!.someone);
    this.#count.split += readers.filter((reader) => !reader.agreesWith(found)).length;
    const expected = this.#seen;
    found.forEach(({ seq }, i) => {
      if (seq !== i + 1) this.#count.broken++;
    });
    expected.forEach((event, i) => {
      if (!isDeepStrictEqual(found[i], event)) this.#count.lost++;
    });
    for (const [seq, asked] of this.#promised) {
      if (!isOf(asked, found[seq - 1])) this.#count.lost++;
    }
    this.#see(found);
  }

  /** Close codes of the disconnected clients. */
  get left(): readonly (number | undefined)[] {
    return this.#everyone.map(({ someone }) => someone.left[0]);
  }

  get #everyone(): readonly Reader[] {
    return [...this.#teachers, ...this.#onlookers];
  }

  /** Events that were broadcast count as acknowledged. */
  #note(): void {
    for (const reader of this.#everyone) this.#see(reader.hear());
  }

  #see(events: readonly LessonEvent[]): void {
    for (const event of events) {
      if (event.seq !== this.#seen.length + 1) continue;
      this.#seen.push(event);
      this.#lesson = apply(this.#lesson, event);
    }
  }

  /** Resolves to whether there was an answer. */
  #ask(asked: SentRequest, who: number | Reader): Promise<boolean> {
    this.#count.requests++;
    this.#unanswered.add(asked);
    return this.#send(asked, who);
  }

  async #send(asked: SentRequest, who: number | Reader): Promise<boolean> {
    const { room } = (typeof who === "number" ? this.#teachers[who % this.#teachers.length]! : who)
      .someone;
    try {
      const { seq } = (await room.request(asked.name as RequestName, asked.body as never, {
        timeout: 60_000, // ms
      })) as { seq: number };
      this.#count.acknowledged++;
      if (this.#promised.has(seq)) this.#count.twice++;
      this.#promised.set(seq, asked);
    } catch (error) {
      if ((error as Error).name !== "rejected") return false;
      this.#count.refused++;
    }
    this.#unanswered.delete(asked);
    return true;
  }

  /** A random request that is valid for one client's copy of the lesson; it may be too late. */
  #something(who: number): SentRequest {
    this.#note();
    const lesson = this.#lesson;
    const round = lesson.rounds.length - 1;
    const current = lesson.rounds.at(-1);
    const draw = this.#random.uniform();
    if (lesson.demonstrations.length === 0 || draw < 0.25) return this.#demonstration();
    const key = newKey();
    if (!current || draw < 0.28) {
      const policy = this.#world === "road" ? "fourier" : "softmax";
      return {
        name: "train",
        body: { key, plan: { policy, query: "every", budget: 40, drives: 1 } },
      };
    }
    // On the road it would take longer than a server runs here.
    if (draw < 0.3 && this.#world === "garden") return { name: "infer", body: { key } };
    if (draw < 0.33) {
      const { seq } = lesson.demonstrations[who % lesson.demonstrations.length]!;
      return { name: "forget", body: { key, demonstration: seq } };
    }
    const index = current.answers.length;
    if (index > 0 && draw < 0.45) return { name: "undo", body: { key, round, index: index - 1 } };
    const action = this.#world === "road" ? 2 * this.#random.uniform() - 1 : this.#random.below(4);
    return { name: "label", body: { key, round, index, action: [action] } };
  }

  #demonstration(): SentRequest {
    const episode = demonstrate(worlds[this.#world]!, this.#seed++);
    return { name: "demonstrate", body: { key: newKey(), episode } };
  }
}

/** Whether an event is the effect of a request. */
function isOf({ name, body }: SentRequest, event: LessonEvent | undefined): boolean {
  switch (name) {
    case "demonstrate":
      return event?.type === "demonstrated" && isDeepStrictEqual(event.episode, body.episode);
    case "forget":
      return event?.type === "forgotten" && event.demonstration === body.demonstration;
    case "label":
      return (
        event?.type === "labelled" &&
        event.round === body.round &&
        event.index === body.index &&
        isDeepStrictEqual(event.action, body.action)
      );
    case "undo":
      return event?.type === "undone" && event.round === body.round && event.index === body.index;
    case "train":
      return event?.type === "trained" && isDeepStrictEqual(event.plan, body.plan);
    case "infer":
      return event?.type === "inferred";
  }
}
