import { randomBytes } from "node:crypto";

/** 128 random bits, base64url. */
export function random128(): string {
  return randomBytes(16).toString("base64url");
}
