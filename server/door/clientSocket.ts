import type { Duplex } from "node:stream";
import { ErrorCode, getMessageBytes, Protocol } from "colyseus";
import { WebSocket } from "ws";
import type { Refusal } from "../../shared/lesson/refusal.ts";
import { now, timed } from "../time.ts";
import type { Budget } from "./budget.ts";
import { type BadFrame, frameOf, isBad } from "./frames.ts";
import type { Passing, Turnstile } from "./messageScheduler.ts";

/** Bytes waiting to be sent past which a client is not listening. */
const deaf = 2 * 1024 * 1024;
/** Messages that may wait to be passed on; then the line is not read from. */
const mostHeld = 32;
/** Messages at once that nobody has a reason for: what has been read already cannot be left waiting. */
const flood = 1000;
/** Status of an answer in Colyseus' protocol: a refusal. */
const rejected = 1;

/** Who is at the other end, who is told what messages cost, and what they cost each. */
export interface Payer {
  /** Where the line comes from. */
  readonly address: string;
  readonly budget: Budget;
  readonly turnstile: Turnstile;
  /** Told of each message the name of the request, or null, and the main thread's milliseconds. */
  readonly paid: (request: string | null, ms: number) => void;
}

/**
 * A websocket of a client's. Its messages are looked at before anyone else sees them, and pass one by
 * one, when it is their turn; where too many wait, or their sender's address has had its share, the line
 * is not read from, so that whoever sends too much finds it full.
 */
export class Line extends WebSocket implements Passing {
  #payer: Payer | null = null;
  readonly #held: Buffer[] = [];
  #queued = false;

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
      if (payer.budget.wait(payer.address) > 0) this.#queue();
    });
  }

  get address(): string {
    return this.#payer?.address ?? "";
  }

  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (event !== "message") return super.emit(event, ...args);
    this.#held.push(args[0] as Buffer);
    if (this.#held.length > flood) {
      this.#held.length = 0;
      this.terminate();
    } else if (this.#held.length > mostHeld) this.pause();
    this.#queue();
    return true;
  }

  /** Whether it has been sent so much that it has not read. */
  get isDeaf(): boolean {
    return this.bufferedAmount > deaf;
  }

  #queue(): void {
    if (this.#queued || !this.#payer) return;
    this.#queued = true;
    this.#payer.turnstile.queue(this.#payer.address, this);
  }

  wait(): void {
    this.pause();
  }

  breathe(): void {
    if (this.#held.length <= mostHeld) this.resume();
  }

  pass(): boolean {
    const payer = this.#payer!;
    if (this.isPaused && this.#held.length <= mostHeld) this.resume();
    const message = this.#held.shift();
    if (message === undefined || this.readyState !== WebSocket.OPEN) {
      this.#held.length = 0;
      this.#queued = false;
      return false;
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
    // One that was paused is looked at once more, so that it is read again.
    this.#queued = this.#held.length > 0 || this.isPaused;
    return this.#queued;
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
