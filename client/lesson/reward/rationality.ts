import type { Rationality } from "../../../shared/irl/rationality.ts";

/** How closely the person followed the taste that they were dealt. */
export function sayRationality({ value, interval: [low, high] }: Rationality): string {
  const scale = "β = 0 means walking at random. A higher β means fewer mistakes.";
  if (value === Number.POSITIVE_INFINITY)
    return `You made no mistake against your card: β is above ${number(low)} (95 %). ${scale}`;
  if (value === Number.NEGATIVE_INFINITY)
    return `All that you did went against your card: β is below ${number(high)} (95 %). ${scale}`;
  const ends =
    high === Number.POSITIVE_INFINITY
      ? `above ${number(low)}`
      : low === Number.NEGATIVE_INFINITY
        ? `below ${number(high)}`
        : `${number(low)} to ${number(high)}`;
  const how = value < 0 ? "went against" : "followed";
  return `You ${how} your card about as closely as β = ${number(value)} (90 %: ${ends}). ${scale}`;
}

const number = (value: number) => value.toFixed(1).replace("-", "−");
