import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

/** A name server as Docker has one for its containers: IPv4 addresses of the names that it was told, by UDP. */
export class NameServer {
  /** The addresses of each name. Who asks for another is told that it does not exist. */
  readonly addresses = new Map<string, readonly string[]>();
  /** The names that were asked for. */
  readonly asked = new Set<string>();
  readonly #socket: Socket = createSocket("udp4");

  static async start(): Promise<NameServer> {
    const server = new NameServer();
    const socket = server.#socket;
    socket.on("message", (query, { address, port }) =>
      socket.send(server.#answer(query), port, address),
    );
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    return server;
  }

  get port(): number {
    return this.#socket.address().port;
  }

  close(): void {
    this.#socket.close();
  }

  /** RFC 1035, section 4: a query's header and its one question. */
  #answer(query: Buffer): Buffer {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at]!; length > 0; length = query[at]!) {
      labels.push(query.toString("latin1", at + 1, at + 1 + length));
      at += 1 + length;
    }
    const [type, end] = [query.readUInt16BE(at + 1), at + 5];
    this.asked.add(labels.join("."));
    const known = this.addresses.get(labels.join("."));
    const found = type === 1 ? (known ?? []) : []; // A, an IPv4 address
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(known ? 0x8180 : 0x8183, 2); // an answer; or no such name
    for (const [i, count] of [1, found.length, 0, 0].entries())
      header.writeUInt16BE(count, 4 + 2 * i);
    const records = found.map((address) =>
      // The name of the question, A, IN, for no time at all, four bytes.
      Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split(".").map(Number)]),
    );
    return Buffer.concat([header, query.subarray(12, end), ...records]);
  }
}
