import { timingSafeEqual } from "node:crypto";
import type { Begun } from "../../shared/lesson/protocol.ts";
import { sha256 } from "../sha256.ts";
import { derivedName } from "../storage/derived.ts";
import { studySeeds } from "../storage/studySecrets.ts";

/** What lets a pupil in again, and is in their own link. @param seed of the class */
export function pupilSecret(seed: string, pupil: number): string {
  return derivedName(seed, `pupil ${pupil}`);
}

/** The address and the secret of a pupil's lesson: the same wherever they come in. */
export function pupilLesson(seed: string, pupil: number): Begun {
  return {
    id: derivedName(seed, `address ${pupil}`),
    secret: derivedName(seed, `secret ${pupil}`),
  };
}

/** The seeds of a pupil's own demonstrations, where the plan has each pupil their own. */
export function pupilSeeds(seed: string, pupil: number): (demonstration: number) => number {
  return studySeeds(seed, pupil, 0);
}

/** Whether both are the same secret, in constant time. */
export function isSame(one: string, other: string): boolean {
  return timingSafeEqual(sha256(one), sha256(other));
}
