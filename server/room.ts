import {
  type AuthContext,
  ErrorCode,
  type MessageContext,
  matchMaker,
  Room,
  ServerError,
} from "@colyseus/core";
import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import {
  type Lesson,
  type LessonEvent,
  lessonAt,
  type NewEvent,
  type Round,
} from "../shared/lesson.ts";
import {
  type Done,
  type Entry,
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
import {
  addressOf,
  expectToEnter,
  hangUp,
  isAbsent,
  isDeaf,
  isReading,
  type LessonClient,
} from "./client.ts";
import { type Log, NotStored, Unreadable } from "./log.ts";
import { type Decision, OpenLesson } from "./openLesson.ts";
import type { Reports } from "./reports.ts";
import type { Limits } from "./settings.ts";
import { sha256 } from "./sha256.ts";
import type { Order, Stage, Workers } from "./workers.ts";

/** What the client gives and what the server gives. */
interface Options extends Partial<Entry> {
  readonly log: Log;
  readonly workers: Workers;
  readonly limits: Limits;
  readonly reports: Reports;
}

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
  #lesson!: OpenLesson;
  #log!: Log;
  #workers!: Workers;
  #limits!: Limits;
  #reports!: Reports;
  #messages!: RateLimiterMemory;
  #work: Work | null = null;
  /** What work came to that the disk did not take, for whoever asks for it again. */
  #unwritten: { readonly key: string; readonly outcome: Outcome } | null = null;

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
    policy: this.#serve("policy", (_, client) => this.#reading(client, () => this.#policy(client))),
    train: this.#serve("train", (request, client) =>
      this.#start(
        "train",
        request.key,
        (lesson) => rules.train(lesson, request),
        async (lesson, stop) => {
          // The seed follows from the log, so that a replay arrives at the same policy.
          const task = { lesson, plan: request.plan, seed: lesson.seq };
          const order = this.#order("train", request.key, client, stop);
          const trained = await this.#workers.train(task, order);
          if (isRefusal(trained)) return trained;
          const { turn, policy } = trained;
          return { event: { type: "trained", basis: lesson.seq, ...turn }, policy };
        },
      ),
    ),
    infer: this.#serve("infer", (request, client) =>
      this.#start("infer", request.key, rules.infer, async (lesson, stop) => {
        const order = this.#order("infer", request.key, client, stop);
        const inference = await this.#workers.infer({ lesson }, order);
        if (isRefusal(inference)) return inference;
        return { event: { type: "inferred", basis: lesson.seq, ...inference } };
      }),
    ),
    stop: this.#serve("stop", async ({ key }) => {
      if (this.#work?.key === key) this.#work.stop.abort();
      return {};
    }),
    race: this.#serve("race", ({ seed }, client) => this.#race(seed, client)),
    /** Anything else. Without this, Colyseus would throw the sender out. */
    _: async (client: LessonClient) => {
      if (await this.#tooMany(client)) return;
      client.error(ErrorCode.INVALID_PAYLOAD, "There is no such request.");
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
    this.#log = log;
    this.#workers = workers;
    this.#limits = limits;
    this.#reports = reports;
    this.#messages = new RateLimiterMemory({ points: limits.messages, duration: 10 });
    const found = await OpenLesson.at(lesson, log, limits, (event) => this.#tell(event)).catch(
      (error) => {
        throw error instanceof Unreadable ? new ServerError(410, error.message) : error;
      },
    );
    if (!found) throw new ServerError(404, "There is no lesson at this address.");
    this.#lesson = found;
  }

  override async onJoin(client: LessonClient, { secret }: Entry) {
    try {
      const owner = await this.#log.isOwner(this.#lesson.id, secret);
      client.userData = { owner, reading: false, racing: false };
      this.#reports.joined(this.#lesson.id, owner);
    } catch (error) {
      // Whose own words Colyseus would pass on.
      this.#reports.failed("join", error, this.#lesson.id);
      throw new ServerError(500, unable.reason);
    }
    expectToEnter(client);
  }

  override onLeave(_client: LessonClient, code?: number) {
    this.#reports.left(this.#lesson.id, code);
  }

  override onBeforeShutdown() {
    super.onBeforeShutdown();
    // Colyseus forgets to dispose of a room that was kept for its work a moment ago.
    const room = this as unknown as { resetAutoDisposeTimeout(seconds: number): void };
    room.resetAutoDisposeTimeout(0.01);
  }

  override async onDispose() {
    await this.#lesson.close();
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
      this.#reports.answered(this.#lesson.id, name, refusal, performance.now() - began);
      return refused ? context.reject<Refusal>(answer) : answer;
    };
  }

  async #answer<K extends RequestName, Answer extends object>(
    name: K,
    serve: (request: Request<K>, client: LessonClient) => Promise<Answer | Refusal>,
    client: LessonClient,
    body: unknown,
  ): Promise<Answer | Refusal> {
    try {
      const excess = await this.#tooMany(client);
      if (excess) return excess;
      if (!client.userData!.owner && !isOpen(name)) return notYours;
      const request = requests[name].safeParse(body);
      if (!request.success) {
        const { path, message } = request.error.issues[0]!;
        return { code: "malformed", reason: `${path.join(".") || name}: ${message}.` };
      }
      return await serve(request.data as Request<K>, client);
    } catch (error) {
      if (error instanceof NotStored) return { code: "not-stored", reason: error.message };
      if (error instanceof Unreadable) return { code: "damaged", reason: error.message };
      // Work is broken off with the threads that do it.
      const ending = matchMaker.state === matchMaker.MatchMakerState.SHUTTING_DOWN;
      if (!ending) this.#reports.failed(name, error, this.#lesson.id);
      return unable;
    }
  }

  /** Why a message has to wait; null while its sender keeps within bounds. */
  async #tooMany(client: LessonClient): Promise<Refusal | null> {
    if (isAbsent(client)) hangUp(client);
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

  #page(since: number, client: LessonClient): Promise<Page | Refusal> {
    return this.#reading(client, async () => {
      const page = await this.#log.page(this.#lesson.id, since, pageSize);
      return { ...page, owner: client.userData!.owner };
    });
  }

  /** Reads something large for a client: one thing at a time, and the next once that one is on its way. */
  async #reading<Answer extends object>(
    client: LessonClient,
    read: () => Promise<Answer | Refusal>,
  ): Promise<Answer | Refusal> {
    if (isReading(client)) return tooFast;
    const reader = client.userData!;
    reader.reading = true;
    try {
      return await read();
    } finally {
      reader.reading = false;
    }
  }

  #change(key: string, decide: Decision): Promise<Done | Refusal> {
    return this.#lesson.inTurn(() => this.#lesson.write(key, decide));
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
    const started = await this.#lesson.inTurn(async () => {
      const done = await this.#lesson.done(key);
      if (done) return { done };
      if (this.#work?.key === key) return this.#work;
      const lesson = await this.#lesson.caughtUp();
      const refusal = this.#busy() ?? refuse(lesson);
      if (refusal) return { done: refusal };
      const stop = new AbortController();
      const before = this.#unwritten?.key === key ? this.#unwritten.outcome : null;
      const outcome = before ? Promise.resolve(before) : work(lesson, stop.signal);
      this.#work = { name, key, done: this.#finish(name, key, outcome, stop.signal), stop };
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
    return this.#lesson.inTurn(async () => {
      try {
        if (stop.aborted) return { code: "stopped", reason: "Stopped. The lesson is as it was." };
        const outcome = await work;
        if (isRefusal(outcome)) return outcome;
        this.#unwritten = { key, outcome };
        const written = await this.#lesson.write(key, () => outcome.event, outcome.policy);
        this.#unwritten = null;
        return written;
      } finally {
        this.#work = null;
        this.autoDispose = true;
        this.broadcast(progressMessage, { work: name, share: null });
      }
    });
  }

  /** Lets the first round's learner and the last one's drive on `seed`; one race at a time for each who asks. */
  async #race(seed: number, client: LessonClient): Promise<Race | Refusal> {
    const lesson = await this.#lesson.inTurn(() => this.#lesson.now());
    const { world, rounds } = lesson;
    const refusal = rules.race(lesson, { seed });
    if (refusal) return refusal;
    const racer = client.userData!;
    if (racer.racing)
      return { code: "busy", reason: "Another race is about to start; wait for it." };
    racer.racing = true;
    try {
      const racers: { round: number; policy: string }[] = [];
      for (const round of new Set([0, rounds.length - 1])) {
        const policy = await this.#policyOf(rounds[round]!, client);
        if (typeof policy !== "string") return policy;
        racers.push({ round, policy });
      }
      return await this.#workers.race({ world, seed, racers }, this.#quietly(client));
    } finally {
      racer.racing = false;
    }
  }

  /** What the last round learned, for whoever wants to drive with it. */
  async #policy(client: LessonClient): Promise<LearnedPolicy | Refusal> {
    const lesson = await this.#lesson.inTurn(() => this.#lesson.now());
    const refusal = rules.policy(lesson);
    if (refusal) return refusal;
    const round = lesson.rounds.length - 1;
    const json = await this.#policyOf(lesson.rounds[round]!, client);
    return typeof json === "string" ? { round, json } : json;
  }

  /** What a round learned, as JSON; it follows from the log where it is no longer kept as it was. */
  async #policyOf(
    { seq, basis, plan, seed, digest }: Round,
    client: LessonClient,
  ): Promise<string | Refusal> {
    const kept = await this.#log.policy(this.#lesson.id, seq);
    if (kept !== undefined && sha256(kept).toString("hex") === digest) return kept;
    const lesson = lessonAt(await this.#log.events(this.#lesson.id), basis);
    const trained = await this.#workers.train({ lesson, plan, seed }, this.#quietly(client));
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

  #order(work: Progress["work"], key: string, client: LessonClient, signal: AbortSignal): Order {
    const tell = (stage: Stage) => this.broadcast(progressMessage, { work, key, ...stage });
    return { ...this.#quietly(client), tell, signal };
  }

  /** An order of which nobody is told how it goes. */
  #quietly(client: LessonClient): Order {
    return { lesson: this.#lesson.id, address: addressOf(client) };
  }

  #tell(event: LessonEvent): void {
    this.#reports.wrote(event.type);
    this.broadcast(eventMessage, event);
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
