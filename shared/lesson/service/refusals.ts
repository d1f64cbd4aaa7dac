import type { Refusal } from "../refusal.ts";

/** What the service refuses by itself, whatever a lesson's rules say. */

export const notYours: Refusal = {
  code: "not-yours",
  reason: "You are looking on: only who began this lesson can teach in it.",
};

export const unable: Refusal = { code: "failed", reason: "The server could not do this." };

export const stopped: Refusal = {
  code: "stopped",
  reason: "Stopped. The lesson is as it was.",
};

export const tooFast: Refusal = {
  code: "too-many",
  reason: "You are asking too fast; wait a few seconds.",
};

export const anotherRace: Refusal = {
  code: "busy",
  reason: "Another race is about to start; wait for it.",
};

/** Of the work that is under way, too. */
export const otherRequest: Refusal = {
  code: "other-request",
  reason: "This key has been used for another request.",
};

export const tooLarge: Refusal = {
  code: "full",
  reason: "This lesson has reached its size; start another.",
};

/** The longest message that is passed on, characters: messages may quote what they are about. */
const longestMessage = 300;

/** @param where in the request, as a path with dots */
export function malformed(where: string, message: string): Refusal {
  const short =
    message.length <= longestMessage ? message : `${message.slice(0, longestMessage)} …`;
  return { code: "malformed", reason: `${where}: ${short}.` };
}
