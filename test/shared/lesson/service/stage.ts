import { type LessonEvent, read } from "../../../../shared/lesson/fold.ts";
import { type Log, NotStored, type Spend, type Stretch } from "../../../../shared/lesson/log.ts";
import type { Progress } from "../../../../shared/lesson/protocol.ts";
import type { RequestName } from "../../../../shared/lesson/requests.ts";
import { LessonMemory } from "../../../../shared/lesson/service/lessonMemory.ts";
import type {
  Audience,
  Caller,
  Clock,
  Digest,
  Leader,
  Platform,
} from "../../../../shared/lesson/service/platform.ts";
import { LessonService } from "../../../../shared/lesson/service/service.ts";
import type { Order, Work } from "../../../../shared/lesson/service/work.ts";

/** Where scenarios are played: a store, and what a service stands on there. */
export interface Setting {
  readonly digest: Digest;
  /** Opens a log on the store. */
  open(): Promise<Log>;
  /** Work that is really done, on lessons of `log`. */
  work(log: Log): Work;
  /** Makes a stored event unreadable. */
  damage(lesson: string, seq: number): Promise<void>;
}

/** Something that happens to a lesson's service, and what is seen of it: plain data. */
export interface Scenario {
  readonly name: string;
  readonly play: (setting: Setting) => Promise<unknown>;
  readonly seen: unknown;
}

/** Everyone who has a lesson open, with all that they were told. */
export class Listeners implements Audience {
  isVacant = false;
  readonly events: LessonEvent[] = [];
  readonly progress: Progress[] = [];
  /** Names of requests that failed. */
  readonly failures: string[] = [];
  isWorking = false;

  wrote(event: LessonEvent, json: string): void {
    if (JSON.stringify(read(JSON.parse(json))) !== JSON.stringify(event))
      throw new Error("an event and its JSON differ");
    this.events.push(event);
  }

  progressed(progress: Progress): void {
    this.progress.push(progress);
  }

  working(isWorking: boolean): void {
    this.isWorking = isWorking;
  }

  failed(name: RequestName): void {
    this.failures.push(name);
  }

  get heard(): number[] {
    return this.events.map(({ seq }) => seq);
  }
}

/** A clock whose timers ring when they are told to, and whose turns come at once. */
export class Timers implements Clock {
  readonly #rings = new Set<() => void>();
  /** Who pays for each turn, in order. */
  readonly turns: Spend[] = [];

  after(_: number, ring: () => void): () => void {
    this.#rings.add(ring);
    return () => this.#rings.delete(ring);
  }

  async turn(spend: Spend): Promise<void> {
    this.turns.push(spend);
  }

  ring(): void {
    for (const ring of this.#rings) ring();
    this.#rings.clear();
  }
}

/** Work that waits until it is let go. */
export class HeldWork implements Work {
  readonly #work: Work;
  readonly held: { readonly name: string; readonly order: Order; go(error?: Error): void }[] = [];
  /** Of each piece of work that was asked for. */
  readonly names: string[] = [];

  constructor(work: Work) {
    this.#work = work;
  }

  train: Work["train"] = (task, pairs, order) =>
    this.#hold("train", order, () => this.#work.train(task, pairs, order));
  infer: Work["infer"] = (task, order) =>
    this.#hold("infer", order, () => this.#work.infer(task, order));
  race: Work["race"] = (task, order) =>
    this.#hold("race", order, () => this.#work.race(task, order));
  lag: Work["lag"] = (task, order) => this.#hold("lag", order, () => this.#work.lag(task, order));

  /** Lets the next work go that is asked for, or was; or lets it fail. */
  async go(error?: Error): Promise<void> {
    await until(() => this.held.length > 0);
    this.held.shift()!.go(error);
  }

  #hold<Result>(name: string, order: Order, work: () => Promise<Result>): Promise<Result> {
    this.names.push(name);
    return new Promise<Result>((resolve, reject) => {
      const go = (error?: Error) => (error ? reject(error) : work().then(resolve, reject));
      this.held.push({ name, order, go });
      order.signal?.addEventListener("abort", () => reject(order.signal!.reason));
    });
  }
}

/** A log whose store takes nothing while it is full, forgets policies where it is told to, and may be slow. */
export class FickleLog {
  isFull = false;
  /** Happens after each stretch that is read. */
  meanwhile = () => {};
  keepsPolicies = true;
  readonly log: Log;

  constructor(log: Log) {
    this.log = {
      epoch: log.epoch,
      create: (...args) => log.create(...args),
      isOwner: (...args) => log.isOwner(...args),
      stretches: (...args) => this.#stretches(log.stretches(...args)),
      stretch: (...args) => log.stretch(...args),
      find: (...args) => log.find(...args),
      policy: async (...args) => (this.keepsPolicies ? log.policy(...args) : undefined),
      keepPolicy: (...args) => log.keepPolicy(...args),
      append: async (...args) => {
        if (this.isFull) throw new NotStored("There is no room.");
        return log.append(...args);
      },
    };
  }

  async *#stretches(stretches: AsyncIterable<Stretch>) {
    for await (const stretch of stretches) {
      yield stretch;
      this.meanwhile();
    }
  }
}

export const owner: Caller = { owner: true, address: "here", spend() {}, isReading: false };
export const onlooker: Caller = { owner: false, address: "there", spend() {}, isReading: false };

/** What a service stands on, which lets all work go at once unless other work is given. */
export function platformOn(setting: Setting, log: Log, part: Partial<Platform> = {}): Platform {
  return {
    log,
    work: setting.work(log),
    clock: new Timers(),
    digest: setting.digest,
    memory: new LessonMemory(1e9),
    bounds: { lessonSize: 1e8, idle: 1000 },
    ...part,
  };
}

/** A lesson's service, and who listens to it. */
export interface Opened {
  readonly service: LessonService;
  readonly listeners: Listeners;
  /** What a request comes to: the answer, or the code of the refusal. */
  ask(name: RequestName, body: object, caller?: Caller): Promise<unknown>;
}

/** @throws Error where there is no such lesson */
export async function opened(
  id: string,
  platform: Platform,
  leader: Leader | null = null,
): Promise<Opened> {
  const listeners = new Listeners();
  const service = await LessonService.open(id, platform, listeners, () => {}, leader);
  if (!service) throw new Error("there is no such lesson");
  const ask: Opened["ask"] = async (name, body, caller = owner) => {
    const answer = await service.ask(name, body, caller);
    return "code" in answer ? answer.code : answer;
  };
  return { service, listeners, ask };
}

/** All events of a lesson, as they are stored. */
export async function storedIn(log: Log, lesson: string): Promise<LessonEvent[]> {
  const events: LessonEvent[] = [];
  for await (const { rows, last } of log.stretches(lesson))
    for (const [i, { at, body }] of rows.entries())
      events.push({ seq: last - rows.length + 1 + i, at, ...JSON.parse(body) });
  return events;
}

/** Waits until something is so. @throws Error where it never is */
export async function until(isSo: () => boolean): Promise<void> {
  const began = performance.now();
  while (!isSo()) {
    if (performance.now() - began > 20_000) throw new Error(`never: ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

let keys = 0;
/** A key that no request had before. */
export function newKey(): string {
  return `service-test-${keys++}`;
}
