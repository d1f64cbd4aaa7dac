import { matchMaker, Room } from "colyseus";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import * as protocol from "../../shared/lesson/protocol.ts";
import type { RequestName } from "../../shared/lesson/requests.ts";
import type { Audience, Platform } from "../../shared/lesson/service/platform.ts";
import type { LessonService } from "../../shared/lesson/service/service.ts";
import type { Classes } from "../classes/classes.ts";
import type { Membership } from "../classes/membership.ts";
import type { Budget } from "../door/budget.ts";
import { awaitJoin, callerOf, disconnectUnread, type LessonClient } from "../door/lessonClient.ts";
import type { Reports } from "../reports.ts";
import type { MessageRate } from "./messageRate.ts";
import { messagesTo } from "./messages.ts";
import { openLesson } from "./openLesson.ts";
import type { JoinRequest, OpenRoom, Rooms } from "./rooms.ts";

/** The server's parts that a room uses. */
export interface RoomParts {
  readonly platform: Platform;
  readonly classes: Classes;
  readonly rooms: Rooms;
  readonly budget: Budget;
  readonly rate: MessageRate;
  readonly reports: Reports;
}

/** A lesson's service, for everyone who has its address, over Colyseus. */
export class LessonRoom extends Room<{ client: LessonClient }> implements OpenRoom, Audience {
  /** No schema state is synchronised, so the patch loop is off. (With 0, Colyseus would run it 60 times a second.) */
  override patchRate = 3_600_000; // ms
  address = "";
  #parts!: RoomParts;
  #service: LessonService | null = null;
  /** Where the lesson is a pupil's of a class. */
  #member: Membership | null = null;

  override messages = messagesTo(() => ({ ...this.#parts, service: this.#service! }));

  override async onCreate(options: Partial<JoinRequest> & RoomParts) {
    const { id: lesson = "", address = "", ...parts } = options;
    this.#parts = parts;
    this.address = address;
    this.roomId = parts.rooms.idOf(lesson, this.roomId);
    const opened = await openLesson(lesson, parts, this, this.#spend);
    ({ service: this.#service, member: this.#member } = opened);
    parts.rooms.opened(lesson, this);
  }

  readonly #spend = (ms: number) => this.#parts.budget.spend(this.address, ms);

  override onJoin(client: LessonClient, { owner }: JoinRequest) {
    client.userData = callerOf(client, owner, this.#parts.budget);
    if (owner) this.address = client.userData.address;
    this.#parts.reports.joined(this.#service!.id, owner);
    awaitJoin(client);
  }

  override onLeave(client: LessonClient, code?: number) {
    if (client.userData?.owner) this.address = client.userData.address;
    this.#parts.reports.left(this.#service!.id, code);
    this.#parts.rooms.left(this);
  }

  override onBeforeShutdown() {
    // Without this, Colyseus does not dispose of a room that was kept open for its work.
    this.autoDispose = true;
    super.onBeforeShutdown();
  }

  override async onDispose() {
    if (!this.#service) return; // Where onCreate failed.
    this.#member?.end();
    this.#parts.rooms.closed(this.#service.id, this);
    await this.#service.close();
  }

  get isVacant(): boolean {
    return this.clients.length === 0;
  }

  get isWorking(): boolean {
    return this.#service?.isWorking ?? false;
  }

  abandon(): void {
    this.#service?.abandon();
  }

  async catchUp(): Promise<void> {
    const failed = (why: unknown) => this.#parts.reports.failed("catch up", why, this.#service!.id);
    await this.#member?.catchUp(this.#spend).catch(failed);
    await this.#service!.catchUp({ spend: this.#spend }).catch(failed);
  }

  wrote({ type, seq }: LessonEvent, json: string): void {
    this.#parts.reports.wrote(type);
    this.#parts.rooms.wrote(this.#service!.id, seq);
    this.broadcast(protocol.eventMessage, json);
    disconnectUnread(this.clients);
  }

  progressed(progress: protocol.Progress): void {
    this.broadcast(protocol.progressMessage, progress);
    disconnectUnread(this.clients);
  }

  tell = (said: protocol.Outside) => this.broadcast(protocol.outsideMessage, said);

  working(isWorking: boolean): void {
    this.autoDispose = !isWorking;
    this.#member?.training(isWorking);
  }

  failed(name: RequestName, error: unknown): void {
    // A shutdown ends the worker threads, so their work fails.
    const isEnding = matchMaker.state === matchMaker.MatchMakerState.SHUTTING_DOWN;
    if (!isEnding) this.#parts.reports.failed(name, error, this.#service!.id);
  }
}
