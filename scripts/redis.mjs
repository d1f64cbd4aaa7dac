import { spawnSync } from "node:child_process";
import { onPath } from "./onPath.mjs";

/**
 * The path of a Redis server for the tests: `REDIS_SERVER`, or an installed one, or else Debian's where that may be installed; null where
 * there is none.
 * @returns {string | null}
 */
export function redis() {
  // As the one who runs the tests has found it; empty where there is none.
  if (process.env.REDIS_SERVER !== undefined) return process.env.REDIS_SERVER || null;
  const found = onPath("redis-server");
  if (found || process.getuid?.() !== 0 || !onPath("apt-get")) return found ?? null;
  console.log("No Redis here: installing Debian's …");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  for (const args of [
    ["update", "-qq"],
    ["install", "-y", "-qq", "--no-install-recommends", "redis-server"],
  ])
    spawnSync("apt-get", args, { stdio: "ignore", env });
  return onPath("redis-server") ?? null;
}
