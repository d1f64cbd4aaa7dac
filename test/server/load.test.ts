import { afterAll, beforeAll, expect, test } from "vitest";
import { unlimited } from "../load/limits.ts";
import { Player } from "../load/player.ts";
import { newTally } from "../load/tally.ts";
import { type RunningServer, startServer, temporaryFolder } from "./server.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer(temporaryFolder(), unlimited);
});
afterAll(() => server.stop());

test("with six lessons at once, everything acknowledged is in the log once and was told to the room", async () => {
  const n = 6;
  const tally = newTally();
  const players = Array.from({ length: n }, (_, index) => new Player(server, { index, n }));
  await Promise.all(players.map((player) => player.begin(tally)));
  const begin = performance.now();
  await Promise.all(players.map((player) => player.play(tally, begin, 2)));
  for (const player of players) {
    const { lost, twice, unheard, acknowledged } = await player.reconcile();
    expect({ lost, twice, unheard }).toEqual({ lost: 0, twice: 0, unheard: 0 });
    // Two episodes and a training, then two answers a second.
    expect(acknowledged).toBeGreaterThanOrEqual(3 + 4);
  }
  expect(tally.refused).toEqual({});
  expect(tally.complaints).toEqual([]);
  await Promise.all(players.map((player) => player.leave()));
});
