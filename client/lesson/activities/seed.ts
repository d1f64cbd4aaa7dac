import { firstOpenSeed } from "../../../shared/lesson/protocol.ts";

/** A seed drawn afresh, and not one of those held out. */
export function freshSeed(): number {
  const drawn = crypto.getRandomValues(new Uint32Array(1))[0]!;
  return drawn < firstOpenSeed ? drawn + firstOpenSeed : drawn;
}
