/** Throws where two values are not the same as JSON. For what also runs in a page, without Vitest. */
export function equal(actual: unknown, expected: unknown, what: string): void {
  const [found, wanted] = [text(actual), text(expected)];
  if (found !== wanted) throw new Error(`${what} should be ${wanted}, not ${found}`);
}

/** Throws where something is not so. */
export function holds(condition: boolean, what: string): void {
  if (!condition) throw new Error(`${what} does not hold`);
}

/** Waits until `promise` rejects with an error of class `kind` whose message fits, and throws where it does not. */
export async function rejects(
  promise: Promise<unknown>,
  kind: new (message: string) => Error,
  message: RegExp,
): Promise<void> {
  const outcome = await promise.then(
    (value) => `resolves to ${text(value)}`,
    (error: unknown) =>
      error instanceof kind && message.test(error.message) ? null : `rejects with ${error}`,
  );
  if (outcome !== null)
    throw new Error(`should reject with ${kind.name} ${message}, but ${outcome}`);
}

/** JSON, whatever the order of an object's fields. */
function text(value: unknown): string {
  return JSON.stringify(value, sorted) ?? String(value);
}

function sorted(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
