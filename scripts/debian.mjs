import { spawnSync } from "node:child_process";
import { onPath } from "./onPath.mjs";

/**
 * Installs packages of Debian's, where this process may and there is an apt; otherwise does nothing.
 * @param {readonly string[]} packages
 */
export function fromDebian(packages) {
  if (process.getuid?.() !== 0 || !onPath("apt-get")) return;
  console.log(`Installing Debian's ${packages.join(" and ")} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [
    ["update", "-qq"],
    ["install", "-y", "-qq", "--no-install-recommends", ...packages],
  ])
    spawnSync("apt-get", args, { env, stdio: ["ignore", "ignore", "inherit"] });
}
