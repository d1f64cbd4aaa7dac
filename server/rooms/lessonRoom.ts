import { matchMaker, Room, ServerError } from "colyseus";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import { Unreadable } from "../../shared/lesson/log.ts";
import { eventMessage, type Progress, progressMessage } from "../../shared/lesson/protocol.ts";
import type { RequestName } from "../../shared/lesson/requests.ts";
import type { Audience, Platform } from "../../shared/lesson/service/platform.ts";
import { unable } from "../../shared/lesson/service/refusals.ts";
import { LessonService } from "../../shared/lesson/service/service.ts";
import type { Budget } from "../door/budget.ts";
import { awaitJoin, callerOf, disconnectUnread, type LessonClient } from "../door/lessonClient.ts";
import type { Reports } from "../reports.ts";
import type { MessageRate } from "./messageRate.ts";
import { messagesTo } from "./messages.ts";
import type { JoinRequest, OpenRoom, Rooms } from "./rooms.ts";

/** The server's parts that a room uses. */
export interface RoomParts {
  readonly platform: Platform;
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

  override messages = messagesTo(() => ({ ...this.#parts, service: this.#service! }));

  override async onCreate(options: Partial<JoinRequest> & RoomParts) {
    const { lesson = "", address = "", ...parts } = options;
    this.#parts = parts;
    this.address = address;
    const spend = (ms: number) => parts.budget.spend(address, ms);
    this.#service = await LessonService.open(lesson, parts.platform, this, spend).catch((error) => {
      if (error instanceof Unreadable) throw new ServerError(410, error.message);
      // As with who joins: its own message is nobody's else.
      parts.reports.failed("open", error, lesson);
      throw new ServerError(500, unable.reason);
    });
    if (!this.#service) throw new ServerError(404, "There is no lesson at this address.");
    parts.rooms.opened(lesson, this);
  }

  override async onJoin(client: LessonClient, { secret }: JoinRequest) {
    const { platform, budget, reports } = this.#parts;
    const { id } = this.#service!;
    try {
      const owner = await platform.log.isOwner(id, secret);
      client.userData = callerOf(client, owner, budget);
      if (owner) this.address = client.userData.address;
      reports.joined(id, owner);
    } catch (error) {
      // Colyseus would send the error's own message to the client.
      reports.failed("join", error, id);
      throw new ServerError(500, unable.reason);
    }
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

  wrote({ type }: LessonEvent, json: string): void {
    this.#parts.reports.wrote(type);
    this.broadcast(eventMessage, json);
    disconnectUnread(this.clients);
  }

  progressed(progress: Progress): void {
    this.broadcast(progressMessage, progress);
    disconnectUnread(this.clients);
  }

  working(isWorking: boolean): void {
    this.autoDispose = !isWorking;
  }

  failed(name: RequestName, error: unknown): void {
    // A shutdown ends the worker threads, so their work fails.
    const isEnding = matchMaker.state === matchMaker.MatchMakerState.SHUTTING_DOWN;
    if (!isEnding) this.#parts.reports.failed(name, error, this.#service!.id);
  }
}
