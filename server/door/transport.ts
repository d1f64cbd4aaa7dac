import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type TransportOptions, WebSocketTransport } from "colyseus";
import { ClientSocket, type SenderAccount } from "./clientSocket.ts";
import { httpRefusal, refuseAndClose } from "./door.ts";

/**
 * The transport behind the door's checks. Colyseus gets no port of its own but only the websockets that
 * were admitted, and its own HTTP routes, which pages of any origin may use, are not reachable.
 */
export class CheckedTransport extends WebSocketTransport {
  constructor(options: TransportOptions) {
    super({ ...options, noServer: true, WebSocket: ClientSocket });
    this.wss.on("wsClientError", (_error, socket) =>
      refuseAndClose(
        socket,
        httpRefusal(400, "malformed", "This is not the beginning of a websocket."),
      ),
    );
  }

  override listen(_port: number, _host?: string, _backlog?: number, ready?: () => void): this {
    this.autoTerminateUnresponsiveClients(this.pingIntervalMS, this.pingMaxRetries);
    ready?.();
    return this;
  }

  override bindRouter(): void {}

  /** Takes over an admitted websocket. @param account of its sender */
  take(request: IncomingMessage, socket: Duplex, head: Buffer, account: SenderAccount): void {
    this.wss.handleUpgrade(request, socket, head, (websocket) => {
      (websocket as ClientSocket).open(account, socket);
      this.wss.emit("connection", websocket, request);
    });
  }

  override shutdown(): void {
    clearInterval(this.pingInterval);
    super.shutdown();
  }
}
