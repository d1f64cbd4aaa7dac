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
import type { Progress } from "../../shared/class/progress.ts";
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
import { progressIn } from "../classes/classSource.ts";
import { ClassLearners, type LearnersParts } from "../classes/learners.ts";
import type { OpenClass, Said } from "../classes/openClass.ts";
import { ClassSchema, follow, followLesson } from "../classes/roomState.ts";
import type { Budget } from "../door/budget.ts";
import { awaitJoin, disconnectUnread, socketOf } from "../door/lessonClient.ts";
import type { Reports } from "../reports.ts";
import { Busy } from "../storage/decisions.ts";
import type { MessageRate } from "./messageRate.ts";
import type { JoinRequest, OpenRoom, Rooms } from "./rooms.ts";

/** The server's parts that a class's room uses. */
export interface ClassRoomParts extends LearnersParts {
  readonly classes: Classes;
  readonly rooms: Rooms;
  readonly budget: Budget;
  readonly rate: MessageRate;
  readonly reports: Reports;
}

/** Who is in the room. */
interface Attendee {
  readonly isTeacher: boolean;
  readonly pupil: number | null;
  readonly spend: Spend;
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
  readonly #progress = new Map<number, Progress>();
  #leave = () => {};
  #read: Promise<void> = Promise.resolve();

  override messages = {
    trace: this.#answer("trace", ({ spend }, request) => this.#learners.trace(request, spend)),
    map: this.#answer("map", async () => mapOf(this.#open!.now)),
    debrief: this.#answer("debrief", ({ spend }) => this.#debrief(spend)),
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
    this.#learners = new ClassLearners(this.#open, parts, this.#progress);
    this.#leave = this.#open.listen({
      changed: () => this.#follow(),
      heard: (said) => this.#hear(said),
    });
    this.#follow();
    this.clock.setInterval(() => this.#open!.lookAgain(this.#spend), lookAgain);
    parts.rooms.opened(id, this);
    this.#read = this.#readLessons();
  }

  override onJoin(client: ClassClient, { owner, pupil }: JoinRequest) {
    const { address } = socketOf(client);
    const { budget } = this.#parts;
    client.userData = {
      isTeacher: owner && pupil === null,
      pupil,
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

  override async onDispose() {
    if (!this.#open) return; // Where onCreate failed.
    this.#leave();
    this.#parts.rooms.closed(this.#open.id, this);
    await this.#read;
  }

  override onBeforePatch() {
    disconnectUnread(this.clients);
  }

  get isVacant(): boolean {
    return this.clients.length === 0;
  }

  /** What it trains is kept by the class, whether the room stays or not. */
  get isWorking(): boolean {
    return false;
  }

  abandon(): void {}

  async catchUp(): Promise<void> {
    try {
      await this.#open!.catchUp(this.#spend);
      this.#read = this.#read.then(() => this.#readLessons());
      await this.#read;
    } catch (error) {
      this.#parts.reports.failed("catch up", error);
    }
  }

  readonly #spend: Spend = (ms) => this.#parts.budget.spend(this.address, ms);

  #follow(): void {
    const { now, isForgotten } = this.#open!;
    if (isForgotten) return void this.disconnect(CloseCode.MAY_TRY_RECONNECT);
    // It could not be read for once.
    if (!now.level) return;
    const here = new Set(this.clients.map(({ userData }) => userData?.pupil));
    follow(this.state, now, {
      progress: (pupil) => this.#progress.get(pupil),
      isHere: (pupil) => here.has(pupil),
      isOpen: isOpen(now, Date.now()),
    });
    this.state.isTeacherHere = this.clients.some(({ userData }) => userData?.isTeacher);
  }

  #hear(said: Said): void {
    if (said.kind === "compare") return void this.#compare();
    const { pupil, progress, isTraining } = said;
    const known = this.#progress.get(pupil);
    const one = this.state.pupils.get(`${pupil}`);
    if (one && one.isTraining !== isTraining) one.isTraining = isTraining;
    if (!progress || (known && known.seq >= progress.seq)) return;
    this.#progress.set(pupil, progress);
    if (one) followLesson(one, progress);
    if (this.#isAllDone) void this.#compare();
  }

  /** Reads how far the pupils' lessons have come, one after the other, as far as that was not heard. */
  async #readLessons(): Promise<void> {
    const { log, reports } = this.#parts;
    for (const { number } of this.#open!.now.present) {
      try {
        const lesson = this.#open!.lessonOf(number);
        const progress = await progressIn(log, lesson, this.#spend);
        if (progress) this.#hear({ kind: "news", pupil: number, progress, isTraining: false });
      } catch (error) {
        reports.failed("read a pupil's lesson", error);
      }
    }
  }

  /** Whether all pupils have done their plan since the class's learner was trained last. */
  get #isAllDone(): boolean {
    const { present, comparison, level } = this.#open!.now;
    const basis = comparison?.basis.reduce((sum, seq) => sum + seq, 0) ?? 0;
    const all = present.map(({ number }) => this.#progress.get(number));
    const isNew = all.reduce((sum, one) => sum + (one?.seq ?? 0), 0) > basis;
    return (
      level?.learner !== null &&
      isNew &&
      all.length > 1 &&
      all.every((one) => one?.activity === "done")
    );
  }

  async #compare(): Promise<void> {
    const { reports } = this.#parts;
    if (this.#learners.isComparing) return;
    this.state.isComparing = true;
    try {
      const refused = await this.#learners.compare(this.#spend);
      if (refused) reports.refused(refused.code, 409, this.address);
    } catch (error) {
      const isEnding = matchMaker.state === matchMaker.MatchMakerState.SHUTTING_DOWN;
      if (!isEnding) reports.failed("compare", error);
    } finally {
      this.state.isComparing = false;
    }
  }

  async #debrief(spend: Spend): Promise<ClassAnswers["debrief"] | Refusal> {
    await this.#read;
    const noise = await this.#learners.noise(spend);
    return isRefusal(noise) ? noise : debriefOf(this.#open!.now, this.#progress, noise);
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
