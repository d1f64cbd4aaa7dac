/** UTF-16 code units in the file of a lesson, and events. */
export const longestFile = 32_000_000;
export const mostEvents = 20_000;
