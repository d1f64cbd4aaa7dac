import type { Fault } from "../faults.ts";

/** SQLite's result codes, https://sqlite.org/rescode.html, as far as they are told apart here. */
export const Code = {
  perm: 3,
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

/**
 * Whether it is an error of SQLite with one of these codes. By number, and without what extends it,
 * since there are names for a part of them only.
 */
export function isError(error: unknown, ...codes: number[]): boolean {
  const { rawCode } = error as { rawCode?: unknown };
  return typeof rawCode === "number" && codes.includes(rawCode & 0xff);
}

/** Whether what was read is not what was once written. */
export function isDamage(error: unknown): boolean {
  return isError(error, Code.corrupt, Code.notADatabase);
}

/** A quota, and a limit on a file's size, are I/O errors to SQLite. */
export function isNoRoom(error: unknown): boolean {
  return isError(error, Code.full, Code.ioError);
}

/** What is the matter with the database; undefined where it is no fault of it. */
export function faultOf(error: unknown): Fault | undefined {
  if (isError(error, Code.full)) return "full";
  if (isError(error, Code.busy, Code.locked)) return "busy";
  if (isError(error, Code.ioError, Code.readOnly, Code.cannotOpen, Code.perm)) return "unwritable";
  return isDamage(error) ? "damaged" : undefined;
}
