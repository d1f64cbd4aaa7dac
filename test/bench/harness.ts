/** A task to time. */
export interface Task {
  /** The timed function. */
  run(): void;
  /** Resets for the next repeat; not timed. */
  after?(): void;
  /** Number of runs timed together, where one is too short for the clock. Default 1. */
  readonly times?: number;
}

/** A ratio of two times, or of two speeds, that were measured in one run. */
export interface Figure {
  /** Names of the numerator and the denominator. */
  readonly name: string;
  /** Median over the repeats. */
  readonly value: number;
  /** Lowest and highest over the repeats. */
  readonly range: readonly [number, number];
  /** The bound that is claimed for it, if any. */
  readonly claim?: Claim;
}

export interface Claim {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Figures about one topic. */
export interface Bench {
  readonly name: string;
  /** @param clock milliseconds from some beginning */
  run(clock: () => number): Figure[] | Promise<Figure[]>;
}

/**
 * Times `tasks` in turn, again and again, so that a slow phase of the machine affects all of them. The
 * first round does not count, as code is still being compiled.
 * @returns milliseconds a run, for each task, [repeats]
 */
export function interleave<Name extends string>(
  tasks: Readonly<Record<Name, Task>>,
  repeats: number,
  clock: () => number,
): Record<Name, number[]> {
  const names = Object.keys(tasks) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    number[]
  >;
  for (let repeat = -1; repeat < repeats; repeat++) {
    for (const name of names) {
      const task = tasks[name];
      const count = task.times ?? 1;
      const start = clock();
      for (let i = 0; i < count; i++) task.run();
      const elapsed = clock() - start;
      task.after?.();
      if (repeat >= 0) times[name].push(elapsed / count);
    }
  }
  return times;
}

/** `over` divided by `under`, repeat by repeat. */
export function ratio(
  name: string,
  over: readonly number[],
  under: readonly number[],
  claim?: Claim,
): Figure {
  const ratios = over.map((time, i) => time / under[i]!).sort((a, b) => a - b);
  const [low, high] = [ratios[0]!, ratios.at(-1)!];
  const figure: Figure = { name, value: median(ratios), range: [low, high] };
  return claim ? { ...figure, claim } : figure;
}

/** Whether a figure's claim holds; null where it has none. */
export function holds({ value, claim }: Figure): boolean | null {
  if (!claim) return null;
  return value >= (claim.atLeast ?? -Infinity) && value <= (claim.atMost ?? Infinity);
}

/** @param sorted ascending */
function median(sorted: readonly number[]): number {
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
