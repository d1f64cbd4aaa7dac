import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import type { Begun } from "../../shared/lesson/protocol.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { post } from "../fuzz/wire.ts";
import { openRooms, token } from "../load/attack.ts";
import { type AttackName, attacks, type Target } from "../load/attacks.ts";
import { beginLarge, grow } from "../load/largest.ts";
import { Stranger } from "../load/stranger.ts";
import { times } from "../load/tally.ts";
import { enter, newKey, RunningServer, temporaryFolder } from "./server.ts";

let server: RunningServer;
afterEach(() => server.kill());

/** Prepares an attack on a server whose largest lesson has `bytes`. */
async function target(bytes: number): Promise<Target> {
  // With the default limits.
  server = new RunningServer(temporaryFolder(), { METRICS_TOKEN: token });
  await server.start();
  const id = await beginLarge(server);
  const lesson = (await post(server, "/api/lessons", { world: "road" })) as Begun;
  const { room } = await enter(server, { lesson: lesson.id, secret: lesson.secret });
  const episode = demonstrate(worlds.road!, 5000);
  await room.request("demonstrate", { key: newKey(), episode });
  await room.leave();
  await server.stop();
  const sizes = grow(server.dataFolder, id, { bytes });
  await server.start();
  return { address: server.address, largest: { id, sizes }, heavy: [], small: [lesson] };
}

/**
 * Runs an attack beside a stranger's lesson, for `seconds` at most. Resolves to its outcome, null where it
 * was not over by then, and to the stranger's waiting times.
 */
async function beside(name: AttackName, found: Target, seconds: number) {
  const stranger = await Stranger.begin(server);
  const attack = await attacks[name](found);
  let over = false;
  const attacked = Promise.race([
    attack(AbortSignal.timeout(1000 * seconds)),
    pause(1000 * (seconds + 5), null),
  ]).finally(() => {
    over = true;
  });
  const { waited, undone } = await stranger.answer(() => over);
  return { attacked: await attacked, waited: times(waited), undone };
}

/**
 * Bound of a stranger's median waiting time, ms. It is large because other tests use the processor too;
 * without the limits it would be several seconds.
 */
const bearable = 1500;

// Only on Linux does a machine have many local addresses.
describe.skipIf(process.platform !== "linux")("a stranger's lesson, beside", () => {
  test("fifty clients that join a large lesson at once are all in one room", async () => {
    const found = await target(16e6);
    const { attacked, waited, undone } = await beside("joins", found, 25);
    expect(attacked).toMatchObject({ done: 50, refused: 0 });
    // The stranger's and theirs.
    expect(await openRooms(server)).toBe(2);
    expect(undone).toBe(0);
    expect(waited.p50).toBeLessThan(bearable);
  });

  test.each<[string, AttackName]>([
    ["ten who page through a large lesson for ever", "pages"],
    ["forty who shadow a drive again and again under one key", "repeated"],
    ["ten who send twelve thousand names that nobody knows", "wide"],
  ])("%s", async (_, name) => {
    const { waited, undone } = await beside(name, await target(16e6), 4);
    expect(undone).toBe(0);
    expect(waited.n).toBeGreaterThan(40);
    expect(waited.p50).toBeLessThan(bearable);
  });
});
