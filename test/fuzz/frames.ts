import * as fc from "fast-check";
import { requests } from "../../shared/lesson/requests.ts";
import { decoded } from "./decoder.ts";
import { msgpack, text } from "./msgpack.ts";
import { mutated, nasty, requestsAllowed } from "./values.ts";

/** First bytes of Colyseus' messages. */
const codes = {
  join: 10,
  leave: 12,
  data: 13,
  bytes: 17,
  ping: 18,
  input: 19,
  loose: 20,
  request: 21,
};

/** MessagePack bytes with wrong lengths, deep nesting, references, or invalid codes. */
const tokens: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc
    .constantFrom(
      [0xc1],
      [0xdf, 0xff, 0xff, 0xff, 0xff],
      [0xdd, 0xff, 0xff, 0xff, 0xff],
      [0xdd, 0x00, 0xff, 0xff, 0xff],
      [0xdb, 0xff, 0xff, 0xff, 0xff],
      [0xdb, 0x7f, 0xff, 0xff, 0xff, 0x41],
      [0xc6, 0xff, 0xff, 0xff, 0xff],
      [0xc9, 0xff, 0xff, 0xff, 0xff, 0x01],
      [0xd4, 0x72, 0x40],
      [0xd5, 0x72, 0x40, 0x41],
      [0xd6, 0xff, 0xff, 0xff, 0xff, 0xff],
      [0xd7, 0xff, 0, 0, 0, 0, 0, 0, 0, 0],
      [0xc7, 0, 0],
      [0xc7, 3, 0x69, 1, 2, 3],
      [0xd4, 0x65, 0x00],
      [0xd4, 0x78, 0x00],
      [0xd4, 0x73, 0x00],
      [0xd4, 0x70, 0x00],
      [0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
      [0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0],
      [
        0x81,
        0xa9,
        ...new TextEncoder().encode("__proto__"),
        0x81,
        0xa5,
        ...new TextEncoder().encode("owner"),
        0xc3,
      ],
    )
    .map((bytes) => Uint8Array.from(bytes)),
  fc.integer({ min: 1, max: 60_000 }).map((n) => new Uint8Array(n).fill(0x91)),
  fc.integer({ min: 1, max: 20_000 }).map((n) => new Uint8Array(n).fill(0x81)),
  fc.uint8Array({ maxLength: 64 }),
);

const names = fc.oneof(
  fc.constantFrom(
    "events",
    "label",
    "train",
    "policy",
    "race",
    "_",
    "*",
    "_$bevents",
    "__proto__",
    "constructor",
    "toString",
    "",
    "e".repeat(31),
    "\n    at x (/y:1:2)",
  ),
  fc.string({ maxLength: 20 }),
);

/** Complete, truncated and random messages, each after any first byte. */
export const frames: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .tuple(fc.constantFrom(...Object.values(codes)), fc.uint8Array({ maxLength: 80 }))
    .map(([code, bytes]) => Uint8Array.of(code, ...bytes)),
  fc
    .tuple(
      fc.constantFrom(
        codes.request,
        codes.data,
        codes.bytes,
        codes.request | 0x40,
        0x20 | codes.input,
      ),
      fc.uint8Array({ minLength: 1, maxLength: 5 }),
      names,
      fc.array(tokens, { maxLength: 3 }),
    )
    .map(([code, id, name, parts]) => frame(code, id, name, parts)),
  // Only requests have a number; the others start with the name.
  fc
    .tuple(fc.constantFrom(codes.data, codes.bytes), names, fc.oneof(nasty.map(msgpack), tokens))
    .map(([code, name, body]) => frame(code, Uint8Array.of(), name, [body])),
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom(codes.request, codes.request, codes.data, codes.bytes),
        fc.oneof(fc.constantFrom(...Object.keys(requests)), names),
        decoded,
      )
      .map(([code, name, body]) =>
        frame(code, Uint8Array.of(...(code === codes.request ? [7] : [])), name, [body]),
      ),
  },
  requestsAllowed
    .chain(([name, body]) =>
      fc.tuple(fc.constant(name), fc.oneof(fc.constant(body), mutated(body), nasty)),
    )
    .chain(([name, body]) => {
      const whole = frame(codes.request, Uint8Array.of(7), name, [msgpack(body)]);
      return fc.oneof(
        fc.constant(whole),
        fc.nat(whole.length).map((n) => whole.subarray(0, n)),
        fc
          .tuple(fc.nat(whole.length - 1), fc.nat(255))
          .map(([at, byte]) => whole.map((old, i) => (i === at ? byte : old))),
      );
    }),
);

/** A message of Colyseus: its first byte, a number for the answer, a name, and a body. */
export function frame(
  code: number,
  id: Uint8Array,
  name: string,
  parts: readonly Uint8Array[],
): Uint8Array {
  return Buffer.concat([Uint8Array.of(code), id, text(name), ...parts]).subarray(0, 64_000);
}

/** Websocket frames with valid and invalid opcodes, lengths and masks. */
export const websocketBytes: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof(
      fc
        .record({
          first: fc.nat(255),
          length: fc.constantFrom(
            [0x80],
            [0x00],
            [0x85],
            [0xfe, 0xff, 0xff],
            [0xff, 0, 0, 0, 0, 0x10, 0, 0, 0],
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            [0xff, 0, 0, 0, 0, 0, 1, 0, 1],
            [0x7e, 0, 1],
          ),
          rest: fc.uint8Array({ maxLength: 40 }),
        })
        .map(({ first, length, rest }) => Uint8Array.of(first, ...length, ...rest)),
      fc.uint8Array({ maxLength: 100 }),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => Buffer.concat(parts));
