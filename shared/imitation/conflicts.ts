import { writeKernel } from "../policies/kernel.ts";
import type { Dataset } from "../policies/policy.ts";
import { width } from "../spaces.ts";
import { disagreement } from "./disagreement.ts";

/** Places are taken for the same where what a learner knows of one says as much as this of the other, at most 1. */
const alike = 0.9;
/** Actions conflict where they disagree by more than this. */
const apart = 0.1;

/**
 * Which pairs of several teachers are to be learned from where the better one is right: a label is left out if a
 * better teacher gave another one in the same place. After Sun, Yang and Mangharam (2023, MEGA-DAgger), who also compare
 * what imperfect experts did where their observations are alike, and keep what the one with the better score did; they
 * tell likeness by cosine, where this takes the learner's kernel.
 *
 * @param scores how good each teacher is; more is better
 * @returns for each teacher's pairs, 1 where it is kept and 0 where it is left out
 */
export function withoutConflicts(
  teachers: readonly Dataset[],
  scores: readonly number[],
): Uint8Array[] {
  return teachers.map((own, i) => {
    const better = teachers.filter((_, j) => scores[j]! > scores[i]!);
    return Uint8Array.from({ length: own.n }, (_, row) =>
      better.some((other) => isContradicted(own, row, other)) ? 0 : 1,
    );
  });
}

function isContradicted(own: Dataset, row: number, other: Dataset): boolean {
  const { observationSize, observations, actions, action } = own;
  const wide = width(action);
  const likeness = new Float64Array(other.n);
  const place = observations.subarray(row * observationSize, (row + 1) * observationSize);
  writeKernel(place, other.observations, other.n, likeness);
  const mine = actions.subarray(row * wide, (row + 1) * wide);
  return likeness.some(
    (value, j) =>
      value >= alike &&
      disagreement(action, mine, other.actions.subarray(j * wide, (j + 1) * wide)) > apart,
  );
}
