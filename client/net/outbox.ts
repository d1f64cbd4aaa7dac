import { type ReadonlySignal, signal } from "@preact/signals";
import type { ChangeName } from "../../shared/lesson/requests.ts";
import { forget, namesOf, recall, remember } from "../browser/local-storage.ts";

/** A request that has not been acknowledged. */
export interface Letter {
  readonly name: ChangeName;
  readonly body: { readonly key: string };
}

/** Letters, as JSON and by name, that the browser would not keep: they are gone with this page. */
const unkept = new Map<string, string>();

/**
 * What a lesson was asked for and has not acknowledged, kept in the browser: a page that is closed
 * or a machine that is switched off loses nothing. Each letter has an entry of its own, so that
 * pages beside each other don't overwrite what the other keeps.
 */
export class Outbox {
  readonly #prefix: string;
  /** By key. */
  readonly #names = new Map<string, string>();
  readonly #unkept = signal(0);

  constructor(lesson: string) {
    this.#prefix = `dagger-dojo.unsent.${lesson}.`;
    this.#recount();
  }

  /** How many letters the browser would not keep. */
  get unkept(): ReadonlySignal<number> {
    return this.#unkept;
  }

  /** In the order in which they were put here, by whichever page. */
  letters(): Letter[] {
    return this.#all().flatMap((name) => {
      try {
        const letter: Letter = JSON.parse(unkept.get(name) ?? recall(name)!);
        this.#names.set(letter.body.key, name);
        return [letter];
      } catch {
        forget(name);
        return [];
      }
    });
  }

  put(letter: Letter): void {
    // A clock may be set back. Earlier versions named letters by it, which makes numbers that are greater
    // than any count: those come first, as they are there before.
    const order = 1 + Math.max(0, ...this.#all().map((name) => this.#orderOf(name)));
    const name = `${this.#prefix}${order.toString().padStart(15, "0")}.${letter.body.key}`;
    this.#names.set(letter.body.key, name);
    unkept.set(name, JSON.stringify(letter));
    this.#keep();
  }

  take({ body: { key } }: Letter): void {
    const name = this.#names.get(key)!;
    this.#names.delete(key);
    forget(name);
    unkept.delete(name);
    // Where one has gone, there may be room for another.
    this.#keep();
  }

  #keep(): void {
    for (const [name, letter] of unkept) if (remember(name, letter)) unkept.delete(name);
    this.#recount();
  }

  #recount(): void {
    this.#unkept.value = [...unkept.keys()].filter((name) => name.startsWith(this.#prefix)).length;
    // Asks before it lets the page be closed.
    if (unkept.size > 0) addEventListener("beforeunload", stay);
    else removeEventListener("beforeunload", stay);
  }

  /** Names of all letters, in order. */
  #all(): string[] {
    const names = [...unkept.keys()].filter((name) => name.startsWith(this.#prefix));
    return [...namesOf(this.#prefix), ...names].sort();
  }

  #orderOf(name: string): number {
    return Number.parseInt(name.slice(this.#prefix.length), 10) || 0;
  }
}

function stay(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
