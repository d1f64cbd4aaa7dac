import { computed, signal } from "@preact/signals";
import { kingPath } from "../../shared/irl/grid.ts";

/** Cells along one side. */
export const side = 5;
export const nCells = side * side;

/** The waypoints of each demonstration, [n][]; the last one is in hand and may still be empty. */
type Waypoints = readonly (readonly number[])[];

/** The three demonstrations of "Imitation Learning from Scratch", section 5. */
export const article: Waypoints = [
  [0, 6, 12, 18, 24],
  [0, 1, 7, 13, 19, 24],
  [0, 5, 11, 17, 23, 24],
];

const waypoints = signal<Waypoints>([[]]);
const past = signal<readonly Waypoints[]>([]);

export const demonstrations = computed(() => waypoints.value);
export const inHand = computed(() => waypoints.value.at(-1)!);
/** Cell by cell, for each demonstration that has more than its start. */
export const paths = computed(() =>
  waypoints.value
    .filter(({ length }) => length > 1)
    .map((demonstration) => kingPath(side, demonstration)),
);
export const isEmpty = computed(() => waypoints.value.every(({ length }) => length === 0));
export const mayTakeBack = computed(() => past.value.length > 0);

export function place(cell: number): void {
  change([...waypoints.value.slice(0, -1), [...inHand.value, cell]]);
}

export function startAnother(): void {
  if (inHand.value.length > 0) change([...waypoints.value, []]);
}

/** Adds a demonstration that is complete, in place of the one in hand where that is empty. */
export function add(demonstration: readonly number[]): void {
  const begun = waypoints.value.filter(({ length }) => length > 0);
  change([...begun, demonstration]);
}

export function remove(n: number): void {
  const left = waypoints.value.filter((_, i) => i !== n);
  change(n === left.length ? [...left, []] : left);
}

export function replace(all: Waypoints): void {
  change(all);
}

export function clear(): void {
  if (!isEmpty.value) change([[]]);
}

/** Takes back whatever was done last, a "clear all" too. */
export function takeBack(): void {
  if (past.value.length === 0) return;
  waypoints.value = past.value.at(-1)!;
  past.value = past.value.slice(0, -1);
}

function change(to: Waypoints): void {
  past.value = [...past.value, waypoints.value];
  waypoints.value = to;
}
