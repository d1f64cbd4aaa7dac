import type { Duplex } from "node:stream";
import { ErrorCode, getMessageBytes, Protocol } from "@colyseus/core";
import { WebSocket } from "ws";
import type { Refusal } from "../shared/protocol.ts";
import type { Budget } from "./budget.ts";
import { type BadFrame, frameOf, isBad } from "./frames.ts";
import { now, timed } from "./time.ts";

/** Bytes waiting to be sent past which a client is not listening. */
const deaf = 2 * 1024 * 1024;
/** Messages that may wait to be passed on; then the line is not read from. */
const mostHeld = 32;
/** For how long a line is not read from at most, ms: what is dead is to be noticed. */
const longestPause = 1000;
/** Status of an answer in Colyseus' protocol: a refusal. */
const rejected = 1;

/** Who is at the other end, who is told what messages cost, and what they cost each. */
export interface Payer {
  /** Where the line comes from. */
  readonly address: string;
  readonly budget: Budget;
  /** Told of each message the name of the request, or null, and the main thread's milliseconds. */
  readonly paid: (request: string | null, ms: number) => void;
}

/**
 * A websocket of a client's. Its messages are looked at before anyone else sees them, and passed on one
 * in a turn of the event loop, each when its sender's address can pay for it; meanwhile the line is not
 * read from, so that whoever sends too much finds the line full.
 */
export class Line extends WebSocket {
  #payer: Payer | null = null;
  readonly #held: Buffer[] = [];
  #passing = false;

  /** Begins to pass messages on. @param socket the line below the websocket */
  open(payer: Payer, socket: Duplex): void {
    this.#payer = payer;
    // Reading costs something before there is any message, and where there never is one.
    let began = 0;
    socket.prependListener("data", () => {
      began = now();
    });
    socket.on("data", () => {
      payer.budget.spend(payer.address, now() - began);
      if (payer.budget.wait(payer.address) > 0) this.#begin();
    });
  }

  get address(): string {
    return this.#payer?.address ?? "";
  }

  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (event !== "message") return super.emit(event, ...args);
    this.#held.push(args[0] as Buffer);
    if (this.#held.length > mostHeld) this.pause();
    this.#begin();
    return true;
  }

  /** Whether it has been sent so much that it has not read. */
  get isDeaf(): boolean {
    return this.bufferedAmount > deaf;
  }

  #begin(): void {
    if (this.#passing) return;
    this.#passing = true;
    setImmediate(() => this.#pass());
  }

  #pass(): void {
    const payer = this.#payer;
    const wait = payer?.budget.wait(payer.address) ?? 0;
    if (wait > 0) {
      this.pause();
      setTimeout(() => this.#pass(), Math.min(longestPause, wait));
      return;
    }
    if (this.isPaused && this.#held.length <= mostHeld) this.resume();
    const message = this.#held.shift();
    if (message === undefined || !payer || this.readyState !== WebSocket.OPEN) {
      this.#held.length = 0;
      this.#passing = false;
      return;
    }
    let request: string | null = null;
    timed(
      () => {
        const frame = frameOf(message);
        if (isBad(frame)) {
          this.#refuse(frame);
        } else {
          request = frame.name;
          super.emit("message", message, true);
        }
      },
      (ms) => {
        payer.budget.spend(payer.address, ms);
        payer.paid(request, ms);
      },
    );
    setImmediate(() => this.#pass());
  }

  #refuse({ reason, request }: BadFrame): void {
    if (this.isDeaf) {
      this.terminate();
      return;
    }
    const refusal: Refusal = { code: "malformed", reason };
    this.send(
      request === null
        ? getMessageBytes[Protocol.ERROR](ErrorCode.INVALID_PAYLOAD, reason)
        : getMessageBytes[Protocol.ROOM_RESPONSE](request, rejected, refusal),
    );
  }
}
