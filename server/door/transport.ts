import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type TransportOptions, WebSocketTransport } from "colyseus";
import { Line, type Payer } from "./clientSocket.ts";
import { hangUp, no } from "./door.ts";

/**
 * Colyseus without a port of its own: it gets the websockets that it is handed, and none of its own
 * HTTP routes are reachable, with what they allow to pages of any origin.
 */
export class IndoorTransport extends WebSocketTransport {
  constructor(options: TransportOptions) {
    super({ ...options, noServer: true, WebSocket: Line });
    this.wss.on("wsClientError", (_error, socket) =>
      hangUp(socket, no(400, "malformed", "This is not the beginning of a websocket.")),
    );
  }

  override listen(_port: number, _host?: string, _backlog?: number, ready?: () => void): this {
    this.autoTerminateUnresponsiveClients(this.pingIntervalMS, this.pingMaxRetries);
    ready?.();
    return this;
  }

  override bindRouter(): void {}

  /** @param payer who is at the other end */
  take(request: IncomingMessage, socket: Duplex, head: Buffer, payer: Payer): void {
    this.wss.handleUpgrade(request, socket, head, (websocket) => {
      (websocket as Line).open(payer, socket);
      this.wss.emit("connection", websocket, request);
    });
  }

  override shutdown(): void {
    clearInterval(this.pingInterval);
    super.shutdown();
  }
}
