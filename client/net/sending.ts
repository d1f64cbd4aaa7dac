import { type ReadonlySignal, signal } from "@preact/signals";
import type { Done } from "../../shared/lesson/protocol.ts";
import type { Refusal } from "../../shared/lesson/refusal.ts";
import type { ChangeName, Request, RequestName } from "../../shared/lesson/requests.ts";
import { type Letter, Outbox } from "./outbox.ts";
import { Refused } from "./session.ts";

/** Milliseconds between attempts to come back, or to be served, at first and at most. */
export const firstPause = 250;
export const longestPause = 5000;
/** Refusals that pass by themselves: the request is made again. */
const passing: readonly Refusal["code"][] = ["not-stored", "too-many", "held"];
/** Those that a person can do something about: what was asked for is kept for another page. */
const mendable: readonly Refusal["code"][] = ["damaged", "not-yours"];

/** Where requests go. */
export interface Destination {
  /** Sends a request once. @throws Refused where the answer is no, anything else where there is none */
  send<Answer>(name: RequestName, body: object): Promise<Answer>;
  /** Whether there is no sense in sending anything any more. */
  isGone(): boolean;
}

/**
 * What a page asks of whoever keeps its lesson. What was under way when the line dropped, or when a
 * page was closed, is sent again under the same key, by another page too, so that none is lost and none
 * is done twice.
 */
export class Sending {
  /** Why something waits that was asked for, in its keeper's words; null while nothing does. */
  readonly trouble = signal<string | null>(null);
  /** Why something could not be done that an earlier page had asked for; null where all was. */
  readonly mishap = signal<string | null>(null);
  /** How much has been asked for and not acknowledged. */
  readonly unsent = signal(0);
  readonly #to: Destination;
  readonly #outbox: Outbox;
  /** Settles once all that was asked for so far has been dealt with, but for work. */
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(lesson: string, to: Destination) {
    this.#outbox = new Outbox(lesson);
    this.#to = to;
  }

  /** How much of what is unsent the browser would not keep, so that it is gone with this page. */
  get unkept(): ReadonlySignal<number> {
    return this.#outbox.unkept;
  }

  /** Asks for a change; resolves once it is on disk. @throws Refused */
  async request<K extends ChangeName>(name: K, body: Omit<Request<K>, "key">): Promise<Done> {
    const letter = { name, body: { ...body, key: newKey() } };
    this.#outbox.put(letter);
    return this.#inTurn(letter);
  }

  /** What an earlier page left unsent goes before anything else. */
  sendLeftovers(): void {
    for (const letter of this.#outbox.letters()) {
      this.#inTurn(letter).catch((error) => {
        if (error instanceof Refused) this.mishap.value = error.message;
      });
    }
  }

  /** Asks until there is an answer. @throws Refused */
  async insist<Answer>(name: RequestName, body: object): Promise<Answer> {
    for (let pause = firstPause; ; pause = Math.min(longestPause, 2 * pause)) {
      try {
        const answer = await this.#to.send<Answer>(name, body);
        this.trouble.value = null;
        return answer;
      } catch (error) {
        if (this.#to.isGone()) throw error;
        if (error instanceof Refused) {
          const passes = passing.includes(error.code);
          this.trouble.value = passes ? error.message : null;
          if (!passes) throw error;
        }
        // Or the line dropped before the answer came. Wait until the room has been left.
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  /** Letters are delivered one after the other: one that has to wait is not overtaken. */
  #inTurn(letter: Letter): Promise<Done> {
    this.unsent.value++;
    const delivered = this.#lastTurn.then(() => this.#deliver(letter));
    // Work lasts; what comes after it need not wait for it.
    if (letter.name !== "train" && letter.name !== "infer")
      this.#lastTurn = delivered.catch(() => {});
    return delivered;
  }

  async #deliver(letter: Letter): Promise<Done> {
    const settled = () => {
      this.#outbox.take(letter);
      this.unsent.value--;
    };
    try {
      const done = await this.insist<Done>(letter.name, letter.body);
      settled();
      return done;
    } catch (error) {
      // What was refused for good is dealt with; all else is kept for another page.
      if (error instanceof Refused && !mendable.includes(error.code)) settled();
      throw error;
    }
  }
}

/** What a request is known by. Browsers have UUIDs only where the page came over https. */
function newKey(): string {
  const words = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(words, (word) => word.toString(16).padStart(8, "0")).join("");
}
