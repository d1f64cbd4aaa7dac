/** A value as MessagePack, not always in the shortest form. */
export function msgpack(value: unknown, depth = 0): Uint8Array {
  if (depth > 500) return Uint8Array.of(0xc0);
  if (typeof value === "string") return text(value);
  if (typeof value === "boolean") return Uint8Array.of(value ? 0xc3 : 0xc2);
  if (typeof value === "number") {
    const bytes = Buffer.alloc(9, 0xcb);
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  if (Array.isArray(value)) {
    return Buffer.concat([
      long(0xdd, value.length),
      ...Array.from(value, (part) => msgpack(part, depth + 1)),
    ]);
  }
  if (value === null || typeof value !== "object") return Uint8Array.of(0xc0);
  const entries = Object.entries(value);
  return Buffer.concat([
    long(0xdf, entries.length),
    ...entries.flatMap(([name, part]) => [text(name), msgpack(part, depth + 1)]),
  ]);
}

export function text(string: string): Uint8Array {
  const bytes = Buffer.from(string);
  return bytes.length < 32
    ? Buffer.concat([Uint8Array.of(0xa0 | bytes.length), bytes])
    : Buffer.concat([long(0xdb, bytes.length), bytes]);
}

/** A type code, and a length of four bytes. */
export function long(code: number, length: number): Uint8Array {
  const bytes = Buffer.alloc(5, code);
  bytes.writeUInt32BE(length, 1);
  return bytes;
}
