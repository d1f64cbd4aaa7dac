import { setTimeout as wait } from "node:timers/promises";
import type { Redis } from "ioredis";
import type { Sharing, SharingServer } from "./processes.ts";

/**
 * Restarts a server as an upgrade does: SIGTERM, wait for its end, start it again, wait until all are well. Resolves to
 * whether it ended by itself.
 */
export async function restart(server: SharingServer, sharing: Sharing): Promise<boolean> {
  const code = await server.stop();
  await server.start(`${server.port}`);
  await well(sharing);
  return code === 0;
}

/** Resolves once every process can write again, and Redis knows what is open. */
export async function well({ servers }: Sharing): Promise<void> {
  for (const server of servers) {
    const becomes = async (status: number, path: string, how: RequestInit = {}) => {
      for (;;) {
        if (!server.isUp) throw new Error(`a server has ended: ${server.stdout} ${server.stderr}`);
        const answer = await fetch(`${server.address}${path}`, how).catch(() => null);
        await answer?.text();
        if (answer?.status === status) return;
        await wait(50);
      }
    };
    await becomes(200, "/api/ready");
    // While it does not reach Redis, it does not say so much.
    await becomes(404, "/matchmake/joinOrCreate/lesson", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ lesson: "a".repeat(22) }),
    });
  }
  await wait(600);
}

/** How many of these lessons are open in more than one process. Each listens to what the others write. */
export async function openTwice(redis: Redis, lessons: readonly string[]): Promise<number> {
  const heard = await redis.pubsub("NUMSUB", ...lessons.map((id) => `lesson:${id}`));
  return heard.filter((listeners, i) => i % 2 === 1 && Number(listeners) > 1).length;
}

/** The lessons that are open in any process. */
export async function openLessons(redis: Redis): Promise<string[]> {
  const topics = (await redis.pubsub("CHANNELS", "lesson:*")) as string[];
  return topics.map((topic) => topic.slice("lesson:".length));
}
