/** Longest frame that counts in full, seconds. */
const longest = 0.1;

/**
 * Seconds of play in a frame of so many seconds. A page that was in the background comes back with one
 * long frame: play goes on where it was, and not ahead of the person.
 */
export function playSeconds(frameSeconds: number): number {
  return Math.min(frameSeconds, longest);
}
