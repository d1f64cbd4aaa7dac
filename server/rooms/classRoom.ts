import { setTimeout as pause } from "node:timers/promises";
import {
  type Client,
  CloseCode,
  ErrorCode,
  type MessageContext,
  matchMaker,
  Room,
  ServerError,
} from "colyseus";
import { debriefOf, mapOf } from "../../shared/class/debrief.ts";
import { isOpen } from "../../shared/class/decide.ts";
import {
  type ClassAnswers,
  type ClassRequest,
  type ClassRequestName,
  classRequests,
} from "../../shared/class/room.ts";
import type { Spend } from "../../shared/lesson/log.ts";
import { isRefusal, type Refusal } from "../../shared/lesson/refusal.ts";
import { malformed, unable } from "../../shared/lesson/service/refusals.ts";
import type { Classes } from "../classes/classes.ts";
import { type Asker, ClassLearners, type LearnersParts } from "../classes/learners.ts";
import type { OpenClass } from "../classes/openClass.ts";
import { ClassSchema, follow, followLesson } from "../classes/roomState.ts";
import type { Budget } from "../door/budget.ts";
import { awaitJoin, disconnectUnread, socketOf } from "../door/lessonClient.ts";
import type { Reports } from "../reports.ts";
import { Busy } from "../storage/decisions.ts";
import type { MessageRate } from "./messageRate.ts";
import type { JoinRequest, OpenRoom, Rooms } from "./rooms.ts";

/** The server's parts that a class's room uses. */
export interface ClassRoomParts extends Omit<LearnersParts, "reading"> {
  readonly classes: Classes;
  readonly rooms: Rooms;
  readonly budget: Budget;
  readonly rate: MessageRate;
  readonly reports: Reports;
}

/** Who is in the room. */
interface Attendee extends Asker {
  readonly isTeacher: boolean;
  readonly pupil: number | null;
}
type ClassClient = Client<{ userData: Attendee }>;

/** How often what has changed is sent, ms. */
const patchRate = 200;
/** How often one looks whether something was written that was not heard of, ms. */
const lookAgain = 10_000;

/** A class, for its wall, its teacher and its pupils, over Colyseus: it shows, and nothing is changed by it. */
export class ClassRoom
  extends Room<{ state: InstanceType<typeof ClassSchema>; client: ClassClient }>
  implements OpenRoom
{
  override patchRate = patchRate;
  override state = new ClassSchema();
  address = "";
  #parts!: ClassRoomParts;
  #open: OpenClass | null = null;
  #learners!: ClassLearners;
  readonly #closed = new AbortController();
  #leave = () => {};
  #read: Promise<void> = Promise.resolve();
  /** Whether it waits for the end of a training of the class's learner. */
  #isWaiting = false;

  override messages = {
    trace: this.#answer("trace", (who, request) => this.#learners.trace(request, who)),
    map: this.#answer("map", async () => mapOf(this.#open!.now)),
    debrief: this.#answer("debrief", (who) => this.#debrief(who)),
    clock: this.#answer("clock", async () => ({ now: Date.now() })),
    /** All other messages. Without this, Colyseus would disconnect the sender. */
    _: async (client: ClassClient) => {
      if (await this.#parts.rate.refuse(client)) return;
      client.error(ErrorCode.INVALID_PAYLOAD, "There is no such request.");
    },
  };

  override async onCreate(options: Partial<JoinRequest> & ClassRoomParts) {
    const { id = "", address = "", ...parts } = options;
    this.#parts = parts;
    this.address = address;
    this.roomId = parts.rooms.idOf(id, this.roomId);
    this.#open = await parts.classes.at(id, this.#spend).catch((error) => {
      if (error instanceof Busy) throw new ServerError(503, error.message);
      parts.reports.failed("open class", error);
      throw new ServerError(500, unable.reason);
    });
    if (!this.#open) throw new ServerError(404, "There is no class at this address.");
    const { reading } = parts.classes;
    this.#learners = new ClassLearners(this.#open, { ...parts, reading }, this);
    this.#leave = this.#open.listen({
      changed: () => this.#follow(),
      progressed: (pupil) => this.#followLesson(pupil),
      compare: () => void this.#compare(true),
    });
    this.#follow();
    this.clock.setInterval(() => this.#open!.lookAgain(this.#spend), lookAgain);
    parts.rooms.opened(id, this);
    this.#readLessons();
  }

  override onJoin(client: ClassClient, { owner, pupil }: JoinRequest) {
    const { address } = socketOf(client);
    const { budget } = this.#parts;
    client.userData = {
      isTeacher: owner && pupil === null,
      pupil,
      address,
      isOfClass: owner,
      spend: (ms) => budget.spend(address, ms),
    };
    if (owner) this.address = address;
    awaitJoin(client);
    this.#follow();
  }

  override onLeave() {
    this.#parts.rooms.left(this);
    this.#follow();
  }

  override onDispose() {
    if (!this.#open) return; // Where onCreate failed.
    this.#closed.abort();
    this.#leave();
    this.#parts.rooms.closed(this.#open.id, this);
  }

  override onBeforePatch() {
    disconnectUnread(this.clients);
  }

  get isVacant(): boolean {
    return this.clients.length === 0;
  }

  /** Nobody waits for it: what is trained for the class is broken off once the room is left. */
  get isWorking(): boolean {
    return false;
  }

  get signal(): AbortSignal {
    return this.#closed.signal;
  }

  abandon(): void {}

  async catchUp(): Promise<void> {
    try {
      await this.#open!.catchUp(this.#spend);
      this.#readLessons();
    } catch (error) {
      this.#parts.reports.failed("catch up", error);
    }
  }

  readonly #spend: Spend = (ms) => this.#parts.budget.spend(this.address, ms);

  #follow(): void {
    const { now, standing, isForgotten } = this.#open!;
    if (isForgotten) return void this.disconnect(CloseCode.MAY_TRY_RECONNECT);
    // It could not be read for once.
    if (!now.level) return;
    const here = new Set(this.clients.map(({ userData }) => userData?.pupil));
    follow(this.state, now, {
      standing,
      isHere: (pupil) => here.has(pupil),
      isOpen: isOpen(now, Date.now()),
      teacherPages: this.clients.filter(({ userData }) => userData?.isTeacher).length,
    });
  }

  #followLesson(pupil: number): void {
    const one = this.state.pupils.get(`${pupil}`);
    const { now, standing } = this.#open!;
    if (one && now.level) followLesson(one, now, standing);
    this.#compareIfDone();
  }

  /** Reads the lessons of which more is stored than is known, one after the other. Nobody waits for that. */
  #readLessons(): void {
    this.#read = this.#read.then(() => this.#readBehind());
  }

  async #readBehind(): Promise<void> {
    const { budget, reports } = this.#parts;
    const { standing } = this.#open!;
    const { signal } = this.#closed;
    const failed = (error: unknown) => {
      // What is read may be closed by then.
      if (!signal.aborted) reports.failed("read a pupil's lesson", error);
    };
    for (const pupil of await standing.behind().catch((error) => {
      failed(error);
      return [];
    })) {
      await pause(budget.wait(this.address), undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      if (this.#open!.now.pupils.get(pupil)?.isRemoved === false)
        await standing.read(pupil, this.#spend).catch(failed);
    }
    this.#compareIfDone();
  }

  /** Trains the class's learner once all pupils have done their plan. */
  #compareIfDone(): void {
    const { now, standing, comparing } = this.#open!;
    const { present, level } = now;
    if (this.#closed.signal.aborted || !level?.learner || present.length < 2) return;
    if (!present.every(({ number }) => standing.progress.get(number)?.activity === "done")) return;
    if (!comparing.underWay) return void this.#compare(false);
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    void comparing.underWay.then(() => {
      this.#isWaiting = false;
      this.#compareIfDone();
    });
  }

  /** @param isAsked whether the teacher asked for it */
  async #compare(isAsked: boolean): Promise<void> {
    const { reports } = this.#parts;
    const asker = { address: this.address, isOfClass: true, spend: this.#spend };
    const work = this.#learners.compare(asker, isAsked);
    const underWay = this.#open!.comparing.underWay;
    this.state.isComparing = underWay !== null;
    try {
      const refused = await work;
      if (refused) reports.refused(refused.code, 409, this.address);
    } catch (error) {
      const isEnding = matchMaker.state === matchMaker.MatchMakerState.SHUTTING_DOWN;
      if (!isEnding && !this.#closed.signal.aborted) reports.failed("compare", error);
    }
    await underWay;
    this.state.isComparing = this.#open!.comparing.underWay !== null;
  }

  async #debrief(who: Attendee): Promise<ClassAnswers["debrief"] | Refusal> {
    await this.#read;
    const noise = await this.#learners.noise(who);
    const { now, standing } = this.#open!;
    return isRefusal(noise) ? noise : debriefOf(now, standing.progress, noise);
  }

  #answer<N extends ClassRequestName>(
    name: N,
    answer: (who: Attendee, request: ClassRequest<N>) => Promise<ClassAnswers[N] | Refusal>,
  ) {
    return async (
      client: ClassClient,
      body: unknown,
      context: MessageContext,
    ): Promise<ClassAnswers[N] | ReturnType<MessageContext["reject"]>> => {
      const { rate, reports } = this.#parts;
      const excess = await rate.refuse(client);
      if (excess) return context.reject(excess);
      const request = classRequests[name].safeParse(body);
      if (!request.success) {
        const { path, message } = request.error.issues[0]!;
        return context.reject(malformed(path.join(".") || name, message));
      }
      try {
        const found = await answer(client.userData!, request.data as ClassRequest<N>);
        return isRefusal(found) ? context.reject(found) : found;
      } catch (error) {
        reports.failed(`class ${name}`, error);
        return context.reject(unable);
      }
    };
  }
}
