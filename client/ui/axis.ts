export interface Axis {
  readonly from: number;
  readonly to: number;
  /** What is written at a tick; the number where it is left out. */
  readonly say?: (value: number) => string;
}

export type Scale = (value: number) => number;

/** From an axis to 0 … 100: a drawing stretches with the page, and nothing has to be measured. */
export function scaleOf({ from, to }: Axis): Scale {
  return (value) => Number(((100 * (value - from)) / (to - from)).toFixed(3));
}
