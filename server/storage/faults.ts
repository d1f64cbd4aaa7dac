import { NotStored, Unreadable } from "../../shared/lesson/log.ts";

/** What is the matter with a database, whatever kind of database it is. */
export type Fault = "full" | "busy" | "unwritable" | "unreachable" | "damaged";

/** Tells faults of the database, by its codes, from mistakes of the program: undefined for these. */
export type FaultOf = (error: unknown) => Fault | undefined;

const notStored: Readonly<Record<Fault, string>> = {
  full: "The server's disk is full, so this was not stored; try again once it has room.",
  busy: "Another program holds the server's database, so this was not stored; try again.",
  unwritable: "The server cannot write to its disk, so this was not stored; try again later.",
  unreachable:
    "The server's database does not answer, so this may not have been stored; try again later.",
  damaged:
    "The server's database is damaged, so this was not stored; ask whoever runs it to restore a backup.",
};

/** The same error in words for whoever asked; what is no fault of the database is left as it is. */
export function whyNotStored(error: unknown, fault: Fault | undefined): unknown {
  return fault ? new NotStored(notStored[fault], { cause: error }) : error;
}

/** What was stored and cannot be read, in words for whoever asked. */
export function unreadable(what: string, cause?: unknown): Unreadable {
  return new Unreadable(`${what}; ask whoever runs the server to restore a backup.`, { cause });
}
