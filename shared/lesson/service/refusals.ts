import { type Refusal, refusal } from "../refusal.ts";

/** What the service refuses by itself, whatever a lesson's rules say. */

export const notYours = refusal(
  "not-yours",
  "You are watching: only the person who began this lesson can teach in it.",
);

export const unable = refusal("failed", "The server could not do this.");

export const stopped = refusal("stopped", "Stopped. The lesson is as it was.");

export const tooFast = refusal("too-many", "You are asking too fast; wait a few seconds.");

export const anotherRace = refusal("busy", "Another race is about to start; wait for it.");

/** Of the work that is under way, too. */
export const otherRequest = refusal("other-request", "This key has been used for another request.");

export const tooLarge = refusal("full", "This lesson has reached its largest size; start another.");

export const tooShort = refusal(
  "no-demonstrations",
  "Your demonstrations are too short to infer a reward from; give a longer one.",
);

/** Of a lesson that came as a file, and in which a digest was changed. */
export const notWhatWasLearned = refusal(
  "damaged",
  "The stored learner does not match this lesson, so it cannot be shown; train again.",
);

/** Of a policy that would be kept, and sent to everyone who asks for it. */
export const tooLargePolicy = refusal(
  "bad-plan",
  "This learner stores too much data; choose another one.",
);

/** The longest message that is passed on, characters: messages may quote what they are about. */
const longestMessage = 300;

/** @param where in the request, as a path with dots */
export function malformed(where: string, message: string): Refusal {
  const short =
    message.length <= longestMessage ? message : `${message.slice(0, longestMessage)} …`;
  return refusal("malformed", `${where}: ${short}.`);
}
