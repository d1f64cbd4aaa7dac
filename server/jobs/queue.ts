/** Past use of the slots counts half after this time. */
const halfLife = 60_000; // ms

/** A job's owners, the widest first: an address, then a lesson. */
type Owners = readonly [string, ...string[]];

interface Job {
  readonly owners: Owners;
  readonly long: boolean;
  /** Whether anyone still waits for it; jobs that nobody waits for come last. */
  readonly isWanted: () => boolean;
  readonly start: () => void;
  /** Called with its place in the queue: 1 for the next. */
  readonly wait: (place: number) => void;
}

/**
 * A fair queue for a few slots. The next job is of the owner that has used the slots least recently, so
 * that an owner of many jobs waits behind owners of few, even under many names. Long jobs leave one slot
 * to short ones; an address leaves one slot to others, and one of its own to its short jobs.
 */
export class FairQueue {
  readonly #slots: number;
  readonly #clock: () => number;
  #waiting: Job[] = [];
  readonly #running = new Set<Pick<Job, "owners" | "long">>();
  /** The place that each waiting job was told last. */
  readonly #told = new WeakMap<Job, number>();
  readonly #used = new Map<string, { ms: number; at: number }>();

  /** @param slots at least 3, or not every reservation has a slot */
  constructor(slots: number, clock = () => performance.now()) {
    this.#slots = slots;
    this.#clock = clock;
  }

  /** Jobs that wait for a slot. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Jobs that run. */
  get busy(): number {
    return this.#running.size;
  }

  /**
   * Runs `work` once a slot is free for it.
   * @throws the reason of `signal`, if it is aborted while the job waits
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
    this.#waiting.forEach((job, i) => {
      const place = i + 1;
      // Everyone in a lesson hears it.
      if (this.#told.get(job) === place) return;
      this.#told.set(job, place);
      job.wait(place);
    });
  }

  #mayStart({ owners: [owner], long }: Job): boolean {
    const running = [...this.#running];
    const own = running.filter(({ owners }) => owners[0] === owner);
    const nLong = (jobs: typeof running) => jobs.filter((job) => job.long).length;
    /** Whether `n` running jobs are all that may run while `left` slots stay free for others. */
    const isFull = (n: number, left: number) => n >= Math.max(1, this.#slots - left);
    if (isFull(running.length, 0) || isFull(own.length, 1)) return false;
    return !long || !(isFull(nLong(running), 1) || isFull(nLong(own), 2));
  }

  /**
   * Waiting jobs, the next first: wanted jobs before others, then by past use of their owners, the widest
   * owner first, then by arrival.
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

  /** Time that an owner has used, ms, decayed by age. */
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
