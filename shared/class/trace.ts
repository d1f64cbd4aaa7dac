import type { Level } from "../worlds/level.ts";

/** Steps of a drive that are shown, whatever came after. */
export const longestTrace = 600;
/** A sample of a state has this many values. */
const fine = 0xffff;

/** One drive of a learner from the class's start, small enough for a wall of them. */
export interface Trace {
  /** Of the lesson's event by which the learner was trained; of a class's learner, of the class's event. */
  readonly seq: number;
  /** Whether it is what the pupil did themselves; left out of what a learner did. */
  readonly isOwn?: true;
  /** Steps that it drove: the last of them is a fall where it fell. At most {@link longestTrace}. */
  readonly steps: number;
  /** Whether it ended with a fall; otherwise it goes on, or has come to its end. */
  readonly fell: boolean;
  /** Steps from one sample to the next; the last sample is the end, which may come sooner. */
  readonly every: number;
  /** What 0 and 65535 in the samples stand for: the least and the greatest value or, where all are whole, steps of 1. [stateSize] */
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** States as whole numbers of 16 bits, little endian, from `low` (0) to `high` (65535). [n][stateSize] */
  readonly samples: Uint8Array;
}

/**
 * A drive as it is sent.
 * @param states [steps + 1][stateSize]
 */
export function traceOf(
  { stateSize, steering }: Pick<Level, "stateSize" | "steering">,
  { states, steps, fell }: { states: Float64Array; steps: number; fell: boolean },
  seq: number,
): Trace {
  // Between two samples a wall draws a straight line: a tenth of a second where a world runs by itself.
  const every =
    steering.pace === "waits" ? 1 : Math.max(1, Math.round(steering.stepsPerSecond / 10));
  const times = Array.from({ length: Math.ceil(steps / every) }, (_, i) => i * every).concat(steps);
  const row = (t: number) => states.subarray(t * stateSize, (t + 1) * stateSize);
  const column = (k: number) => times.map((t) => row(t)[k]!);
  const low = Array.from({ length: stateSize }, (_, k) => Math.min(...column(k)));
  const high = Array.from({ length: stateSize }, (_, k) => {
    const greatest = Math.max(...column(k));
    // A cell of a grid is that cell, and not the hair's width beside it that is another.
    const isWhole = column(k).every(Number.isInteger) && greatest - low[k]! <= fine;
    return isWhole ? low[k]! + fine : greatest;
  });
  const samples = new Uint8Array(2 * times.length * stateSize);
  const view = new DataView(samples.buffer);
  for (const [i, t] of times.entries())
    for (let k = 0; k < stateSize; k++) {
      const range = high[k]! - low[k]!;
      const share = range === 0 ? 0 : (row(t)[k]! - low[k]!) / range;
      view.setUint16(2 * (i * stateSize + k), Math.round(fine * share), true);
    }
  return { seq, steps, fell, every, low, high, samples };
}

/** The states of a trace's samples, [n][stateSize]. Sample i is of step min(i · every, steps). */
export function statesIn({ low, high, samples }: Trace): Float64Array {
  const view = new DataView(samples.buffer, samples.byteOffset, samples.byteLength);
  const size = low.length;
  return Float64Array.from({ length: samples.length / 2 }, (_, i) => {
    const k = i % size;
    return low[k]! + ((high[k]! - low[k]!) * view.getUint16(2 * i, true)) / fine;
  });
}
