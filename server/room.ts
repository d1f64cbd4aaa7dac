import {
  type AuthContext,
  type Client,
  ClientState,
  ErrorCode,
  type MessageContext,
  matchMaker,
  Room,
  ServerError,
} from "@colyseus/core";
import type { WebSocketClient } from "@colyseus/ws-transport";
import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import {
  apply,
  emptyLesson,
  type Lesson,
  type LessonEvent,
  lessonAt,
  type NewEvent,
  type Round,
} from "../shared/lesson.ts";
import {
  type Done,
  type Entry,
  type EventMessage,
  entry,
  eventMessage,
  isOpen,
  isRefusal,
  type LearnedPolicy,
  type Page,
  type Progress,
  pageSize,
  progressMessage,
  type Race,
  type Refusal,
  type Request,
  type RequestName,
  requests,
  rules,
} from "../shared/protocol.ts";
import { type Log, NotStored, Unreadable } from "./log.ts";
import type { Reports } from "./reports.ts";
import type { Limits } from "./settings.ts";
import type { Order, Stage, Workers } from "./workers.ts";

type LessonClient = Client<{
  messages: { [eventMessage]: EventMessage; [progressMessage]: Progress };
  /** Whether this is who began the lesson, and whether they are being answered with a page of it. */
  userData: { owner: boolean; reading: boolean };
}>;

/** What the client gives and what the server gives. */
interface Options extends Partial<Entry> {
  readonly log: Log;
  readonly workers: Workers;
  readonly limits: Limits;
  readonly reports: Reports;
}

/** Bytes waiting to be sent past which a client is not listening. */
const deaf = 2 * 1024 * 1024;
/** Milliseconds that a client may take to say that it has entered. */
const entering = 10_000;

/** What work came to: an event, with the policy that it brought about, if any. */
type Outcome = { readonly event: NewEvent; readonly policy?: string } | Refusal;

/** Training or inference that is under way. */
interface Work {
  readonly name: Progress["work"];
  readonly key: string;
  readonly done: Promise<Done | Refusal>;
  readonly stop: AbortController;
}

/**
 * One lesson, for everyone who has its address. The room is a view of the lesson's log and may be
 * thrown away at any time: a change is written first, then taken in, then told to everyone, and only
 * then acknowledged to whoever asked.
 */
export class LessonRoom extends Room<{ client: LessonClient }> {
  /** Of a state that there is not. Colyseus looks at 0 sixty times a second. */
  override patchRate = 3_600_000; // ms
  #id = "";
  #log!: Log;
  #workers!: Workers;
  #limits!: Limits;
  #reports!: Reports;
  #messages!: RateLimiterMemory;
  /** As far as it is in memory; null where it would have to be read again. */
  #inMemory: Lesson | null = null;
  #idle: NodeJS.Timeout | undefined;
  /** Bytes of its events. */
  #size = 0;
  #work: Work | null = null;
  #racing = false;
  #lastTurn: Promise<unknown> = Promise.resolve();

  override messages = {
    events: this.#serve("events", ({ since }, client) => this.#page(since, client)),
    deal: this.#serve("deal", (request) =>
      this.#change(request.key, (lesson) => rules.deal(lesson, request)),
    ),
    demonstrate: this.#serve("demonstrate", (request) =>
      this.#change(request.key, (lesson) => rules.demonstrate(lesson, request)),
    ),
    forget: this.#serve("forget", (request) =>
      this.#change(request.key, (lesson) => rules.forget(lesson, request)),
    ),
    label: this.#serve("label", (request) =>
      this.#change(request.key, (lesson) => this.#training() ?? rules.label(lesson, request)),
    ),
    undo: this.#serve("undo", (request) =>
      this.#change(request.key, (lesson) => this.#training() ?? rules.undo(lesson, request)),
    ),
    intervene: this.#serve("intervene", (request) =>
      this.#change(request.key, (lesson) => this.#training() ?? rules.intervene(lesson, request)),
    ),
    shadow: this.#serve("shadow", (request) =>
      this.#change(request.key, (lesson) => this.#training() ?? rules.shadow(lesson, request)),
    ),
    retract: this.#serve("retract", (request) =>
      this.#change(request.key, (lesson) => this.#training() ?? rules.retract(lesson, request)),
    ),
    policy: this.#serve("policy", () => this.#policy()),
    train: this.#serve("train", (request) =>
      this.#start(
        "train",
        request.key,
        (lesson) => rules.train(lesson, request),
        async (lesson, stop) => {
          // The seed follows from the log, so that a replay arrives at the same policy.
          const task = { lesson, plan: request.plan, seed: lesson.seq };
          const order = this.#order("train", request.key, stop);
          const trained = await this.#workers.train(task, order);
          if (isRefusal(trained)) return trained;
          const { turn, policy } = trained;
          return { event: { type: "trained", basis: lesson.seq, ...turn }, policy };
        },
      ),
    ),
    infer: this.#serve("infer", (request) =>
      this.#start("infer", request.key, rules.infer, async (lesson, stop) => {
        const order = this.#order("infer", request.key, stop);
        const inference = await this.#workers.infer({ lesson }, order);
        if (isRefusal(inference)) return inference;
        return { event: { type: "inferred", basis: lesson.seq, ...inference } };
      }),
    ),
    stop: this.#serve("stop", async ({ key }) => {
      if (this.#work?.key === key) this.#work.stop.abort();
      return {};
    }),
    race: this.#serve("race", ({ seed }) => this.#race(seed)),
    /** Anything else. Without this, Colyseus would throw the sender out. */
    _: async (client: LessonClient, type: string) => {
      if (await this.#tooMany(client)) return;
      client.error(ErrorCode.INVALID_PAYLOAD, `There is no request "${type}".`);
    },
  };

  /** The door: asked before a room is looked for, so that every room has an address to be found by. */
  static override async onAuth(_token: string, options: unknown, _context: AuthContext) {
    const { success } = entry.safeParse(options);
    if (!success) throw new ServerError(400, "This is not the address of a lesson.");
    return true;
  }

  override async onCreate({ lesson = "", log, workers, limits, reports }: Options) {
    if (matchMaker.stats.local.roomCount >= limits.rooms)
      throw new ServerError(503, "Too many lessons are open; try again in a minute.");
    this.#id = lesson;
    this.#log = log;
    this.#workers = workers;
    this.#limits = limits;
    this.#reports = reports;
    this.#messages = new RateLimiterMemory({ points: limits.messages, duration: 10 });
    const { seq } = await this.#inTurn(() => this.#lesson()).catch((error) => {
      if (error instanceof Unreadable) throw new ServerError(410, error.message);
      throw error;
    });
    if (seq === 0) throw new ServerError(404, "There is no lesson at this address.");
    this.#size = await log.size(lesson);
  }

  override async onJoin(client: LessonClient, { secret }: Entry) {
    try {
      const owner = await this.#log.isOwner(this.#id, secret);
      client.userData = { owner, reading: false };
      this.#reports.joined(this.#id, owner);
    } catch (error) {
      // Whose own words Colyseus would pass on.
      this.#reports.failed("join", error, this.#id);
      throw new ServerError(500, unable.reason);
    }
    // Until it has said that it is here, what it is told is kept for it.
    setTimeout(() => {
      if (client.state === ClientState.JOINING) hangUp(client);
    }, entering);
  }

  override onLeave(_client: LessonClient, code?: number) {
    this.#reports.left(this.#id, code);
  }

  override onBeforeShutdown() {
    super.onBeforeShutdown();
    // Colyseus forgets to dispose of a room that was kept for its work a moment ago.
    const room = this as unknown as { resetAutoDisposeTimeout(seconds: number): void };
    room.resetAutoDisposeTimeout(0.01);
  }

  override async onDispose() {
    await this.#lastTurn;
    clearTimeout(this.#idle);
  }

  /**
   * A request's handler: checks the message's form, serves it, and says why where it doesn't. What
   * goes wrong in here is one request's misfortune, never the room's.
   */
  #serve<K extends RequestName, Answer extends object>(
    name: K,
    serve: (request: Request<K>, client: LessonClient) => Promise<Answer | Refusal>,
  ) {
    return async (client: LessonClient, body: Request<K>, context: MessageContext) => {
      const began = performance.now();
      const answer = await this.#answer(name, serve, client, body);
      const refused = isRefusal(answer);
      const refusal = refused ? answer : null;
      this.#reports.answered(this.#id, name, refusal, performance.now() - began);
      return refused ? context.reject<Refusal>(answer) : answer;
    };
  }

  async #answer<K extends RequestName, Answer extends object>(
    name: K,
    serve: (request: Request<K>, client: LessonClient) => Promise<Answer | Refusal>,
    client: LessonClient,
    body: unknown,
  ): Promise<Answer | Refusal> {
    const excess = await this.#tooMany(client);
    if (excess) return excess;
    if (!client.userData!.owner && !isOpen(name)) return notYours;
    const request = requests[name].safeParse(body);
    if (!request.success) {
      const { path, message } = request.error.issues[0]!;
      return { code: "malformed", reason: `${path.join(".") || name}: ${message}.` };
    }
    try {
      return await serve(request.data as Request<K>, client);
    } catch (error) {
      if (error instanceof NotStored) return { code: "not-stored", reason: error.message };
      if (error instanceof Unreadable) return { code: "damaged", reason: error.message };
      // Work is broken off with the threads that do it.
      const ending = matchMaker.state === matchMaker.MatchMakerState.SHUTTING_DOWN;
      if (!ending) this.#reports.failed(name, error, this.#id);
      return unable;
    }
  }

  /** Why a message has to wait; null while its sender keeps within bounds. */
  async #tooMany(client: LessonClient): Promise<Refusal | null> {
    // Answers to whoever has not entered, or does not read them, would pile up here.
    if (client.state !== ClientState.JOINED || isDeaf(client)) hangUp(client);
    try {
      await this.#messages.consume(client.sessionId);
      return null;
    } catch (excess) {
      // So do refusals.
      const { consumedPoints } = excess as RateLimiterRes;
      if (consumedPoints > 10 * this.#limits.messages) hangUp(client);
      return tooFast;
    }
  }

  /** One page at a time, and the next once that one is on its way. */
  async #page(since: number, client: LessonClient): Promise<Page | Refusal> {
    const reader = client.userData!;
    if (reader.reading || socketOf(client).bufferedAmount > pageSize) return tooFast;
    reader.reading = true;
    try {
      const page = await this.#log.page(this.#id, since, pageSize);
      return { ...page, owner: reader.owner };
    } finally {
      reader.reading = false;
    }
  }

  /** Makes what `decide` says an event of the lesson, unless that has been done under this key. */
  #change(key: string, decide: (lesson: Lesson) => NewEvent | Refusal): Promise<Done | Refusal> {
    return this.#inTurn(() => this.#write(key, decide));
  }

  async #write(
    key: string,
    decide: (lesson: Lesson) => NewEvent | Refusal,
    policy?: string,
  ): Promise<Done | Refusal> {
    for (;;) {
      const lesson = await this.#lesson();
      const full = this.#size >= 1e6 * this.#limits.lessonSize;
      const event = full ? tooLarge : decide(lesson);
      if (!isRefusal(event)) {
        const stored = await this.#log.append(this.#id, lesson.seq + 1, key, event, policy);
        if (stored) {
          this.#take(stored);
          this.#reports.wrote(stored.type);
          this.#size += JSON.stringify(event).length;
          return { seq: stored.seq };
        }
      }
      // It may have been done already, which may be why it cannot be done.
      const seq = await this.#log.find(this.#id, key);
      if (seq !== undefined) return { seq };
      if (isRefusal(event)) return event;
      // Another process owned this lesson for a moment, and wrote. Look at what it wrote.
      for (const event of await this.#log.events(this.#id, lesson.seq)) this.#take(event);
    }
  }

  /**
   * Starts work in a worker thread, which lasts as long as it takes while the room goes on, and
   * makes its result an event. The same key again joins the work under way.
   */
  async #start(
    name: Work["name"],
    key: string,
    refuse: (lesson: Lesson) => Refusal | null,
    work: (lesson: Lesson, stop: AbortSignal) => Promise<Outcome>,
  ): Promise<Done | Refusal> {
    const started = await this.#inTurn(async () => {
      const seq = await this.#log.find(this.#id, key);
      if (seq !== undefined) return { done: { seq } };
      if (this.#work?.key === key) return this.#work;
      const lesson = await this.#lesson();
      const refusal = this.#busy() ?? refuse(lesson);
      if (refusal) return { done: refusal };
      const stop = new AbortController();
      const done = this.#finish(name, key, work(lesson, stop.signal), stop.signal);
      this.#work = { name, key, done, stop };
      return this.#work;
    });
    return started.done;
  }

  async #finish(
    name: Work["name"],
    key: string,
    work: Promise<Outcome>,
    stop: AbortSignal,
  ): Promise<Done | Refusal> {
    // Someone who closes the page while the learner trains will find it trained.
    this.autoDispose = false;
    await Promise.allSettled([work]);
    return this.#inTurn(async () => {
      try {
        if (stop.aborted) return { code: "stopped", reason: "Stopped. The lesson is as it was." };
        const outcome = await work;
        if (isRefusal(outcome)) return outcome;
        return await this.#write(key, () => outcome.event, outcome.policy);
      } finally {
        this.#work = null;
        this.autoDispose = true;
        this.broadcast(progressMessage, { work: name, share: null });
      }
    });
  }

  /** Lets the first round's learner and the last one's drive on `seed`; one race at a time. */
  async #race(seed: number): Promise<Race | Refusal> {
    const lesson = await this.#inTurn(() => this.#lesson());
    const { world, rounds } = lesson;
    const refusal = rules.race(lesson, { seed });
    if (refusal) return refusal;
    if (this.#racing)
      return { code: "busy", reason: "Another race is about to start; wait for it." };
    this.#racing = true;
    try {
      const racers: { round: number; policy: string }[] = [];
      for (const round of new Set([0, rounds.length - 1])) {
        const policy = await this.#policyOf(rounds[round]!);
        if (typeof policy !== "string") return policy;
        racers.push({ round, policy });
      }
      return await this.#workers.race({ world, seed, racers }, { lesson: this.#id });
    } finally {
      this.#racing = false;
    }
  }

  /** What the last round learned, for whoever wants to drive with it. */
  async #policy(): Promise<LearnedPolicy | Refusal> {
    const lesson = await this.#inTurn(() => this.#lesson());
    const refusal = rules.policy(lesson);
    if (refusal) return refusal;
    const round = lesson.rounds.length - 1;
    const json = await this.#policyOf(lesson.rounds[round]!);
    return typeof json === "string" ? { round, json } : json;
  }

  /** What a round learned, as JSON; it follows from the log where it is no longer kept. */
  async #policyOf({ seq, basis, plan, seed }: Round): Promise<string | Refusal> {
    const kept = await this.#log.policy(this.#id, seq);
    if (kept !== undefined) return kept;
    const lesson = lessonAt(await this.#log.events(this.#id), basis);
    const trained = await this.#workers.train({ lesson, plan, seed }, { lesson: this.#id });
    return isRefusal(trained) ? trained : trained.policy;
  }

  #busy(): Refusal | null {
    if (!this.#work) return null;
    const doing =
      this.#work.name === "train" ? "The learner is training" : "The reward is computed";
    return { code: "busy", reason: `${doing}; wait until it is done.` };
  }

  /** Why answers have to wait: they are about a round that is about to pass. */
  #training(): Refusal | null {
    return this.#work?.name === "train" ? this.#busy() : null;
  }

  #order(work: Progress["work"], key: string, signal: AbortSignal): Order {
    const tell = (stage: Stage) => this.broadcast(progressMessage, { work, key, ...stage });
    return { lesson: this.#id, tell, signal };
  }

  /** Everything that reads the lesson in order to change it happens one at a time, in order of arrival. */
  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      this.#inMemory = null;
    }, 1000 * this.#limits.idle);
    const turn = this.#lastTurn.then(task);
    this.#lastTurn = turn.catch(() => {});
    return turn;
  }

  /** The lesson, read from the log where nobody has asked for anything for a while. In turn only. */
  async #lesson(): Promise<Lesson> {
    this.#inMemory ??= (await this.#log.events(this.#id)).reduce(apply, emptyLesson);
    return this.#inMemory;
  }

  #take(event: LessonEvent): void {
    this.#inMemory &&= apply(this.#inMemory, event);
    this.broadcast(eventMessage, event);
    // They will come back, and catch up.
    for (const client of this.clients) if (isDeaf(client)) hangUp(client);
  }
}

const notYours: Refusal = {
  code: "not-yours",
  reason: "You are looking on: only who began this lesson can teach in it.",
};

const unable: Refusal = { code: "failed", reason: "The server could not do this." };

const tooFast: Refusal = {
  code: "too-many",
  reason: "You are asking too fast; wait a few seconds.",
};

const tooLarge: Refusal = {
  code: "full",
  reason: "This lesson has reached its size; start another.",
};

function isDeaf(client: LessonClient): boolean {
  return socketOf(client).bufferedAmount > deaf;
}

function hangUp(client: LessonClient): void {
  socketOf(client).terminate();
}

/** The websocket behind a client; there are no others than those of this transport. */
function socketOf(client: LessonClient): WebSocketClient["ref"] {
  return (client as unknown as WebSocketClient).ref;
}
