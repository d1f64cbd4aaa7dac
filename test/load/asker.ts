import { frame } from "../fuzz/frames.ts";
import { msgpack } from "../fuzz/msgpack.ts";
import { Wire } from "../fuzz/wire.ts";
import type { ServerAddress } from "../server/server.ts";

const codes = { request: 21, response: 22 } as const;

/** The outcome of a request; "gone" where the connection is closed. */
export type Answer = "done" | "refused" | "failed" | "gone";

/** A cheap client of a room: it reads only the status of an answer. */
export class Asker {
  readonly #wire: Wire;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #asked = 0;

  private constructor(wire: Wire) {
    this.#wire = wire;
    wire.listen = (message) => {
      if (message[0] !== codes.response) return;
      const [id, at] = numberAt(message, 1);
      this.#waiting.get(id)?.(answers[message[at]!]!);
      this.#waiting.delete(id);
    };
    void wire.gone.then(() => {
      for (const resolve of this.#waiting.values()) resolve("gone");
    });
  }

  /** @param from the local address to connect from */
  static async open(server: ServerAddress, entry: object, from: string): Promise<Asker> {
    const wire = await Wire.open(server, entry, true, from);
    if (!wire.isOpen) throw new Error("the line was cut");
    return new Asker(wire);
  }

  ask(name: string, body: object): Promise<Answer> {
    return this.send(name, msgpack(body));
  }

  /** @param body MessagePack */
  async send(name: string, body: Uint8Array): Promise<Answer> {
    if (!this.#wire.isOpen) return "gone";
    const id = this.#asked++ % 0x10000;
    const number = Uint8Array.of(0xcd, id & 0xff, id >> 8);
    const answer = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#wire.send(frame(codes.request, number, name, [body]));
    return answer;
  }

  /** Resolves when the server has read everything that was sent. */
  settled(): Promise<void> {
    return this.#wire.settled();
  }

  end(): void {
    this.#wire.end();
  }
}

const answers: readonly Answer[] = ["done", "refused", "failed"];

/** A number of at most two bytes in Colyseus' encoding, and the place after it. */
function numberAt(bytes: Buffer, at: number): [number, number] {
  if (bytes[at] === 0xcc) return [bytes[at + 1]!, at + 2];
  if (bytes[at] === 0xcd) return [bytes.readUInt16LE(at + 1), at + 3];
  return [bytes[at]!, at + 1];
}
