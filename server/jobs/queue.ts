/** Past use of the slots counts half after this time. */
const halfLife = 60_000; // ms
/** How much of its share of the slots counts for an owner who waits without getting it. */
const ageing = 0.25;

/** A job's owners, the widest first: an address, then a lesson. */
type Owners = readonly [string, ...string[]];

interface Job {
  readonly owners: Owners;
  readonly long: boolean;
  /** Whether anyone still waits for it; jobs that nobody waits for come last. */
  readonly isWanted: () => boolean;
  /** When it came, by the queue's clock. */
  readonly at: number;
  readonly start: () => void;
  /** Called with its place in the queue: 1 for the next. */
  readonly wait: (place: number) => void;
}

/**
 * A fair queue for a few slots. The next job is of the owner that has used the slots least recently, so
 * that an owner of many jobs waits behind owners of few, even under many names. What an owner has used counts
 * less the longer they wait, so that nobody waits for ever while others come. Long jobs leave one slot to short ones; an address leaves one slot to others, and one of its own to its short jobs.
 */
export class FairQueue {
  readonly #slots: number;
  readonly #clock: () => number;
  #waiting: Job[] = [];
  readonly #running = new Set<Pick<Job, "owners" | "long">>();
  /** The place that each waiting job was told last. */
  readonly #told = new WeakMap<Job, number>();
  readonly #used = new Map<string, { ms: number; at: number }>();
  /** When a job was started last, of each owner who waits. */
  readonly #started = new Map<string, number>();

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
    { owners, long, isWanted, wait }: Omit<Job, "start" | "at">,
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
      const job = { owners, long, isWanted, at: this.#clock(), wait, start };
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
      for (const owner of job!.owners) this.#started.set(owner, this.#clock());
      job!.start();
    }
    const waiting = new Set(this.#waiting.flatMap(({ owners }) => owners));
    for (const owner of this.#started.keys()) if (!waiting.has(owner)) this.#started.delete(owner);
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
   * Waiting jobs, the next first: wanted jobs before others, then by what counts against their owners, the widest
   * owner first, then by arrival.
   */
  #inOrder(): Job[] {
    const against = this.#against();
    const keys = new Map(
      this.#waiting.map((job) => [job, [job.isWanted() ? 0 : 1, ...job.owners.map(against)]]),
    );
    return this.#waiting.toSorted((one, other) => {
      const [mine, theirs] = [keys.get(one)!, keys.get(other)!];
      const i = mine.findIndex((key, i) => key !== theirs[i]);
      return i < 0 ? 0 : mine[i]! - theirs[i]!;
    });
  }

  /**
   * What counts against a job's owner of index `i`, ms: what they used, less a part of what would have been theirs
   * since they wait, or last had a slot, if all who wait beside them had had the same.
   */
  #against(): (owner: string, i: number, owners: readonly string[]) => number {
    const now = this.#clock();
    /** Since when owners wait, by the next wider owner; the widest are under "". */
    const beside = new Map<string, Map<string, number>>();
    for (const { owners, at } of this.#waiting)
      owners.forEach((owner, i) => {
        const wider = owners[i - 1] ?? "";
        const since = beside.get(wider) ?? new Map<string, number>();
        beside.set(wider, since);
        const began = Math.max(at, this.#started.get(owner) ?? at);
        since.set(owner, Math.min(began, since.get(owner) ?? began));
      });
    return (owner, i, owners) => {
      const since = beside.get(owners[i - 1] ?? "")!;
      const share = ((now - since.get(owner)!) * this.#slots) / since.size;
      return this.#usedBy(owner) - ageing * share;
    };
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
