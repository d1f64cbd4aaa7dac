import type { Signal } from "@preact/signals";

/** Something recorded that one can stop, go through, and have faster or slower. */
export interface Playing {
  readonly paused: Signal<boolean>;
  /** How many times as fast as it was driven. */
  readonly speed: Signal<number>;
  /** Steps from its start to its end. */
  readonly length: number;
  /** Steps from its start; reads a signal, which tells when it is another. */
  readonly position: number;
  /** Goes to so many steps from its start. */
  seek(position: number): void;
}
