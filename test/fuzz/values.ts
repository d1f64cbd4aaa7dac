import * as fc from "fast-check";
import * as z from "zod";
import { requests } from "../../shared/lesson/requests.ts";

/** The part of JSON Schema that the protocol's schemas use. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** False where there are none after {@link prefixItems}. */
  readonly items?: Schema | false;
  readonly prefixItems?: readonly Schema[];
  readonly minItems?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

/** Values that a schema allows. Whole numbers are mostly small, so that they are valid indices and rounds. */
function allowed(schema: Schema): fc.Arbitrary<unknown> {
  if ("const" in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(allowed));
  switch (schema.type) {
    case "object": {
      const { properties = {}, required = [] } = schema;
      const model = Object.fromEntries(
        Object.entries(properties).map(([name, each]) => [name, allowed(each)]),
      );
      return fc.record(model, { requiredKeys: required as string[] });
    }
    case "array":
      if (schema.prefixItems) return fc.tuple(...schema.prefixItems.map(allowed));
      return fc.array(allowed(schema.items || {}), {
        minLength: schema.minItems ?? 0,
        maxLength: 40,
      });
    case "string":
      return schema.pattern
        ? fc.stringMatching(new RegExp(schema.pattern))
        : fc.string({ maxLength: 32 });
    case "integer": {
      const min = schema.minimum ?? (schema.exclusiveMinimum ?? -1) + 1;
      const { maximum = Number.MAX_SAFE_INTEGER } = schema;
      return fc.oneof(
        { weight: 3, arbitrary: fc.integer({ min, max: Math.min(maximum, min + 4) }) },
        { weight: 1, arbitrary: fc.integer({ min, max: Math.min(maximum, 2 ** 31 - 1) }) },
        fc.constantFrom(min, maximum),
      );
    }
    case "number":
      return fc.oneof(fc.constantFrom(0, 1, 2, 3, -1), fc.double({ noNaN: true, min: -2, max: 2 }));
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    default:
      return fc.constantFrom(0, "", null);
  }
}

/** A request's name and a body that its schema allows. */
export const requestsAllowed = fc.oneof(
  ...Object.entries(requests).map(([name, schema]) =>
    fc.tuple(fc.constant(name), allowed(z.toJSONSchema(schema) as Schema)),
  ),
);

/** As many unknown names as fit into a message. */
const wide = (n: number) =>
  Object.fromEntries(Array.from({ length: n }, (_, i) => [i.toString(36), 0]));
const deep = (depth: number) => JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`) as unknown;

/** Values of other types than expected. */
export const nasty: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    true,
    "",
    "__proto__",
    "constructor",
    "toString",
    "..",
    "\0",
    "\ud800",
    [],
    {},
    { toString: 1 },
    [[]],
    -0,
    -1,
    0.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.MAX_SAFE_INTEGER + 1,
    Number.MAX_VALUE,
    Number.MIN_VALUE,
    2 ** 31,
    2 ** 32,
    -(2 ** 63),
    "9".repeat(400),
    "k".repeat(30_000),
    "😀".repeat(5000),
    new Array(5000).fill(0),
    deep(500),
    deep(5000),
    wide(12_000),
    new Map([[{}, 1]]),
    new Set(["a"]),
    new Date(0),
    new Date(Number.NaN),
    10n ** 18n,
    Float64Array.of(1, 2),
    /a/g,
    new RangeError("no"),
    JSON.parse('{"__proto__":{"owner":true},"constructor":{"prototype":{"owner":true}}}'),
  ),
  fc.anything({ maxDepth: 3, withNullPrototype: true }),
  fc.double(),
  fc.string({ unit: "binary", maxLength: 200 }),
);

/** `value` with one change: a part replaced, removed or added. */
export function mutated(value: unknown): fc.Arbitrary<unknown> {
  const places = placesOf(value);
  return fc
    .record({
      place: fc.constantFrom(...places),
      how: fc.constantFrom("replace", "replace", "drop", "add"),
      name: fc.constantFrom("__proto__", "constructor", "seq", "at", "key", "", "0", "length"),
      instead: nasty,
    })
    .map(({ place, how, name, instead }) => changed(value, place, how, name, instead));
}

type ValuePath = readonly (string | number)[];

function placesOf(value: unknown, at: ValuePath = []): ValuePath[] {
  if (value === null || typeof value !== "object" || at.length > 5) return [at];
  const below = Object.entries(value).slice(0, 12);
  return [
    at,
    ...below.flatMap(([name, part]) =>
      placesOf(part, [...at, Array.isArray(value) ? Number(name) : name]),
    ),
  ];
}

function changed(
  value: unknown,
  place: ValuePath,
  how: string,
  name: string,
  instead: unknown,
): unknown {
  const [first, ...rest] = place;
  if (first === undefined) {
    if (how !== "add" || value === null || typeof value !== "object") return instead;
    return withOwn(value, name, instead);
  }
  // An earlier change may have removed the place.
  if (value === null || typeof value !== "object") return value;
  const inner = (value as Record<string, unknown>)[first];
  if (rest.length === 0 && how === "drop") {
    if (Array.isArray(value)) return value.toSpliced(Number(first), 1);
    return Object.fromEntries(Object.entries(value as object).filter(([key]) => key !== first));
  }
  return withOwn(value as object, `${first}`, changed(inner, rest, how, name, instead));
}

/** A copy with an own property, which for `__proto__` needs a definition. */
function withOwn(value: object, name: string, part: unknown): object {
  const copy: object = Array.isArray(value) ? [...value] : { ...value };
  if (Array.isArray(copy) && name === "length") return copy;
  Object.defineProperty(copy, name, {
    value: part,
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return copy;
}
