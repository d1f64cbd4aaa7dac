import { expect, test } from "vitest";
import { SharedBudget, Tallies } from "../../../server/together/tallies.ts";

test("what the others have open counts for as long as they are heard of", () => {
  let now = 0;
  const tallies = new Tallies(() => now);
  const tell = (process: string, rooms: number, websockets: Record<string, number>) =>
    tallies.hear({ process, rooms, websockets, spent: {} });
  tell("a", 3, { here: 2 });
  tell("b", 4, { here: 1, there: 5 });
  tell("a", 2, { here: 1 });
  expect(tallies.rooms).toBe(6);
  expect(["here", "there", "nowhere"].map((at) => tallies.websockets(at))).toEqual([2, 5, 0]);
  now += 4000;
  tell("b", 4, { there: 5 });
  now += 2000;
  expect(tallies.rooms).toBe(4);
  expect(tallies.websockets("here")).toBe(0);
});

test("what an address spends in one process it has not in another, and each is told once", () => {
  const [one, other] = [new SharedBudget(250), new SharedBudget(250)];
  one.spend("someone", 800);
  one.spend("someone", 700);
  other.hear(one.takeUntold());
  expect(one.takeUntold()).toEqual({});
  // What was heard is not told again: it would go round for ever.
  expect(other.takeUntold()).toEqual({});
  expect(other.wait("someone")).toBeGreaterThan(1000);
  expect(other.wait("anybody")).toBe(0);
});
