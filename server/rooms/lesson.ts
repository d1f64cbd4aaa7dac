import { ErrorCode, type MessageContext, matchMaker, Room, ServerError } from "colyseus";
import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import type { LessonEvent, NewEvent } from "../../shared/lesson/fold.ts";
import { type Lesson, nPairs, type Round } from "../../shared/lesson/lesson.ts";
import { jsonOfAll, type Log, NotStored, type Spend, Unreadable } from "../../shared/lesson/log.ts";
import {
  type Done,
  eventMessage,
  type LearnedPolicy,
  type Page,
  type Progress,
  pageSize,
  progressMessage,
  type Race,
} from "../../shared/lesson/protocol.ts";
import { isRefusal, type Refusal } from "../../shared/lesson/refusal.ts";
import {
  changes,
  decide,
  type InstantName,
  instantNames,
  isOpen,
  type Request,
  type RequestName,
  refusePolicy,
  refuseRace,
  requests,
} from "../../shared/lesson/requests.ts";
import type { Budget } from "../door/budget.ts";
import {
  expectToEnter,
  hangUp,
  isAbsent,
  isReading,
  type LessonClient,
  lineOf,
} from "../door/client.ts";
import type { Order, Stage, Workers } from "../jobs/workers.ts";
import type { Reports } from "../reports.ts";
import type { Limits } from "../settings.ts";
import { sha256 } from "../sha256.ts";
import type { LessonMemory } from "./lessonMemory.ts";
import { type Change, OpenLesson, otherRequest } from "./openLesson.ts";
import type { Joining, Kept, Rooms } from "./rooms.ts";

/** What the server gives. */
export interface Given {
  readonly log: Log;
  readonly memory: LessonMemory;
  readonly workers: Workers;
  readonly rooms: Rooms;
  readonly budget: Budget;
  readonly limits: Limits;
  readonly reports: Reports;
}

/** What work came to: an event, with the policy that it brought about, if any. */
type Outcome = { readonly event: NewEvent; readonly policy?: string } | Refusal;

/** Training or inference that is under way. */
interface Work {
  readonly name: Progress["work"];
  readonly key: string;
  readonly print: string;
  readonly done: Promise<Done | Refusal>;
  readonly stop: AbortController;
}

/** The longest reason that is given, characters: reasons may quote what they were given. */
const longestReason = 300;

/**
 * One lesson, for everyone who has its address. The room is a view of the lesson's log and may be
 * thrown away at any time: a change is written first, then taken in, then told to everyone, and only
 * then acknowledged to whoever asked.
 */
export class LessonRoom extends Room<{ client: LessonClient }> implements Kept {
  /** Of a state that there is not. Colyseus looks at 0 sixty times a second. */
  override patchRate = 3_600_000; // ms
  address = "";
  #given!: Given;
  #lesson: OpenLesson | null = null;
  #messages!: RateLimiterMemory;
  #work: Work | null = null;
  /** Ends what nobody can want any more once the room is gone. */
  readonly #gone = new AbortController();
  /** What work came to that the disk did not take, for whoever asks for it again. */
  #unwritten: { readonly key: string; readonly outcome: Outcome } | null = null;

  override messages = {
    ...this.#serveInstant(),
    events: this.#serve("events", ({ since }, client) => this.#page(since, client)),
    shadow: this.#serve("shadow", (request, client) => this.#shadow(request, client)),
    policy: this.#serve("policy", (_, client) => this.#reading(client, () => this.#policy(client))),
    train: this.#serve("train", (request, client) =>
      this.#start(
        "train",
        this.#changeOf("train", request, client),
        (lesson) => changes.train.refuse(lesson, request),
        async (lesson, stop) => {
          const { seq } = lesson;
          // The seed follows from the log, so that a replay arrives at the same policy.
          const task = { basis: seq, plan: request.plan, seed: seq };
          const order = this.#order("train", request.key, client, stop);
          const trained = await this.#given.workers.train(task, nPairs(lesson), order);
          if (isRefusal(trained)) return trained;
          const { turn, policy } = trained;
          const event = changes.train.decide(lesson, request, { basis: seq, ...turn });
          return isRefusal(event) ? event : { event, policy };
        },
      ),
    ),
    infer: this.#serve("infer", (request, client) =>
      this.#start(
        "infer",
        this.#changeOf("infer", request, client),
        (lesson) => changes.infer.refuse(lesson, request),
        async (lesson, stop) => {
          const { seq } = lesson;
          const order = this.#order("infer", request.key, client, stop);
          const inference = await this.#given.workers.infer({ basis: seq }, order);
          if (isRefusal(inference)) return inference;
          const event = changes.infer.decide(lesson, request, { basis: seq, ...inference });
          return isRefusal(event) ? event : { event };
        },
      ),
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

  override async onCreate({ lesson = "", address = "", ...given }: Partial<Joining> & Given) {
    const { log, memory, limits, budget, rooms } = given;
    this.#given = given;
    this.address = address;
    this.#messages = new RateLimiterMemory({ points: limits.messages, duration: 10 });
    const spend = (ms: number) => budget.spend(address, ms);
    const tell = (event: LessonEvent, json: string) => this.#tell(event, json);
    const found = await OpenLesson.at(lesson, log, limits, memory, tell, spend).catch((error) => {
      throw error instanceof Unreadable ? new ServerError(410, error.message) : error;
    });
    if (!found) throw new ServerError(404, "There is no lesson at this address.");
    this.#lesson = found;
    rooms.opened(lesson, this);
  }

  override async onJoin(client: LessonClient, { secret }: Joining) {
    const { log, reports } = this.#given;
    try {
      const owner = await log.isOwner(this.#open.id, secret);
      client.userData = { owner, reading: false, racing: false };
      this.address = lineOf(client).address;
      reports.joined(this.#open.id, owner);
    } catch (error) {
      // Whose own words Colyseus would pass on.
      reports.failed("join", error, this.#open.id);
      throw new ServerError(500, unable.reason);
    }
    expectToEnter(client);
  }

  override onLeave(client: LessonClient, code?: number) {
    const { reports, rooms } = this.#given;
    this.address = lineOf(client).address;
    reports.left(this.#open.id, code);
    rooms.left(this);
  }

  override onBeforeShutdown() {
    super.onBeforeShutdown();
    // Colyseus forgets to dispose of a room that was kept for its work a moment ago.
    const room = this as unknown as { resetAutoDisposeTimeout(seconds: number): void };
    room.resetAutoDisposeTimeout(0.01);
  }

  override async onDispose() {
    this.#gone.abort();
    // One that was never opened is disposed of as well.
    if (!this.#lesson) return;
    this.#given.rooms.closed(this.#lesson.id, this);
    await this.#lesson.close();
  }

  get isVacant(): boolean {
    return this.clients.length === 0;
  }

  get isWorking(): boolean {
    return this.#work !== null;
  }

  abandon(): void {
    this.#work?.stop.abort();
  }

  get #open(): OpenLesson {
    return this.#lesson!;
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
      this.#given.reports.answered(this.#open.id, name, refusal, performance.now() - began);
      return refused ? context.reject<Refusal>(answer) : answer;
    };
  }

  /** The handlers of all requests that become an event as soon as they are decided. */
  #serveInstant() {
    const handler = <N extends InstantName>(name: N) =>
      this.#serve(name, (request, client) => {
        const change = this.#changeOf(name, request, client);
        const { corrects } = changes[name].request;
        return this.#open.inTurn(() =>
          this.#open.write(
            change,
            (lesson) => (corrects ? this.#training() : null) ?? decide(name, lesson, request),
          ),
        );
      });
    type Handlers = { [N in InstantName]: ReturnType<typeof handler<N>> };
    return Object.fromEntries(instantNames.map((name) => [name, handler(name)])) as Handlers;
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
        const where = path.join(".") || name;
        return { code: "malformed", reason: `${where}: ${shortened(message)}.` };
      }
      return await serve(request.data as Request<K>, client);
    } catch (error) {
      if (error instanceof NotStored) return { code: "not-stored", reason: error.message };
      if (error instanceof Unreadable) return { code: "damaged", reason: error.message };
      // Work is broken off with the threads that do it.
      const ending = matchMaker.state === matchMaker.MatchMakerState.SHUTTING_DOWN;
      if (!ending) this.#given.reports.failed(name, error, this.#open.id);
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
      if (consumedPoints > 10 * this.#given.limits.messages) hangUp(client);
      return tooFast;
    }
  }

  /** A request's name and body are told apart by a hash, so that its key is not used for another. */
  #changeOf(name: RequestName, request: { readonly key: string }, client: LessonClient): Change {
    const print = sha256(`${name} ${JSON.stringify(request)}`).toString("hex");
    return { key: request.key, print, spend: this.#spendFor(client) };
  }

  #spendFor(client: LessonClient): Spend {
    const { address } = lineOf(client);
    return (ms) => this.#given.budget.spend(address, ms);
  }

  #page(since: number, client: LessonClient): Promise<Page | Refusal> {
    const { log } = this.#given;
    return this.#reading(client, async () => {
      const { rows, last, more } = await log.stretch(this.#open.id, since, pageSize);
      const { epoch } = log;
      return { events: jsonOfAll(rows, last), more, epoch, owner: client.userData!.owner };
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

  /** Takes what was steered beside a drive, once a thread has found how late the hands were. */
  #shadow(request: Request<"shadow">, client: LessonClient): Promise<Done | Refusal> {
    const change = this.#changeOf("shadow", request, client);
    const { drive, actions, speed } = request;
    // What the same person asks for next comes after it.
    return this.#open.inTurn(async () => {
      const done = await this.#open.done(change);
      if (done) return done;
      const lesson = await this.#open.caughtUp(change.spend);
      const refusal = this.#training() ?? changes.shadow.refuse(lesson, request);
      if (refusal) return refusal;
      const episode = lesson.rounds.at(-1)!.episodes[drive]!;
      const order = { ...this.#quietly(client), signal: this.#gone.signal };
      const found = this.#given.workers.lag({ episode, actions, speed }, order);
      const lag = await found.catch((error) => {
        if (this.#gone.signal.aborted) return stopped;
        throw error;
      });
      if (typeof lag !== "number") return lag;
      return this.#open.write(change, (now) => changes.shadow.decide(now, request, lag));
    });
  }

  /**
   * Starts work in a worker thread, which lasts as long as it takes while the room goes on, and
   * makes its result an event. The same key again joins the work under way.
   */
  async #start(
    name: Work["name"],
    change: Change,
    refuse: (lesson: Lesson) => Refusal | null,
    work: (lesson: Lesson, stop: AbortSignal) => Promise<Outcome>,
  ): Promise<Done | Refusal> {
    const { key, print, spend } = change;
    const started = await this.#open.inTurn(async () => {
      const done = await this.#open.done(change);
      if (done) return { done };
      if (this.#work?.key === key)
        return this.#work.print === print ? this.#work : { done: otherRequest };
      const lesson = await this.#open.caughtUp(spend);
      const refusal = this.#busy() ?? refuse(lesson);
      if (refusal) return { done: refusal };
      const stop = new AbortController();
      const before = this.#unwritten?.key === key ? this.#unwritten.outcome : null;
      const outcome = before ? Promise.resolve(before) : work(lesson, stop.signal);
      this.#work = { name, key, print, done: this.#finish(name, change, outcome, stop), stop };
      return this.#work;
    });
    return started.done;
  }

  async #finish(
    name: Work["name"],
    change: Change,
    work: Promise<Outcome>,
    stop: AbortController,
  ): Promise<Done | Refusal> {
    // Someone who closes the page while the learner trains will find it trained.
    this.autoDispose = false;
    await Promise.allSettled([work]);
    return this.#open.inTurn(async () => {
      try {
        if (stop.signal.aborted) return stopped;
        const outcome = await work;
        if (isRefusal(outcome)) return outcome;
        this.#unwritten = { key: change.key, outcome };
        const written = await this.#open.write(change, () => outcome.event, outcome.policy);
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
    const lesson = await this.#now(client);
    const { world, rounds } = lesson;
    const refusal = refuseRace(lesson, seed);
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
      const order = this.#quietly(client);
      return await this.#given.workers.race({ world, seed, racers }, order);
    } finally {
      racer.racing = false;
    }
  }

  /** What the last round learned, for whoever wants to drive with it. */
  async #policy(client: LessonClient): Promise<LearnedPolicy | Refusal> {
    const lesson = await this.#now(client);
    const refusal = refusePolicy(lesson);
    if (refusal) return refusal;
    const round = lesson.rounds.length - 1;
    const json = await this.#policyOf(lesson.rounds[round]!, client);
    return typeof json === "string" ? { round, json } : json;
  }

  /** The lesson as it stands, at the cost of whoever asks. */
  #now(client: LessonClient): Promise<Lesson> {
    return this.#open.inTurn(() => this.#open.now(this.#spendFor(client)));
  }

  /** What a round learned, as JSON; it follows from the log where it is no longer kept as it was. */
  async #policyOf(
    { seq, basis, plan, seed, digest, pairs }: Round,
    client: LessonClient,
  ): Promise<string | Refusal> {
    const { log, workers } = this.#given;
    const kept = await log.policy(this.#open.id, seq);
    if (kept !== undefined && sha256(kept).toString("hex") === digest) return kept;
    const trained = await workers.train({ basis, plan, seed }, pairs, this.#quietly(client));
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
    const { address } = lineOf(client);
    const isWanted = () => !this.isVacant;
    return { lesson: this.#open.id, address, isWanted, spend: this.#spendFor(client) };
  }

  #tell({ type }: LessonEvent, json: string): void {
    this.#given.reports.wrote(type);
    this.broadcast(eventMessage, json);
    for (const client of this.clients) if (lineOf(client).isDeaf) hangUp(client);
  }
}

/** As much of a message as is told to whoever caused it. */
function shortened(message: string): string {
  return message.length <= longestReason ? message : `${message.slice(0, longestReason)} …`;
}

const notYours: Refusal = {
  code: "not-yours",
  reason: "You are looking on: only who began this lesson can teach in it.",
};

const unable: Refusal = { code: "failed", reason: "The server could not do this." };

const stopped: Refusal = { code: "stopped", reason: "Stopped. The lesson is as it was." };

const tooFast: Refusal = {
  code: "too-many",
  reason: "You are asking too fast; wait a few seconds.",
};
