import { expect, test, vi } from "vitest";
import { Budget } from "../../server/door/budget.ts";
import { Rooms } from "../../server/rooms/rooms.ts";
import { readSettings } from "../../server/settings.ts";

vi.mock("colyseus", () => ({
  matchMaker: { joinOrCreate: async () => ({}) },
  ServerError: class extends Error {},
}));

test("who is in debt holds nobody else up at a closed lesson's door", async () => {
  let now = 0;
  const budget = new Budget(250, () => now);
  const rooms = new Rooms(readSettings({}).limits, budget);
  const id = "a".repeat(22);
  const seated: string[] = [];
  const enter = async (address: string) => {
    await rooms.seat({ room: "lesson", id, owner: false, pupil: null, address });
    seated.push(address);
  };
  budget.spend("debtor", 1100);
  const debtor = enter("debtor");
  await enter("owner");
  expect(seated).toEqual(["owner"]);
  now += 10_000;
  await debtor;
  expect(seated).toEqual(["owner", "debtor"]);
});
