import { expect, test } from "vitest";
import { random128 as inPage } from "../../client/browser/platform.ts";
import { random128 as inServer } from "../../server/random128.ts";

test.each([
  ["a server", inServer],
  ["a page", inPage],
])("what %s draws is no option of a command's, and no formula of a spreadsheet's", (_, draw) => {
  // Every 64th would begin with "-".
  const drawn = Array.from({ length: 3000 }, draw);
  for (const text of drawn) expect(text).toMatch(/^\w[\w-]{21}$/);
  expect(new Set(drawn).size).toBe(drawn.length);
});
