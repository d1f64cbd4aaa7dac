import { createHmac } from "node:crypto";

/** What follows from a seed for `text`: 256 bits. */
export function derived(seed: string, text: string): Buffer {
  return createHmac("sha256", seed).update(text).digest();
}

/** 128 bits that follow from a seed, base64url; like a random one it does not begin with "-". */
export function derivedName(seed: string, text: string): string {
  for (let attempt = 0; ; attempt++) {
    const name = derived(seed, `${text} ${attempt}`).subarray(0, 16).toString("base64url");
    if (!name.startsWith("-")) return name;
  }
}
