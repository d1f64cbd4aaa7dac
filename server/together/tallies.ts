import * as z from "zod";
import { Budget } from "../door/budget.ts";

/** How long what a process has told counts, ms: for as long it may be silent. */
const fresh = 5000;

const perAddress = z.record(z.string(), z.number().nonnegative());

/** What a process tells the others once a second. */
export const tallySchema = z.object({
  process: z.string(),
  /** Lessons that it has open. */
  rooms: z.number().nonnegative(),
  /** Its open websockets by address. */
  websockets: perAddress,
  /** Milliseconds of its main thread that each address has used since it told before. */
  spent: perAddress,
});

export type Tally = Readonly<z.infer<typeof tallySchema>>;

/** What the other processes have told of what counts towards everyone's limits. */
export class Tallies {
  readonly #clock: () => number;
  readonly #last = new Map<string, { readonly at: number; readonly tally: Tally }>();

  constructor(clock = () => performance.now()) {
    this.#clock = clock;
  }

  hear(tally: Tally): void {
    this.#last.set(tally.process, { at: this.#clock(), tally });
  }

  /** Lessons that the others have open. */
  get rooms(): number {
    return this.#fresh().reduce((sum, { rooms }) => sum + rooms, 0);
  }

  /** Websockets of an address that the others have open. */
  websockets(address: string): number {
    return this.#fresh().reduce((sum, { websockets }) => sum + (websockets[address] ?? 0), 0);
  }

  #fresh(): Tally[] {
    for (const [process, { at }] of this.#last)
      if (this.#clock() - at > fresh) this.#last.delete(process);
    return [...this.#last.values()].map(({ tally }) => tally);
  }
}

/** A budget of which every process knows what was spent in the others. */
export class SharedBudget extends Budget {
  readonly #untold = new Map<string, number>();

  override spend(address: string, ms: number): void {
    super.spend(address, ms);
    this.#untold.set(address, (this.#untold.get(address) ?? 0) + ms);
  }

  /** What was spent here since this was asked last, ms by address. */
  takeUntold(): Record<string, number> {
    const untold = Object.fromEntries(this.#untold);
    this.#untold.clear();
    return untold;
  }

  /** Counts what was spent in another process. */
  hear(spent: Readonly<Record<string, number>>): void {
    for (const [address, ms] of Object.entries(spent)) super.spend(address, ms);
  }
}
