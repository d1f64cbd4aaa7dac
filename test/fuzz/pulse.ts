import { setTimeout as pause } from "node:timers/promises";
import type { Beats, Gauge } from "../load/gauge.ts";

/** The delay and memory growth of a process while it was watched. */
export interface ProcessPulse {
  /** Longest delay of its event loop, ms. */
  readonly still: number;
  /** Largest growth of its memory, with its buffers counted twice, bytes. */
  readonly grown: number;
}

/** Time without a beat after which a process counts as hanging, ms. */
const patience = 5000;
/** Time between two beats while nothing is watched, ms. */
const rest = 20;

/**
 * Measures a process all the time: the delay of its event loop, and its memory. Its main thread answers
 * each beat, so a process that hangs has none.
 */
export class Pulse {
  readonly #beats: Beats;
  readonly #watches = new Set<{ still: number; readonly before: number; most: number }>();
  /** Resolved at the end of the next beat that begins. */
  #waiting: (() => void)[] = [];
  #hurry: () => void = () => {};
  #memory = 0;
  #over = false;

  private constructor(beats: Beats) {
    this.#beats = beats;
  }

  /** @param hangs called when the process does not answer any more, after which this ends */
  static async of(gauge: Gauge, hangs: () => void): Promise<Pulse> {
    const pulse = new Pulse(await gauge.beats());
    await pulse.#beat();
    void pulse.#go(hangs);
    return pulse;
  }

  /** Begins to watch. Returns a function that ends it, once everything before that call is measured. */
  watch(): () => Promise<ProcessPulse> {
    const watch = { still: 0, before: this.#memory, most: this.#memory };
    this.#watches.add(watch);
    return async () => {
      if (!this.#over) {
        await new Promise<void>((resolve) => {
          this.#waiting.push(resolve);
          this.#hurry();
        });
      }
      this.#watches.delete(watch);
      return { still: watch.still, grown: watch.most - watch.before };
    };
  }

  end(): void {
    this.#over = true;
    this.#beats.end();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #go(hangs: () => void): Promise<void> {
    while (!this.#over) {
      const waiting = this.#waiting.splice(0);
      const beat = this.#beat().then(
        () => "felt",
        () => "gone",
      );
      const felt = await Promise.race([beat, this.#late(beat)]);
      for (const resolve of waiting) resolve();
      if (felt !== "felt") {
        const wasOver = this.#over;
        this.end();
        if (felt === "late" && !wasOver) hangs();
        return;
      }
      if (this.#waiting.length > 0) continue;
      const hurry = new Promise<void>((resolve) => {
        this.#hurry = resolve;
      });
      await Promise.race([hurry, pause(rest)]);
    }
  }

  async #beat(): Promise<void> {
    const { late, rss, external } = await this.#beats.next();
    this.#memory = rss + external;
    for (const watch of this.#watches) {
      watch.still = Math.max(watch.still, late);
      watch.most = Math.max(watch.most, this.#memory);
    }
  }

  /** Resolves when a beat takes too long, and this process is not the one that is late. */
  async #late(beat: Promise<unknown>): Promise<string> {
    const over = new AbortController();
    void beat.then(() => over.abort());
    try {
      await pause(patience, null, { signal: over.signal });
      await pause(100, null, { signal: over.signal });
    } catch {
      return "felt"; // Or gone: the race is over.
    }
    return "late";
  }
}
