import { side } from "./waypoints.ts";

/** "+0.31", "−2.00", "0.00": as it is printed everywhere on the page. */
export function signed(value: number, digits = 2): string {
  const plain = Math.abs(value).toFixed(digits);
  if (Number(plain) === 0) return plain;
  return `${value < 0 ? "−" : "+"}${plain}`;
}

/** "−0.4", "2.0": without a plus. */
export function unsigned(value: number, digits = 1): string {
  return signed(value, digits).replace("+", "");
}

/** "further down: +1.2, between 0.4 and 2.0" */
export function weightWords(
  name: string,
  weight: number,
  interval?: readonly [low: number, high: number],
): string {
  if (!interval) return `${name}: ${signed(weight)}`;
  const [low, high] = interval;
  return `${name}: ${signed(weight, 1)}, between ${unsigned(low)} and ${unsigned(high)}`;
}

/** Rows and columns are counted from 1. */
export function cellWords(cell: number): string {
  const [row, column] = place(cell);
  return `row ${row}, column ${column}`;
}

/** "(2, 3)" */
export function cellPair(cell: number): string {
  return `(${place(cell).join(", ")})`;
}

function place(cell: number): [row: number, column: number] {
  return [Math.floor(cell / side) + 1, (cell % side) + 1];
}
