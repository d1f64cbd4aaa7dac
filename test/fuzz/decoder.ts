import * as fc from "fast-check";
import { long, msgpack, text } from "./msgpack.ts";

/**
 * Inputs for the extensions of Colyseus' decoder (msgpackr) to MessagePack: references, records, bundled
 * strings, sets, typed arrays, dates, errors, regular expressions, and numbers of any length. The page
 * needs none of them, but the decoder would decode all of them before a message is checked.
 */

/** A MessagePack value, as bytes. */
type Bytes = Uint8Array;

const bytes = (...all: (number | Bytes)[]): Bytes =>
  Buffer.concat(all.map((each) => (typeof each === "number" ? Uint8Array.of(each) : each)));

const letters = {
  bigint: 0x42,
  bundle: 0x62,
  error: 0x65,
  id: 0x69,
  pointer: 0x70,
  record: 0x72,
  set: 0x73,
  typed: 0x74,
  regexp: 0x78,
  date: 0xff,
} as const;

/** An extension, in the shortest form for its length. */
function extension(type: number, data: Bytes): Bytes {
  const fixed = [1, 2, 4, 8, 16].indexOf(data.length);
  if (fixed >= 0) return bytes(0xd4 + fixed, type, data);
  if (data.length < 256) return bytes(0xc7, data.length, type, data);
  return bytes(long(0xc9, data.length), type, data);
}

const number = (n: number) => long(0, n).subarray(1);
/** `value`, which references with the number `id` stand for. */
const shared = (id: number, value: Bytes) => bytes(extension(letters.id, number(id)), value);
const pointer = (id: number) => extension(letters.pointer, number(id));
/** An extension whose value follows it. */
const tagged = (type: number, value: Bytes) => bytes(extension(type, Uint8Array.of(0)), value);
const array = (parts: readonly Bytes[]) => bytes(long(0xdd, parts.length), ...parts);
/** A map of these parts, each with its own key. */
const map = (parts: readonly Bytes[]) =>
  bytes(long(0xdf, parts.length), ...parts.flatMap((part, i) => [text(i.toString(36)), part]));
const record = (id: number, parts: readonly Bytes[]) =>
  bytes(
    0xd4,
    letters.record,
    0x40 | id,
    array(parts.map((_, i) => text(i.toString(36)))),
    ...parts,
  );
/** `value`, in which 0xc1 takes characters of two strings that come after it. */
const bundle = (value: Bytes, strings: readonly [string, string], off = 0) =>
  bytes(
    extension(letters.bundle, number((4 + value.length + off) >>> 0)),
    value,
    ...strings.map(text),
  );

const byte = fc.nat(255);

/** One value of each kind. */
const leaves: fc.Arbitrary<Bytes> = fc.oneof(
  fc.constantFrom(0x00, 0x7f, 0xff, 0xc0, 0xc1, 0xc2, 0xc3).map((token) => bytes(token)),
  fc
    .tuple(fc.constantFrom(0xcc, 0xcd, 0xce, 0xcf, 0xd0, 0xd1, 0xd2, 0xd3, 0xca, 0xcb), byte)
    .map(([token, fill]) => {
      const width = [1, 2, 4, 8, 1, 2, 4, 8][token - 0xcc] ?? (token === 0xca ? 4 : 8);
      return bytes(token, Buffer.alloc(width, fill));
    }),
  fc
    .tuple(fc.constantFrom(0, 3, 40, 300, 20_000), byte)
    .map(([n, fill]) => bytes(long(0xdb, n), Buffer.alloc(n, fill))),
  fc.nat(3000).map((n) => bytes(long(0xc6, n), Buffer.alloc(n, 1))),
  // Numbers so long that formatting them takes time.
  fc
    .tuple(fc.constantFrom(0, 1, 8, 9, 100, 20_000, 50_000), byte)
    .map(([n, fill]) => extension(letters.bigint, Buffer.alloc(n, fill))),
  fc
    .tuple(fc.nat(20), fc.nat(3000))
    .map(([kind, n]) => extension(letters.typed, bytes(kind, Buffer.alloc(n, 7)))),
  fc.uint8Array({ maxLength: 13 }).map((data) => extension(letters.date, data)),
  fc.uint8Array({ maxLength: 20 }).chain((data) => byte.map((type) => extension(type, data))),
  fc
    .constantFrom(["a", "g"], ["(".repeat(3000), ""], ["(a*)*b", "x"], ["[", ""], [1, {}], "ab", 1)
    .map((said) => tagged(letters.regexp, msgpack(said))),
  fc
    .constantFrom(["RangeError", "no"], ["Nothing", "no", []], ["toString"], [{}, {}], [], 1, null)
    .map((said) => tagged(letters.error, msgpack(said))),
);

/** Nested values of all kinds, with references to each other, to themselves, and to nothing. */
const { value: nested } = fc.letrec<{ value: Bytes; parts: Bytes[] }>((tie) => ({
  parts: fc.array(tie("value"), { maxLength: 4 }),
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaves,
    fc.nat(6).map(pointer),
    fc.tuple(fc.nat(6), tie("value")).map(([id, value]) => shared(id, value)),
    tie("parts").map(array),
    tie("parts").map(map),
    fc.tuple(fc.nat(63), tie("parts")).map(([id, parts]) => record(id, parts)),
    // A record whose keys may or may not have been defined.
    fc.tuple(fc.nat(63), tie("parts")).map(([id, parts]) => bytes(0x40 | id, ...parts)),
    fc
      .tuple(tie("value"), fc.constantFrom(letters.set, letters.error, letters.regexp))
      .map(([value, type]) => tagged(type, value)),
    fc
      .tuple(tie("value"), fc.constantFrom(0, 0, 0, 1, -1, -5, -1000, 2 ** 31, 70_000))
      .map(([value, off]) =>
        bundle(array([bytes(0xc1, 3), value, bytes(0xc1, 0xfd)]), ["abcdef", "ghijkl"], off),
      ),
  ),
}));

/** A few bytes for a huge tree: each level has `width` references to the one below. */
const trees = fc
  .record({
    depth: fc.integer({ min: 1, max: 16 }),
    width: fc.integer({ min: 1, max: 12 }),
    leaf: leaves,
    within: fc.constantFrom(
      array,
      map,
      (parts: readonly Bytes[]) => tagged(letters.set, array(parts)),
      (parts: readonly Bytes[]) => record(parts.length, parts),
    ),
  })
  .map(({ depth, width, leaf, within }) => {
    let value = leaf;
    for (let id = 0; id < depth; id++) {
      value = within([shared(id, value), ...Array<Bytes>(width - 1).fill(pointer(id))]);
    }
    return value;
  });

/** One value with as many references as fit into a message. */
const repeated = fc
  .tuple(leaves, fc.integer({ min: 1, max: 9000 }))
  .map(([leaf, n]) => array([shared(0, leaf), ...Array<Bytes>(n).fill(pointer(0))]));

/** As many unknown names as fit into a message. */
const wide = fc
  .tuple(
    fc.integer({ min: 100, max: 15_000 }),
    fc.constantFrom(map, (parts: readonly Bytes[]) => record(1, parts), array),
    leaves,
  )
  .map(([n, within, leaf]) => within(Array<Bytes>(n).fill(leaf.length > 8 ? bytes(0xc0) : leaf)));

/** Deeply nested values. */
const deep = fc
  .tuple(
    fc.integer({ min: 1, max: 60_000 }),
    fc.constantFrom<readonly number[]>(
      [0xd4, letters.set, 0, 0x91],
      [0xd4, letters.error, 0, 0x92, 0xa0],
      [0xd6, letters.id, 0, 0, 0, 1],
      [0xd6, letters.id, 0, 0, 0, 1, 0x91],
      [0xd4, letters.record, 0x40, 0x91, 0xa1, 0x61],
      [0xd6, letters.bundle, 0, 0, 0, 6],
      [0x81, 0xa1, 0x61],
      [0xdc, 0, 1],
    ),
  )
  .map(([n, step]) => new Uint8Array(n).map((_, i) => step[i % step.length]!));

/** Lengths that are larger than what follows. */
const boastful = fc
  .tuple(
    fc.constantFrom(0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf),
    fc.uint8Array({ maxLength: 3 }).map((more) => bytes(0xff, more)),
    fc.oneof(leaves, nested),
  )
  .map(([token, length, rest]) => bytes(token, length, rest));

const fields = ["since", "key", "action", "actions", "episode", "plan", "round", "seed", "taste"];

/** Inputs for the decoder, most of which do not end where they should. */
export const decoded: fc.Arbitrary<Bytes> = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: trees },
      { weight: 2, arbitrary: nested },
      leaves,
      repeated,
      wide,
      deep,
      boastful,
    ),
    // As the whole body, or in place of another value.
    fc.option(fc.constantFrom(...fields), { freq: 2 }),
    fc.oneof(
      fc.constantFrom(Uint8Array.of(), Uint8Array.of(0), Uint8Array.of(0xc1)),
      fc.uint8Array({ maxLength: 9 }),
    ),
  )
  .map(([value, field, rest]) =>
    bytes(field === null ? value : bytes(0x81, text(field), value), rest),
  );
