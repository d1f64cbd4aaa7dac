import type { Change } from "./connection.ts";
import { forget, namesOf, recall, remember } from "./memory.ts";

/** A request that has not been acknowledged. */
export interface Letter {
  readonly name: Change;
  readonly body: { readonly key: string };
}

/**
 * What a lesson was asked for and has not acknowledged, kept in the browser: a page that is closed
 * or a machine that is switched off loses nothing. Each letter has an entry of its own, so that
 * pages beside each other don't overwrite what the other keeps.
 */
export class Outbox {
  readonly #prefix: string;
  readonly #names = new Map<string, string>();
  #count = 0;

  constructor(lesson: string) {
    this.#prefix = `dagger-dojo.unsent.${lesson}.`;
  }

  /** In the order in which they were put here. */
  letters(): Letter[] {
    return namesOf(this.#prefix).flatMap((name) => {
      try {
        const letter: Letter = JSON.parse(recall(name)!);
        this.#names.set(letter.body.key, name);
        return [letter];
      } catch {
        forget(name);
        return [];
      }
    });
  }

  put(letter: Letter): void {
    const order = [Date.now(), this.#count++].map((n) => n.toString().padStart(15, "0"));
    const name = `${this.#prefix}${order.join(".")}.${letter.body.key}`;
    this.#names.set(letter.body.key, name);
    remember(name, JSON.stringify(letter));
  }

  take({ body: { key } }: Letter): void {
    forget(this.#names.get(key)!);
    this.#names.delete(key);
  }
}
