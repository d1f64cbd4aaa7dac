import { expect, test } from "vitest";
import { plainError } from "../../server/logger.ts";

test("the log of an error is short, however long its name, its message and its frames are", () => {
  const long = `at ${"x".repeat(1000)}\n`.repeat(1000);
  const error = Object.assign(new Error(long), { name: long, body: "of a request" });
  const logged = plainError(error);
  expect(JSON.stringify(logged).length).toBeLessThan(4000);
  expect(logged).toMatchObject({ stack: { length: 10 } });
  expect(logged).not.toHaveProperty("body");
});
