import { crc32 } from "node:zlib";
import type { Row } from "../../shared/lesson/log.ts";
import { sha256 } from "../sha256.ts";
import type { Schema } from "./schema.ts";

/**
 * A lesson's last event, and a hash of all events up to it. Each row has a checksum, which shows that
 * the row is damaged; only this shows that rows are missing at the end, or were replaced by others.
 */
export interface Tail {
  /** Number of the last event; 0 before the first. */
  readonly last: number;
  /** SHA-256, hex, of the hash before and the row; empty before the first. */
  readonly hash: string;
}

export const emptyTail: Tail = { last: 0, hash: "" };

/** The tail after one more event. */
export function extended({ last, hash }: Tail, { key, at, body }: Row): Tail {
  return { last: last + 1, hash: sha256(`${hash} ${key} ${at} ${body}`).toString("hex") };
}

/** CRC-32. SQLite has one for its write-ahead log, and none for what has been taken over from there. */
export function checksum({ key, at, body }: Row): number {
  return crc32(`${key} ${at} ${body}`);
}

/** The tail that was kept with a lesson; that of none, where nothing was kept yet. */
export function tailOf(kept: Pick<Schema["lessons"], "last" | "hash"> | undefined): Tail {
  const { last, hash } = kept ?? {};
  return typeof last === "number" && typeof hash === "string" ? { last, hash } : emptyTail;
}
