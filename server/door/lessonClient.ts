import { type Client, ClientState, type WebSocketClient } from "colyseus";
import {
  type EventMessage,
  type eventMessage,
  type Outside,
  type outsideMessage,
  type Progress,
  pageSize,
  type progressMessage,
} from "../../shared/lesson/protocol.ts";
import type { Caller } from "../../shared/lesson/service/platform.ts";
import type { Budget } from "./budget.ts";
import type { ClientSocket } from "./clientSocket.ts";

/** A client of a lesson's room. */
export type LessonClient = Client<{
  messages: {
    [eventMessage]: EventMessage;
    [progressMessage]: Progress;
    [outsideMessage]: Outside;
  };
  userData: Caller;
}>;

/** Time in which a client has to confirm that it has joined, ms. */
const joinTimeout = 10_000;

/** A client of whichever room. */
// biome-ignore lint/suspicious/noExplicitAny: what rooms say differs, and nothing of it is asked here
export type AnyClient = Client<any>;

/** Whether messages to a client would pile up: it has not confirmed that it joined, or it does not read. */
export function isUnresponsive(client: AnyClient): boolean {
  return client.state !== ClientState.JOINED || socketOf(client).isNotReading;
}

/** The lesson service's view of a client. @param owner whether it has the lesson's secret */
export function callerOf(client: LessonClient, owner: boolean, budget: Budget): Caller {
  const socket = socketOf(client);
  const { address } = socket;
  return {
    owner,
    address,
    spend: (ms) => budget.spend(address, ms),
    get isReading() {
      return socket.bufferedAmount > pageSize;
    },
  };
}

/** Closes the socket at once; the page will reconnect and catch up. */
export function disconnect(client: AnyClient): void {
  socketOf(client).terminate();
}

/** Closes the sockets of clients that do not read, so that nothing piles up for them. */
export function disconnectUnread(clients: Iterable<AnyClient>): void {
  for (const client of clients) if (socketOf(client).isNotReading) disconnect(client);
}

/** Disconnects a client that does not confirm in time: messages to it are kept until then. */
export function awaitJoin(client: AnyClient): void {
  setTimeout(() => {
    if (client.state === ClientState.JOINING) disconnect(client);
  }, joinTimeout);
}

/** The websocket of a client; all are of this transport. */
export function socketOf(client: AnyClient): ClientSocket {
  return (client as unknown as WebSocketClient).ref as ClientSocket;
}
