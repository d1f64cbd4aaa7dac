import { type Begun, firstOpenSeed } from "../../shared/lesson/protocol.ts";
import { derived, derivedName } from "./derived.ts";

/** The address and the secret of the lesson of a participant's task: the same wherever they come in. */
export function studyLesson(seed: string, participant: number, task: number): Begun {
  return {
    id: derivedName(seed, `address ${participant} ${task}`),
    secret: derivedName(seed, `secret ${participant} ${task}`),
  };
}

/** The seeds of a participant's own demonstrations in a task, the same at each visit. */
export function studySeeds(
  seed: string,
  participant: number,
  task: number,
): (demonstration: number) => number {
  const own = derived(seed, `seeds ${participant} ${task}`);
  const range = 2 ** 32 - firstOpenSeed;
  return (i) => firstOpenSeed + ((own.readUInt32BE(4 * (i % 8)) + i) % range);
}
