import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { WebSocket } from "ws";
import type { ServerAddress } from "../server/server.ts";

/** Colyseus' first bytes that are needed to be let in, and to know that what came before was read. */
const joinRoom = 10;
const ping = 18;

/** A seat in a room, which `reserve` got over HTTP. */
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

/** Where a server is for whoever comes `from` an address of IPv4's. */
function reached(address: string, from?: string): string {
  return from === undefined ? address : address.replace("localhost", "127.0.0.1");
}

/** A websocket to a room without the client SDK, which would not send what nobody should. */
export class Wire {
  readonly #socket: WebSocket;
  /** What came back since this was last emptied, unless someone else listens. */
  heard: Buffer[] = [];
  /** Told each message. */
  listen: (message: Buffer) => void = (message) => this.heard.push(message);

  /** Resolves when the other side has hung up, or this one. */
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
   * @param joins whether to say what makes one a member of the room, as everybody should
   * @param from likewise as with {@link post}
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

  /** Writes past the websocket, to the line below it. */
  write(bytes: Uint8Array): void {
    this.#line().write(bytes);
  }

  /** Stops reading, so that what is sent here fills up the line. */
  pause(): void {
    this.#line().pause();
  }

  /** Waits until all that was sent has been read, or the other side has hung up. */
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

/** Sends bytes to the server's port and no more. Resolves to all that came back until it hung up. */
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
      // A line that is cut is an answer too; one that is never picked up is none.
      if (error.code !== "ECONNREFUSED") return;
      clearTimeout(timer);
      reject(error);
    });
    socket.end(bytes);
  });
}
