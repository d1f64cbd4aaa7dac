import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import type { Profile } from "./profile.ts";

/** The resources that a process uses. */
export interface ProcessUsage {
  /** Bytes. */
  readonly rss: number;
  /** Bytes. */
  readonly heapUsed: number;
  /** Bytes of buffers outside of the heap. */
  readonly external: number;
  /** Seconds of processor time since it was started, all of its threads. */
  readonly cpu: number;
  /** Delay of timers since the last reset, ms. */
  readonly loop: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Profile of its main thread; null where none was asked for. */
  readonly profile: Profile | null;
}

/** A process's state since the last beat. */
export interface Beat {
  /** Longest delay of its event loop, ms. */
  readonly late: number;
  /** Bytes. */
  readonly rss: number;
  /** Bytes of buffers outside of the heap. */
  readonly external: number;
}

/** Asks a process for its state again and again, at almost no cost. */
export class Beats {
  readonly #socket: Socket;
  readonly #lines: AsyncIterator<string>;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#lines = createInterface(socket)[Symbol.asyncIterator]();
  }

  /** One at a time. @throws Error where the process is gone */
  async next(): Promise<Beat> {
    this.#socket.write(".");
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("the process is gone");
    return JSON.parse(value) as Beat;
  }

  end(): void {
    this.#socket.destroy();
  }
}

let gauges = 0;

/** Reads what another process uses, from within that process. */
export class Gauge {
  readonly #socket = join(tmpdir(), `dojo-gauge-${process.pid}-${gauges++}.sock`);

  /** Environment with which a Node.js process has to be started. */
  get env(): Record<string, string> {
    const hook = pathToFileURL(resolve("test/load/gauge.mjs")).href;
    const options = `${process.env.NODE_OPTIONS ?? ""} --import=${hook}`.trim();
    return { GAUGE: this.#socket, NODE_OPTIONS: options };
  }

  async beats(): Promise<Beats> {
    const socket = connect(this.#socket);
    socket.write("beat");
    await once(socket, "data");
    socket.on("error", () => {});
    return new Beats(socket);
  }

  /**
   * @param wishes "collect" collects garbage first, as memory is what is left after that; "reset"
   * begins a new time over which `loop` is measured; the others begin a profile and end it
   */
  async read(
    ...wishes: ("collect" | "reset" | "begin-profile" | "end-profile")[]
  ): Promise<ProcessUsage> {
    const socket = connect(this.#socket);
    await once(socket, "connect");
    socket.write(`read ${wishes.join(" ")}`);
    let text = "";
    for await (const chunk of socket) text += chunk;
    return JSON.parse(text) as ProcessUsage;
  }
}
