import { randomBytes } from "node:crypto";

/**
 * 128 random bits, base64url: drawn again where it would begin with "-", which commands take for an option, and
 * spreadsheets for a formula.
 */
export function random128(): string {
  const text = randomBytes(16).toString("base64url");
  return text.startsWith("-") ? random128() : text;
}
