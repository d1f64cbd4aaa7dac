import type { Fault } from "../faults.ts";

/** Classes and codes of SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html. */
const faults: readonly (readonly [RegExp, Fault])[] = [
  [/^53100$/, "full"],
  // Another transaction came first, or holds what this one needs.
  [/^(40001|40P01|55P03|57014)$/, "busy"],
  // A standby, or a database that was set to read only; a user who may not write.
  [/^(25006|42501)$/, "unwritable"],
  [/^XX00[12]$/, "damaged"],
  // No connection, no room for one, a server that starts or stops, one whose disk fails, and one that has ended a
  // connection whose process stood still.
  [/^(08|25P03|53|57P|58)/, "unreachable"],
];

/** Of the system. */
const unreachable =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|ENOENT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPIPE|ETIMEDOUT)$/;
/** Of the driver, which has no code for them. */
const cutOff =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered|Query read timeout)/;

/** What is the matter with the database; undefined where it is no fault of it. */
export function faultOf(error: unknown): Fault | undefined {
  const {
    code,
    message = "",
    errors,
  } = error as {
    code?: unknown;
    message?: string;
    errors?: readonly unknown[];
  };
  // A host of several addresses, none of which answers.
  if (errors?.[0]) return faultOf(errors[0]);
  if (typeof code !== "string") return cutOff.test(message) ? "unreachable" : undefined;
  if (unreachable.test(code)) return "unreachable";
  return faults.find(([pattern]) => pattern.test(code))?.[1];
}
