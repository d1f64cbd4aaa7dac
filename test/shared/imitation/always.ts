import type { Policy } from "../../../shared/policies/policy.ts";

/** A policy that takes one action everywhere. */
export const always = (value: number): Policy => ({
  kind: "always",
  act: (_, action) => action.fill(value),
  uncertainty: () => 1,
  familiarity: () => ({ uncertainty: () => 1, see: () => {} }),
  toJSON: () => ({ kind: "always" }),
});
