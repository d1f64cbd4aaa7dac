/** How a lesson's past use of the slots is forgotten: by half in this time. */
const halfLife = 60_000; // ms

interface Job {
  /** For whom it is, the widest first: those of one address, say, and of them those of one lesson. */
  readonly owners: readonly string[];
  readonly long: boolean;
  readonly start: () => void;
  /** Told its place: 1 for next. */
  readonly wait: (place: number) => void;
}

/**
 * A queue for a few slots that many share. Next is whoever has used them least of late, so that an
 * owner with much to do waits behind those with little, and cannot get past them by going under many
 * names; long jobs leave one slot to the others.
 */
export class FairQueue {
  readonly #slots: number;
  readonly #clock: () => number;
  #waiting: Job[] = [];
  #busy = 0;
  #busyLong = 0;
  readonly #used = new Map<string, { ms: number; at: number }>();

  /** @param slots at least 2, or nothing long would ever run */
  constructor(slots: number, clock = () => performance.now()) {
    this.#slots = slots;
    this.#clock = clock;
  }

  /** Jobs that wait for a slot. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Jobs that have one. */
  get busy(): number {
    return this.#busy;
  }

  /**
   * Does `work` once there is a slot for it.
   * @throws what `signal` was aborted with, if that was while it waited
   */
  async run<T>(
    { owners, long, wait }: Omit<Job, "start">,
    work: () => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    await new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const leave = () => {
        this.#waiting = this.#waiting.filter((other) => other !== job);
        this.#next();
        reject(signal!.reason);
      };
      const start = () => {
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      const job = { owners, long, wait, start };
      signal?.addEventListener("abort", leave);
      this.#waiting.push(job);
      this.#next();
    });
    const began = this.#clock();
    try {
      return await work();
    } finally {
      this.#busy--;
      if (long) this.#busyLong--;
      for (const owner of owners) this.#use(owner, this.#clock() - began);
      this.#next();
    }
  }

  #next(): void {
    this.#waiting = this.#inOrder();
    while (this.#busy < this.#slots) {
      const next = this.#waiting.findIndex(({ long }) => !long || this.#busyLong < this.#slots - 1);
      if (next < 0) break;
      const [job] = this.#waiting.splice(next, 1);
      this.#busy++;
      if (job!.long) this.#busyLong++;
      job!.start();
    }
    this.#waiting.forEach(({ wait }, i) => {
      wait(i + 1);
    });
  }

  /** Whose owners have used least first, the widest before the others; among equals, as they came. */
  #inOrder(): Job[] {
    const used = new Map(this.#waiting.map((job) => [job, job.owners.map((o) => this.#usedBy(o))]));
    return this.#waiting.toSorted((one, other) => {
      const [mine, theirs] = [used.get(one)!, used.get(other)!];
      const i = mine.findIndex((ms, i) => ms !== theirs[i]);
      return i < 0 ? 0 : mine[i]! - theirs[i]!;
    });
  }

  /** Milliseconds, of which those long past count less. */
  #usedBy(owner: string): number {
    const { ms, at } = this.#used.get(owner) ?? { ms: 0, at: 0 };
    return ms * 0.5 ** ((this.#clock() - at) / halfLife);
  }

  #use(owner: string, ms: number): void {
    const at = this.#clock();
    this.#used.set(owner, { ms: this.#usedBy(owner) + ms, at });
    for (const other of this.#used.keys()) if (this.#usedBy(other) < 1) this.#used.delete(other);
  }
}
