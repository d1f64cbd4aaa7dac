import { expect, test } from "vitest";
import { digest } from "../../../server/sha256.ts";
import { idOf, queuesOf, readResult } from "../../../server/trainers/jobs.ts";

test("what is kept of a job counts only where it is what its digest says", () => {
  const round = { digest: digest("{}"), seed: 7 };
  const json = (policy: unknown) => JSON.stringify({ round, policy });
  expect(readResult("train", json("{}"))).toEqual({ round, policy: "{}" });
  expect(readResult("train", json('{"w":[1]}'))).toBe(null);
  for (const forged of ["", "null", "[]", "{", json(7), '{"policy":"{}"}'])
    expect(readResult("train", forged)).toBe(null);
  expect(readResult("infer", '{"costs":[]}')).toEqual({ costs: [] });
  expect(readResult("infer", "null")).toBe(null);
});

test("versions share no jobs", () => {
  const job = { name: "infer", lesson: "a", task: { basis: 3 } } as const;
  expect(idOf("1", job)).toBe(idOf("1", { ...job }));
  expect(idOf("1", job)).not.toBe(idOf("2", job));
  expect(queuesOf("1").long).not.toBe(queuesOf("2").long);
});
