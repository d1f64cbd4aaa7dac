import * as fc from "fast-check";
import { Packr, unpack } from "msgpackr";
import { describe, expect, test } from "vitest";
import { frameOf, isBad } from "../../server/door/frames.ts";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { frame, frames } from "../fuzz/frames.ts";
import { requestsAllowed } from "../fuzz/values.ts";

const request = 21;
const data = 13;
/** A body as the client library encodes it: objects as records, whose keys come first. */
const packed = (body: unknown) => new Packr().pack(body);
const asked = (body: Uint8Array, name = "label") => frame(request, Uint8Array.of(7), name, [body]);
const bytes = (...parts: (number | number[])[]) => Uint8Array.from(parts.flat());
const reasonOf = (message: Uint8Array) => {
  const looked = frameOf(message);
  return isBad(looked) ? looked.reason : null;
};

/** Nested arrays of ten references each: a few bytes for 10^depth values. */
function tree(depth: number): number[] {
  const mark = (id: number) => [0xc7, 4, 0x69, 0, 0, 0, id];
  const again = (id: number) => [0xd6, 0x70, 0, 0, 0, id];
  if (depth === 0) return [0x90];
  const inner = tree(depth - 1);
  return [
    ...mark(depth),
    0x9a,
    ...inner,
    ...Array.from({ length: 9 }, () => again(depth - 1)).flat(),
  ];
}

describe("frameOf", () => {
  test("accepts each kind of message that the page sends, and reads its name", () => {
    const episode = demonstrate(worlds.road!, 5000);
    const bodies: [string, unknown][] = [
      ["events", { since: 70_000 }],
      ["demonstrate", { key: "a-good-key", episode }],
      ["label", { key: "a-good-key", round: 0, index: 200, action: [0.1] }],
      ["deal", { key: "a-good-key", taste: null }],
      ["train", { key: "a-good-key", plan: { policy: "mlp", budget: 100, spare: undefined } }],
    ];
    for (const [name, body] of bodies) {
      expect(frameOf(asked(packed(body), name))).toEqual({ name });
      const plain = new Packr({ useRecords: false }).pack(body);
      expect(frameOf(asked(plain, name))).toEqual({ name });
    }
    for (const code of [10, 12, 18]) expect(frameOf(bytes(code))).toEqual({ name: null });
  });

  test.each([
    [
      "a shared reference",
      bytes(0x92, [0xc7, 4, 0x69, 0, 0, 0, 1], 0x91, 1, [0xd6, 0x70, 0, 0, 0, 1]),
    ],
    ["a tree of a million values in a hundred bytes", bytes(tree(6))],
    ["bundled strings", bytes([0xc9, 0, 0, 0, 4, 0x62, 1, 2, 3, 4])],
    ["a typed array", bytes([0xc7, 5, 0x74, 8, 1, 2, 3, 4])],
    ["a set", bytes([0xd4, 0x73, 0, 0x91, 1])],
    ["an error", bytes([0xd4, 0x65, 0, 0x93, 1, 1, 1])],
    ["a pattern", bytes([0xd4, 0x78, 0, 0x92, 0xa1, 0x61, 0xa0])],
    ["a date", bytes([0xd6, 0xff, 0, 0, 0, 0])],
    ["a big integer", bytes([0xcf, 1, 2, 3, 4, 5, 6, 7, 8])],
    ["raw bytes", bytes([0xc4, 1, 2])],
    ["the byte that MessagePack never uses", bytes(0xc1)],
    ["a record that is used again", bytes([0x92, 0xd4, 0x72, 0x40, 0x91, 0xa1, 0x61, 1, 0x40])],
    ["a record whose keys are a text", bytes([0xd4, 0x72, 0x40, 0xa1, 0x61])],
    ["a record of two bytes", bytes([0xd5, 0x72, 0x40, 0, 0x90])],
  ])("with %s is refused", (_, body) => {
    expect(reasonOf(asked(body))).toBe("The message has a value of a kind that is not sent here.");
  });

  test.each([
    [
      "twelve thousand keys",
      packed(Object.fromEntries(Array.from({ length: 12_000 }, (_, i) => [`${i}`, 1]))),
      /entries/,
    ],
    ["hundreds of small maps", bytes([0xdc, 1, 0], Array(256).fill(0x80)), /entries/],
    ["more values than an episode has", bytes([0xdc, 0x27, 0x10], Array(10_000).fill(0)), /values/],
    ["ten arrays in each other", bytes(Array(10).fill(0x91), 0), /deep/],
    ["a hundred thousand of them", bytes(Array(60_000).fill(0x91)), /deep/],
    ["a length of four gigabytes", bytes([0xdd, 0xff, 0xff, 0xff, 0xff]), /breaks off/],
    ["a text of four gigabytes", bytes([0xdb, 0xff, 0xff, 0xff, 0xff]), /breaks off/],
    ["a key that is an array", bytes([0x81, 0x91, 1, 1]), /no text/],
    ["something after its end", bytes(1, 1), /past its end/],
  ])("with %s is refused", (_, body, why) => {
    expect(reasonOf(asked(body))).toMatch(why);
    expect(reasonOf(frame(data, bytes(), "label", [body]))).toMatch(why);
  });

  test("refuses a request under its number", () => {
    for (const [number, id] of [
      [7, bytes(7)],
      [200, bytes(0xcc, 200)],
      [0x1234, bytes(0xcd, 0x34, 0x12)],
    ] as const)
      expect(frameOf(frame(request, id, "label", [bytes(0xc1)]))).toMatchObject({
        request: number,
      });
    expect(frameOf(frame(data, bytes(), "label", [bytes(0xc1)]))).toMatchObject({ request: null });
  });

  test("refuses a missing, empty or long name", () => {
    for (const name of [[5], [0xa0], [0xda, 0, 200], [0xd9, 65, ...Array(65).fill(0x61)]])
      expect(reasonOf(bytes(request, 7, name, 0x80))).toMatch(/name/);
  });

  test("accepts only messages that the decoder turns into small values", () => {
    const anything = fc.oneof(
      frames,
      fc.uint8Array({ maxLength: 200 }).map((body) => asked(body)),
      requestsAllowed.map(([name, body]) => asked(packed(body), name)),
    );
    fc.assert(
      fc.property(anything, (message) => {
        const looked = frameOf(message);
        if (isBad(looked) || message[0] !== request || looked.name === null) return;
        const at = message.length - restOf(message).length;
        if (at === message.length) return;
        const value: unknown = unpack(message.subarray(at));
        expect(count(value)).toBeLessThanOrEqual(8192 + 64);
      }),
      { numRuns: 3000 },
    );
  });
});

/** The bytes after a request's number and name. */
function restOf(message: Uint8Array): Uint8Array {
  const wide = { 204: 2, 205: 3, 206: 5 }[message[1]!] ?? 1;
  const head = 1 + wide;
  const length = message[head]! === 0xd9 ? 2 + message[head + 1]! : 1 + (message[head]! & 0x1f);
  return message.subarray(head + length);
}

function count(value: unknown): number {
  if (value === null || typeof value !== "object") return 1;
  return Object.values(value).reduce<number>((sum, part) => sum + count(part), 1);
}
