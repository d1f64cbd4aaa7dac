import type { ServerAddress } from "../server/server.ts";
import { startSharing } from "../server/together/processes.ts";
import { RunningRedis, redisServer } from "../server/together/runningRedis.ts";
import { RunningTrainer } from "../server/together/runningTrainer.ts";
import { unlimited } from "./limits.ts";

/** A server that runs until it is ended. */
export interface Started {
  readonly server: ServerAddress;
  readonly end: () => Promise<unknown>;
}

/** A server that leaves trainings to so many trainers, and that everyone comes to from an address of their own. */
export async function startWith(nTrainers: number): Promise<Started> {
  if (redisServer === null)
    throw new Error("NOT TESTED: there is no Redis here, and none is to be had.");
  const redis = await RunningRedis.start();
  const env = { ...unlimited, TRUST_PROXY: "1", TRAINERS: "remote" };
  const sharing = await startSharing(1, redis.url(), env);
  const { dataFolder } = sharing.servers[0]!;
  const trainers = await Promise.all(
    Array.from({ length: nTrainers }, () =>
      RunningTrainer.start({ REDIS_URL: redis.url(), DATA_DIR: dataFolder }),
    ),
  );
  const end = async () => {
    await Promise.all(trainers.map((trainer) => trainer.kill()));
    await sharing.stop();
    await redis.remove();
  };
  return { server: sharing.front, end };
}
