import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { WebSocket } from "ws";
import type { ServerAddress } from "../server/server.ts";

/** First bytes of Colyseus' messages for joining, and for a ping after which everything before was read. */
const joinRoom = 10;
const ping = 18;

/** A seat in a room, from {@link reserve}. */
interface Seat {
  readonly processId: string;
  readonly roomId: string;
  readonly sessionId: string;
}

export async function reserve(server: ServerAddress, entry: object, from?: string): Promise<Seat> {
  return (await post(server, "/matchmake/joinOrCreate/lesson", entry, from)) as Seat;
}

/**
 * Posts JSON.
 * @param from which of this machine's own addresses to come from, all of 127.0.0.0/8 on Linux
 * @throws Error where it is refused
 */
export async function post(
  { address }: ServerAddress,
  path: string,
  body: object,
  from?: string,
): Promise<unknown> {
  const asked = request(`${reached(address, from)}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    ...(from !== undefined && { localAddress: from }),
  });
  const answered = once(asked, "response");
  asked.end(JSON.stringify(body));
  const [response] = await answered;
  let text = "";
  for await (const chunk of response) text += chunk;
  const { statusCode } = response as { statusCode: number };
  if (statusCode >= 300) throw new Error(`refused: ${statusCode} ${text}`);
  return JSON.parse(text);
}

/** The URL by which a client from an IPv4 address reaches a server. */
function reached(address: string, from?: string): string {
  return from === undefined ? address : address.replace("localhost", "127.0.0.1");
}

/** A websocket to a room without the client SDK, which cannot send invalid messages. */
export class Wire {
  readonly #socket: WebSocket;
  /** Messages received, unless `listen` is set. */
  heard: Buffer[] = [];
  /** Told each message. */
  listen: (message: Buffer) => void = (message) => this.heard.push(message);

  /** Resolves when the connection is closed. */
  readonly gone: Promise<void>;
  #answered: () => void = () => {};

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.gone = new Promise((resolve) => socket.once("close", () => resolve()));
    socket.on("message", (data: Buffer) => {
      this.listen(data);
      if (data.length === 1 && data[0] === ping) this.#answered();
    });
    socket.on("error", () => {});
  }

  /**
   * @param joins whether to confirm the join, as clients should
   * @param from as in {@link post}
   */
  static async open(
    server: ServerAddress,
    entry: object,
    joins = true,
    from?: string,
  ): Promise<Wire> {
    const { processId, roomId, sessionId } = await reserve(server, entry, from);
    const address = reached(server.address, from).replace("http", "ws");
    const wire = new Wire(
      new WebSocket(`${address}/${processId}/${roomId}?sessionId=${sessionId}`, {
        ...(from !== undefined && { localAddress: from }),
      }),
    );
    await Promise.race([once(wire.#socket, "message"), wire.gone]);
    if (joins) wire.send(Uint8Array.of(joinRoom));
    return wire;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  send(bytes: Uint8Array): void {
    this.#socket.send(bytes);
  }

  /** Writes to the TCP socket below the websocket. */
  write(bytes: Uint8Array): void {
    this.#line().write(bytes);
  }

  /** Says that it is alive, unasked: a socket that is paused does not answer pings. */
  pong(): void {
    this.#socket.pong();
  }

  /** Stops reading, so that sent data piles up. */
  pause(): void {
    this.#line().pause();
  }

  /** Waits until everything sent has been read, or the connection is closed. */
  async settled(): Promise<void> {
    if (!this.isOpen) return;
    const answered = new Promise<void>((resolve) => {
      this.#answered = resolve;
    });
    this.send(Uint8Array.of(ping));
    await Promise.race([answered, this.gone]);
  }

  end(): void {
    this.#socket.terminate();
  }

  #line() {
    return (this.#socket as unknown as { _socket: import("node:net").Socket })._socket;
  }
}

/** Sends bytes to the server's port. Resolves to everything received until the connection is closed. */
export function exchange(
  { address }: ServerAddress,
  bytes: Uint8Array,
  patience: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(address).port), "localhost");
    const parts: Buffer[] = [];
    const done = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(Buffer.concat(parts).toString("latin1"));
    };
    const timer = setTimeout(done, patience);
    socket.on("data", (part) => parts.push(part));
    socket.on("close", done);
    socket.on("error", (error: NodeJS.ErrnoException) => {
      // A closed connection is an answer too; one that was never accepted is not.
      if (error.code !== "ECONNREFUSED") return;
      clearTimeout(timer);
      reject(error);
    });
    socket.end(bytes);
  });
}
