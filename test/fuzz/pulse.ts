import { setTimeout as pause } from "node:timers/promises";
import type { Beats, Gauge } from "../load/gauge.ts";

/** What happened in a process while it was watched. */
export interface ProcessPulse {
  /** Longest time for which its event loop stood still, ms. */
  readonly still: number;
  /** Bytes by which its memory, its buffers counted once more, has grown at most. */
  readonly grown: number;
}

/** Milliseconds without a beat after which a process is taken to hang. */
const patience = 5000;
/** Milliseconds between two beats that nobody waits for. */
const rest = 20;

/**
 * Feels a process's pulse all the time: how long its event loop stands still and how much memory it
 * has. Its main thread makes the beats, so that a process that hangs has none.
 */
export class Pulse {
  readonly #beats: Beats;
  readonly #watches = new Set<{ still: number; readonly before: number; most: number }>();
  /** Who waits for a beat that has not begun yet. */
  #waiting: (() => void)[] = [];
  #hurry: () => void = () => {};
  #memory = 0;
  #over = false;

  private constructor(beats: Beats) {
    this.#beats = beats;
  }

  /** @param hangs told where the process does not answer any more, and then this is over */
  static async of(gauge: Gauge, hangs: () => void): Promise<Pulse> {
    const pulse = new Pulse(await gauge.beats());
    await pulse.#beat();
    void pulse.#go(hangs);
    return pulse;
  }

  /** Begins to watch. What is returned ends it, once everything that was before that is felt. */
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

  /** Resolves where the beat is out of all bounds, and it is not this process that is late. */
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
