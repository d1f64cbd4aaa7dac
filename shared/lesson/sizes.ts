/** UTF-16 code units in the file of a lesson, and events. */
export const longestFile = 32_000_000;
export const mostEvents = 20_000;
/** Characters of a policy's JSON: it is kept, and sent to everyone who asks for it. */
export const largestPolicy = 2_000_000;
