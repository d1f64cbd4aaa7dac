import { prolongation } from "../events/prolonged.ts";
import type { Lesson } from "../lesson.ts";
import { jsonOfAll, NotStored, type Spend, Unreadable } from "../log.ts";
import { type Done, type LearnedPolicy, type Page, pageSize, type Race } from "../protocol.ts";
import { isRefusal, type Refusal } from "../refusal.ts";
import {
  type ChangeName,
  changes,
  decide,
  type InstantName,
  instantNames,
  isOpen,
  type Request,
  type RequestName,
  refuseWork,
  requests,
} from "../requests.ts";
import { type Assignment, CurrentJob, inference, training } from "./job.ts";
import { Learned } from "./learned.ts";
import { type Change, OpenLesson, type Tell } from "./openLesson.ts";
import type { Audience, Caller, Leader, Platform } from "./platform.ts";
import { anotherRace, malformed, notYours, stopped, tooFast, unable } from "./refusals.ts";
import type { Order } from "./work.ts";

/** What requests are answered with that do not become an event. */
interface Answers {
  readonly events: Page;
  readonly policy: LearnedPolicy;
  readonly race: Race;
  readonly stop: object;
}

/** What a request is answered with where it is not refused. */
export type Answer<K extends RequestName> = K extends keyof Answers ? Answers[K] : Done;

type Handler<K extends RequestName> = (
  request: Request<K>,
  caller: Caller,
) => Promise<Answer<K> | Refusal>;

type Handlers<N extends RequestName> = { readonly [K in N]: Handler<K> };

/**
 * One lesson, for everyone who has its address. It is a view of the lesson's log and may be thrown
 * away at any time: a change is written first, then taken in, then told to everyone, and only then
 * acknowledged to whoever asked.
 */
export class LessonService {
  readonly #platform: Platform;
  readonly #audience: Audience;
  readonly #leader: Leader | null;
  readonly #lesson: OpenLesson;
  readonly #job: CurrentJob;
  readonly #learned: Learned;
  /** Ends what nobody can want any more once the lesson is closed. */
  readonly #closed = new AbortController();
  readonly #reading = new WeakSet<Caller>();
  readonly #racing = new WeakSet<Caller>();

  private constructor(
    lesson: OpenLesson,
    platform: Platform,
    audience: Audience,
    leader: Leader | null,
  ) {
    this.#platform = platform;
    this.#audience = audience;
    this.#leader = leader;
    this.#lesson = lesson;
    this.#job = new CurrentJob(lesson, audience);
    this.#learned = new Learned(platform);
  }

  /**
   * Opens the lesson at an address; null where there is none.
   * @param spend told what the main thread did for whoever opens it
   * @param leader null where nobody leads it
   * @throws Unreadable where it is damaged
   */
  static async open(
    id: string,
    platform: Platform,
    audience: Audience,
    spend: Spend,
    leader: Leader | null = null,
  ): Promise<LessonService | null> {
    const tell: Tell = (event, json, lesson) => {
      audience.wrote(event, json);
      leader?.hear(lesson);
    };
    const lesson = await OpenLesson.at(id, platform, tell, spend);
    return lesson && new LessonService(lesson, platform, audience, leader);
  }

  /** Its address. */
  get id(): string {
    return this.#lesson.id;
  }

  /** Whether it trains or infers something. */
  get isWorking(): boolean {
    return this.#job.isUnderWay;
  }

  /** Stops what it trains or infers; whoever comes back may ask for it again. */
  abandon(): void {
    this.#job.stop();
  }

  /** Waits for what is being written. */
  close(): Promise<void> {
    this.#closed.abort();
    return this.#lesson.close();
  }

  /** Takes in, and tells, what another process has written. @throws Unreadable */
  async catchUp({ spend }: Pick<Caller, "spend">): Promise<void> {
    await this.#lesson.inTurn(spend, () => this.#lesson.caughtUp(spend));
  }

  /** Gives it as many rounds as this, if its plan has fewer. @throws NotStored, Unreadable */
  async prolong(rounds: number, { spend }: Pick<Caller, "spend">): Promise<void> {
    await this.#lesson.inTurn(spend, () => this.#lesson.write(...prolongation(rounds, spend)));
  }

  /** The lesson as it stands, at the cost of whoever asks. @throws Unreadable */
  look({ spend }: Pick<Caller, "spend">): Promise<Lesson> {
    return this.#lesson.inTurn(spend, () => this.#lesson.now(spend));
  }

  /** Serves a request, or says why not. What goes wrong is the request's misfortune, never the lesson's. */
  async ask<K extends RequestName>(
    name: K,
    body: unknown,
    caller: Caller,
  ): Promise<Answer<K> | Refusal> {
    try {
      if (!caller.owner && !isOpen(name)) return notYours;
      const request = requests[name].safeParse(body);
      if (!request.success) {
        const { path, message } = request.error.issues[0]!;
        return malformed(path.join(".") || name, message);
      }
      return await this.#handlers[name](request.data as Request<K>, caller);
    } catch (error) {
      if (error instanceof NotStored) return { code: "not-stored", reason: error.message };
      if (error instanceof Unreadable) return { code: "damaged", reason: error.message };
      this.#audience.failed(name, error);
      return unable;
    }
  }

  readonly #handlers: Handlers<RequestName> = {
    ...this.#instant(),
    events: ({ since }, caller) => this.#reads(caller, () => this.#page(since, caller)),
    policy: (_, caller) => this.#reads(caller, () => this.#policy(caller)),
    race: ({ seed }, caller) => this.#race(seed, caller),
    stop: async ({ key }) => {
      this.#job.stop(key);
      return {};
    },
    train: (request, caller) =>
      this.#work(request, caller, training(this.#platform.work, request, this.#orderOf(caller))),
    infer: (request, caller) =>
      this.#work(request, caller, inference(this.#platform.work, request, this.#orderOf(caller))),
    shadow: (request, caller) => this.#shadow(request, caller),
  };

  /** The handlers of all requests that become an event as soon as they are decided. */
  #instant(): Handlers<InstantName> {
    const handler = <N extends InstantName>(name: N) => {
      const { corrects } = changes[name].request;
      return async (request: Request<N>, caller: Caller): Promise<Done | Refusal> => {
        const change = this.#changeOf(name, request, caller);
        return this.#lesson.inTurn(caller.spend, async () =>
          this.#lesson.write(
            await change,
            (lesson) =>
              // Under a plan nobody could show again what is being learned from.
              (corrects || (name === "forget" && lesson.plan) ? this.#job.training : null) ??
              this.#unlessHeld(lesson, name, decide(name, lesson, request))!,
          ),
        );
      };
    };
    const entries = instantNames.map((name) => [name, handler(name)]);
    return Object.fromEntries(entries) as Handlers<InstantName>;
  }

  #work(
    request: { readonly key: string },
    caller: Caller,
    { name, refuse, work }: Assignment,
  ): Promise<Done | Refusal> {
    return this.#job.start(this.#changeOf(name, request, caller), caller.spend, {
      name,
      refuse: (lesson) => this.#unlessHeld(lesson, name, refuse(lesson)),
      work,
    });
  }

  #unlessHeld<D extends object>(lesson: Lesson, name: ChangeName, decided: D | null) {
    const refused = decided && isRefusal(decided) ? decided : null;
    return this.#leader?.hold(lesson, name, refused) ?? decided;
  }

  /** Takes what was steered beside a drive, once it is known how late the hands were. */
  #shadow(request: Request<"shadow">, caller: Caller): Promise<Done | Refusal> {
    const change = this.#changeOf("shadow", request, caller);
    const { drive, actions, speed } = request;
    // What the same person asks for next comes after it.
    return this.#lesson.inTurn(caller.spend, async () => {
      const lesson = await this.#lesson.caughtUp(caller.spend);
      const done = await this.#lesson.done(await change);
      if (done) return done;
      const refusal =
        this.#job.training ??
        this.#unlessHeld(lesson, "shadow", refuseWork("shadow", lesson, request));
      if (refusal) return refusal;
      const episode = lesson.rounds.at(-1)!.episodes[drive]!;
      const lag = await this.#untilClosed(caller, (order) =>
        this.#platform.work.lag({ episode, actions, speed }, order),
      );
      if (typeof lag !== "number") return lag;
      return this.#lesson.write(await change, (now) => changes.shadow.decide(now, request, lag));
    });
  }

  /** One race at a time for each who asks. */
  async #race(seed: number, caller: Caller): Promise<Race | Refusal> {
    if (this.#racing.has(caller)) return anotherRace;
    this.#racing.add(caller);
    try {
      return await this.#untilClosed(caller, async (order) =>
        this.#learned.race(await this.look(caller), seed, order),
      );
    } finally {
      this.#racing.delete(caller);
    }
  }

  #policy(caller: Caller): Promise<LearnedPolicy | Refusal> {
    return this.#untilClosed(caller, async (order) =>
      this.#learned.last(await this.look(caller), order),
    );
  }

  /** Does what a caller ordered, and breaks it off when the lesson closes. */
  async #untilClosed<T>(
    caller: Caller,
    work: (order: Order) => Promise<T>,
  ): Promise<T | typeof stopped> {
    const { signal } = this.#closed;
    try {
      return await work({ ...this.#orderOf(caller), signal });
    } catch (error) {
      if (signal.aborted) return stopped;
      throw error;
    }
  }

  async #page(since: number, { owner }: Caller): Promise<Page> {
    const { log } = this.#platform;
    const { rows, last, more } = await log.stretch(this.id, since, pageSize);
    return { events: jsonOfAll(rows, last), more, epoch: log.epoch, owner };
  }

  /** Reads something large: one thing at a time for each who asks, and the next once that has arrived. */
  async #reads<T>(caller: Caller, read: () => Promise<T>): Promise<T | Refusal> {
    if (this.#reading.has(caller) || caller.isReading) return tooFast;
    this.#reading.add(caller);
    try {
      return await read();
    } finally {
      this.#reading.delete(caller);
    }
  }

  /** A request's name and body are told apart by a hash, so that its key is not used for another. */
  async #changeOf(
    name: RequestName,
    request: { readonly key: string },
    { spend }: Caller,
  ): Promise<Change> {
    const print = await this.#platform.digest(`${name} ${JSON.stringify(request)}`);
    return { key: request.key, print, spend };
  }

  #orderOf({ owner, address, spend }: Caller): Order {
    // Who looks on must not use up the time in which the owner trains.
    const payer = owner ? this.id : address;
    return { lesson: this.id, address, payer, isWanted: () => !this.#audience.isVacant, spend };
  }
}
