import { createHmac } from "node:crypto";
import { type Begun, firstOpenSeed } from "../../shared/lesson/protocol.ts";

/** The address and the secret of the lesson of a participant's task: the same wherever they come in. */
export function studyLesson(seed: string, participant: number, task: number): Begun {
  return {
    id: name(seed, `address ${participant} ${task}`),
    secret: name(seed, `secret ${participant} ${task}`),
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

/** What follows from a study's seed for `text`: 256 bits. */
function derived(seed: string, text: string): Buffer {
  return createHmac("sha256", seed).update(text).digest();
}

/** 128 bits, base64url; like a random one it does not begin with "-". */
function name(seed: string, text: string): string {
  for (let attempt = 0; ; attempt++) {
    const name = derived(seed, `${text} ${attempt}`).subarray(0, 16).toString("base64url");
    if (!name.startsWith("-")) return name;
  }
}
