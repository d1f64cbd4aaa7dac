import { randomInt } from "node:crypto";
import type { Circumstances } from "../../shared/study/decide.ts";

/** Draws are whole numbers below this: as many bits as node's own random integers have. */
const draws = 2 ** 47;

/** In which something is decided now. */
export function circumstances(): Circumstances {
  return { now: Date.now(), draw: randomInt(draws) / draws };
}
