import { count } from "../../../shared/plural.ts";

/** Where the goal allows no more demonstrations: how to get to another, or back to as many as it allows. */
export function Enough({ most, shown }: { most: number; shown: number }) {
  const over = shown - most;
  return (
    <p class="quiet-text">
      The goal of this level allows {count(most, "demonstration")}.{" "}
      {over > 0
        ? `There are ${shown}. Delete ${over} of them with ✕, then make your clone again.`
        : "To drive again, delete it first with ✕."}
    </p>
  );
}
