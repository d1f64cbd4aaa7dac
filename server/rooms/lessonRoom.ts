import { matchMaker, Room, ServerError } from "colyseus";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import { Unreadable } from "../../shared/lesson/log.ts";
import { eventMessage, type Progress, progressMessage } from "../../shared/lesson/protocol.ts";
import type { RequestName } from "../../shared/lesson/requests.ts";
import type { Audience, Platform } from "../../shared/lesson/service/platform.ts";
import { unable } from "../../shared/lesson/service/refusals.ts";
import { LessonService } from "../../shared/lesson/service/service.ts";
import type { Budget } from "../door/budget.ts";
import {
  callerOf,
  expectToEnter,
  hangUp,
  type LessonClient,
  lineOf,
} from "../door/lessonClient.ts";
import type { Reports } from "../reports.ts";
import type { MessageRate } from "./messageRate.ts";
import { messagesTo } from "./messages.ts";
import type { Joining, Kept, Rooms } from "./rooms.ts";

/** What the server gives. */
export interface Given {
  readonly platform: Platform;
  readonly rooms: Rooms;
  readonly budget: Budget;
  readonly rate: MessageRate;
  readonly reports: Reports;
}

/** A lesson's service, for everyone who has its address, over Colyseus. */
export class LessonRoom extends Room<{ client: LessonClient }> implements Kept, Audience {
  /** No state is synchronised. Colyseus looks at 0 sixty times a second. */
  override patchRate = 3_600_000; // ms
  address = "";
  #given!: Given;
  #service: LessonService | null = null;

  override messages = messagesTo(() => ({ ...this.#given, service: this.#service! }));

  override async onCreate({ lesson = "", address = "", ...given }: Partial<Joining> & Given) {
    this.#given = given;
    this.address = address;
    const spend = (ms: number) => given.budget.spend(address, ms);
    this.#service = await LessonService.open(lesson, given.platform, this, spend).catch((error) => {
      throw error instanceof Unreadable ? new ServerError(410, error.message) : error;
    });
    if (!this.#service) throw new ServerError(404, "There is no lesson at this address.");
    given.rooms.opened(lesson, this);
  }

  override async onJoin(client: LessonClient, { secret }: Joining) {
    const { platform, budget, reports } = this.#given;
    const { id } = this.#service!;
    try {
      const owner = await platform.log.isOwner(id, secret);
      client.userData = callerOf(client, owner, budget);
      this.address = client.userData.address;
      reports.joined(id, owner);
    } catch (error) {
      // Whose own words Colyseus would pass on.
      reports.failed("join", error, id);
      throw new ServerError(500, unable.reason);
    }
    expectToEnter(client);
  }

  override onLeave(client: LessonClient, code?: number) {
    const { reports, rooms } = this.#given;
    this.address = lineOf(client).address;
    reports.left(this.#service!.id, code);
    rooms.left(this);
  }

  override onBeforeShutdown() {
    // Without this, Colyseus forgets a room that was kept for its work a moment ago.
    this.autoDispose = true;
    super.onBeforeShutdown();
  }

  override async onDispose() {
    // One that was never opened is disposed of as well.
    if (!this.#service) return;
    this.#given.rooms.closed(this.#service.id, this);
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
    this.#given.reports.wrote(type);
    this.broadcast(eventMessage, json);
    for (const client of this.clients) if (lineOf(client).isDeaf) hangUp(client);
  }

  progressed(progress: Progress): void {
    this.broadcast(progressMessage, progress);
  }

  working(isWorking: boolean): void {
    this.autoDispose = !isWorking;
  }

  failed(name: RequestName, error: unknown): void {
    // Work is broken off with the threads that do it.
    const isEnding = matchMaker.state === matchMaker.MatchMakerState.SHUTTING_DOWN;
    if (!isEnding) this.#given.reports.failed(name, error, this.#service!.id);
  }
}
