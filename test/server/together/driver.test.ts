import { expect, test } from "vitest";
import { GuardedDriver, type Listing } from "../../../server/together/driver.ts";
import { connectTo, ready } from "../../../server/together/redis.ts";
import { RunningRedis, redisServer } from "./runningRedis.ts";

test("what needs Redis runs where it can be had", () => {
  expect(redisServer === null || redisServer !== "").toBe(true);
});

if (redisServer !== null)
  test("rooms of a process that has ended are removed, whatever Redis did not answer before", async () => {
    const redis = await RunningRedis.start();
    const connection = await connectTo(redis.url());
    try {
      const driver = new GuardedDriver(connection, () => {});
      const insert = (roomId: string, processId: string) =>
        driver.insert({ roomId, processId } as Listing);
      const again = new Promise((resolve) => connection.once("close", resolve));
      await redis.kill();
      await again;
      await expect(driver.cleanup("gone")).rejects.toThrow();
      await redis.start();
      await ready(connection);
      await insert("a", "gone");
      await insert("b", "here");
      await insert("c", "gone");
      await driver.cleanup("gone");
      expect(await connection.hkeys("roomcaches")).toEqual(["b"]);
    } finally {
      connection.disconnect();
      await redis.remove();
    }
  });
