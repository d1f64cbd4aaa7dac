/** How a lesson's past use of the slots is forgotten: by half in this time. */
const halfLife = 60_000; // ms

/** For whom a job is, the widest first: those of one address, and of them those of one lesson. */
type Owners = readonly [string, ...string[]];

interface Job {
  readonly owners: Owners;
  readonly long: boolean;
  /** Whether anybody still waits for it: others go first. */
  readonly isWanted: () => boolean;
  readonly start: () => void;
  /** Told its place: 1 for next. */
  readonly wait: (place: number) => void;
}

/**
 * A queue for a few slots that many share. Next is whoever has used them least of late, so that an
 * owner with much to do waits behind those with little, and cannot get past them by going under many
 * names. Long jobs leave one slot to the others; an owner of the widest kind leaves one to other
 * owners, and of what it has one to its own short jobs.
 */
export class FairQueue {
  readonly #slots: number;
  readonly #clock: () => number;
  #waiting: Job[] = [];
  readonly #running = new Set<Pick<Job, "owners" | "long">>();
  readonly #used = new Map<string, { ms: number; at: number }>();

  /** @param slots at least 3, or there is not one to leave to everyone who should have one */
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
    return this.#running.size;
  }

  /**
   * Does `work` once there is a slot for it.
   * @throws what `signal` was aborted with, if that was while it waited
   */
  async run<T>(
    { owners, long, isWanted, wait }: Omit<Job, "start">,
    work: () => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const mine = { owners, long };
    await new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const leave = () => {
        this.#waiting = this.#waiting.filter((other) => other !== job);
        this.#next();
        reject(signal!.reason);
      };
      const start = () => {
        this.#running.add(mine);
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      const job = { owners, long, isWanted, wait, start };
      signal?.addEventListener("abort", leave);
      this.#waiting.push(job);
      this.#next();
    });
    const began = this.#clock();
    try {
      return await work();
    } finally {
      this.#running.delete(mine);
      for (const owner of owners) this.#use(owner, this.#clock() - began);
      this.#next();
    }
  }

  #next(): void {
    this.#waiting = this.#inOrder();
    for (;;) {
      const next = this.#waiting.findIndex((job) => this.#mayStart(job));
      if (next < 0) break;
      const [job] = this.#waiting.splice(next, 1);
      job!.start();
    }
    this.#waiting.forEach(({ wait }, i) => {
      wait(i + 1);
    });
  }

  #mayStart({ owners: [owner], long }: Job): boolean {
    const running = [...this.#running];
    const own = running.filter(({ owners }) => owners[0] === owner);
    const nLong = (jobs: typeof running) => jobs.filter((job) => job.long).length;
    /** Whether so many run already that one more would take what is left to others. */
    const areAll = (n: number, left: number) => n >= Math.max(1, this.#slots - left);
    if (areAll(running.length, 0) || areAll(own.length, 1)) return false;
    return !long || !(areAll(nLong(running), 1) || areAll(nLong(own), 2));
  }

  /**
   * Those that are waited for first, and of them those whose owners have used least, the widest before
   * the others; among equals, as they came.
   */
  #inOrder(): Job[] {
    const wanted = new Map(this.#waiting.map((job) => [job, job.isWanted()]));
    const used = new Map(this.#waiting.map((job) => [job, job.owners.map((o) => this.#usedBy(o))]));
    return this.#waiting.toSorted((one, other) => {
      if (wanted.get(one) !== wanted.get(other)) return wanted.get(one) ? -1 : 1;
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
