import { type Client, ClientState, type WebSocketClient } from "colyseus";
import {
  type EventMessage,
  type eventMessage,
  type Progress,
  pageSize,
  type progressMessage,
} from "../../shared/lesson/protocol.ts";
import type { Caller } from "../../shared/lesson/service/platform.ts";
import type { Budget } from "./budget.ts";
import type { Line } from "./clientSocket.ts";

/** Someone in a lesson's room. */
export type LessonClient = Client<{
  messages: { [eventMessage]: EventMessage; [progressMessage]: Progress };
  userData: Caller;
}>;

/** Milliseconds that a client may take to say that it has entered. */
const entering = 10_000;

/** Whether what is told to a client would pile up here: it has not entered, or does not read. */
export function isAbsent(client: LessonClient): boolean {
  return client.state !== ClientState.JOINED || lineOf(client).isDeaf;
}

/** What a lesson has to know of a client. @param owner whether this is who began the lesson */
export function callerOf(client: LessonClient, owner: boolean, budget: Budget): Caller {
  const line = lineOf(client);
  const { address } = line;
  return {
    owner,
    address,
    spend: (ms) => budget.spend(address, ms),
    get isReading() {
      return line.bufferedAmount > pageSize;
    },
  };
}

/** Closes the line at once; whoever is at the other end will come back, and catch up. */
export function hangUp(client: LessonClient): void {
  lineOf(client).terminate();
}

/** Until a client has said that it is here, what it is told is kept for it: not for long. */
export function expectToEnter(client: LessonClient): void {
  setTimeout(() => {
    if (client.state === ClientState.JOINING) hangUp(client);
  }, entering);
}

/** The websocket behind a client; there are no others than those of this transport. */
export function lineOf(client: LessonClient): Line {
  return (client as unknown as WebSocketClient).ref as Line;
}
