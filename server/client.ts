import { type Client, ClientState } from "@colyseus/core";
import type { WebSocketClient } from "@colyseus/ws-transport";
import {
  type EventMessage,
  type eventMessage,
  type Progress,
  pageSize,
  type progressMessage,
} from "../shared/protocol.ts";

/** Someone in a lesson's room. */
export type LessonClient = Client<{
  messages: { [eventMessage]: EventMessage; [progressMessage]: Progress };
  /** Whether this is who began the lesson, and whether something large, or a race, is on its way to them. */
  userData: { owner: boolean; reading: boolean; racing: boolean };
}>;

/** Where websockets come from. */
const addresses = new WeakMap<object, string>();

/** Keeps the address that `websocket` comes from, for {@link addressOf}. */
export function keepAddress(websocket: object, address: string): void {
  addresses.set(websocket, address);
}

/** The address that a client asks from. */
export function addressOf(client: LessonClient): string {
  return addresses.get(socketOf(client)) ?? "";
}

/** Bytes waiting to be sent past which a client is not listening. */
const deaf = 2 * 1024 * 1024;
/** Milliseconds that a client may take to say that it has entered. */
const entering = 10_000;

/** Whether what is told to a client would pile up here: it has not entered, or does not read. */
export function isAbsent(client: LessonClient): boolean {
  return client.state !== ClientState.JOINED || isDeaf(client);
}

/** Whether it has been sent so much that it has not read. */
export function isDeaf(client: LessonClient): boolean {
  return socketOf(client).bufferedAmount > deaf;
}

/** Whether a page that it was sent is still on its way. */
export function isReading(client: LessonClient): boolean {
  return client.userData!.reading || socketOf(client).bufferedAmount > pageSize;
}

/** Closes the line at once; whoever is at the other end will come back, and catch up. */
export function hangUp(client: LessonClient): void {
  socketOf(client).terminate();
}

/** Until a client has said that it is here, what it is told is kept for it: not for long. */
export function expectToEnter(client: LessonClient): void {
  setTimeout(() => {
    if (client.state === ClientState.JOINING) hangUp(client);
  }, entering);
}

/** The websocket behind a client; there are no others than those of this transport. */
function socketOf(client: LessonClient): WebSocketClient["ref"] {
  return (client as unknown as WebSocketClient).ref;
}
