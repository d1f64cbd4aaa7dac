import type { Clock } from "../../shared/lesson/service/platform.ts";

/** What a browser, or a worker in it, gives a lesson to stand on. */

export const clock: Clock = {
  after(ms, ring) {
    const timer = setTimeout(ring, ms);
    return () => clearTimeout(timer);
  },
  // Nobody shares it.
  turn: async () => {},
};

/** SHA-256 of a text in UTF-8, hex. */
export async function sha256(text: string): Promise<string> {
  const hash = await hashed(new TextEncoder().encode(text));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Browsers have it themselves on secure pages only. */
async function hashed(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (crypto.subtle) return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha2 = await import("@noble/hashes/sha2.js");
  return sha2.sha256(bytes);
}

/** 128 random bits, base64url, that do not begin with "-", as on the server. */
export function random128(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const text = btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
  return text.startsWith("-") ? random128() : text;
}
