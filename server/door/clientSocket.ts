import type { Duplex } from "node:stream";
import { ErrorCode, getMessageBytes, Protocol } from "colyseus";
import { WebSocket } from "ws";
import type { Refusal } from "../../shared/lesson/refusal.ts";
import { now, timed } from "../time.ts";
import type { Budget } from "./budget.ts";
import { type BadFrame, frameOf, isBad } from "./frames.ts";
import type { HeldBytes } from "./heldBytes.ts";
import type { MessageScheduler, MessageSource } from "./messageScheduler.ts";

/** A client with more unsent bytes than this is not reading. */
const mostUnsentBytes = 2 * 1024 * 1024;
/** Most messages that wait before the socket is paused. */
const mostHeld = 32;
/** With more messages waiting than this, the socket is closed: those already received cannot be paused. */
const mostReceived = 1000;
/** Status of an answer in Colyseus' protocol: a refusal. */
const rejected = 1;

/** The sender of a socket's messages, and where their cost is counted. */
export interface SenderAccount {
  /** See `addressOf`. */
  readonly address: string;
  readonly budget: Budget;
  readonly scheduler: Pick<MessageScheduler, "queue">;
  readonly held: HeldBytes;
  /** Called after each message with the request's name, or null, and the main thread's time, ms. */
  readonly paid: (request: string | null, ms: number) => void;
}

/**
 * A client's websocket. Messages are checked first, and are passed on one by one when the scheduler says
 * so. When too many wait, or too many bytes of all sockets, or the sender's address has used its budget,
 * the socket is paused, so that TCP holds the sender back.
 */
export class ClientSocket extends WebSocket implements MessageSource {
  #account: SenderAccount | null = null;
  readonly #held: Buffer[] = [];
  #queued = false;

  /** Begins to pass messages on. @param socket the TCP socket of the websocket */
  open(account: SenderAccount, socket: Duplex): void {
    this.#account = account;
    // Reading takes time before a message is complete, and also where none ever is.
    let began = 0;
    socket.prependListener("data", () => {
      began = now();
    });
    socket.on("data", () => {
      account.budget.spend(account.address, now() - began);
      if (account.budget.wait(account.address) > 0) this.#queue();
    });
  }

  get address(): string {
    return this.#account?.address ?? "";
  }

  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (event === "close") this.#drop();
    if (event !== "message") return super.emit(event, ...args);
    const message = args[0] as Buffer;
    this.#held.push(message);
    this.#account?.held.add(this.address, message.length);
    if (this.#held.length > mostReceived) {
      this.#drop();
      this.terminate();
    } else if (!this.#mayRead) this.pause();
    this.#queue();
    return true;
  }

  /** Whether more messages may wait. One may always wait, or a socket would stay paused for others' sake. */
  get #mayRead(): boolean {
    if (this.#held.length === 0) return true;
    return this.#held.length <= mostHeld && !this.#account?.held.isFull(this.address);
  }

  #drop(): void {
    for (const { length } of this.#held.splice(0)) this.#account?.held.add(this.address, -length);
  }

  /** Whether too many bytes wait to be sent, as the client does not read. */
  get isNotReading(): boolean {
    return this.bufferedAmount > mostUnsentBytes;
  }

  #queue(): void {
    if (this.#queued || !this.#account) return;
    this.#queued = true;
    this.#account.scheduler.queue(this.#account.address, this);
  }

  wait(): void {
    this.pause();
  }

  breathe(): void {
    if (this.#mayRead) this.resume();
  }

  pass(): boolean {
    const account = this.#account!;
    if (this.isPaused && this.#mayRead) this.resume();
    const message = this.#held.shift();
    if (message) account.held.add(account.address, -message.length);
    if (message === undefined || this.readyState !== WebSocket.OPEN) {
      this.#drop();
      this.#queued = false;
      return false;
    }
    // Whatever is answered, by whomever, waits for a client that does not read.
    if (this.isNotReading) {
      this.terminate();
      return true;
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
        account.budget.spend(account.address, ms);
        account.paid(request, ms);
      },
    );
    // A paused socket gets one more turn, in which it is resumed.
    this.#queued = this.#held.length > 0 || this.isPaused;
    return this.#queued;
  }

  #refuse({ reason, request }: BadFrame): void {
    const refusal: Refusal = { code: "malformed", reason };
    this.send(
      request === null
        ? getMessageBytes[Protocol.ERROR](ErrorCode.INVALID_PAYLOAD, reason)
        : getMessageBytes[Protocol.ROOM_RESPONSE](request, rejected, refusal),
    );
  }
}
