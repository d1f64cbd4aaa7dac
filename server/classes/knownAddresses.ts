/** Most of them. */
const most = 200;

/** The addresses at which somebody of a class was, those of before long ago given up for newer ones. */
export class KnownAddresses {
  /** Those that were met last at the end. */
  readonly #all = new Set<string>();

  meet(address: string): void {
    this.#all.delete(address);
    this.#all.add(address);
    if (this.#all.size > most) this.#all.delete(this.#all.values().next().value!);
  }

  has(address: string): boolean {
    return this.#all.has(address);
  }
}
