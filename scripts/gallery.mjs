import { spawnSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";

// Makes the README's pictures: runs the browser tests that take a screenshot of every screen and that save a
// replay, and copies some of what these leave.

const pictures = {
  "replay.gif": "crash-and-repair.gif",
  "road-watch-desktop-light.png": "watch.png",
  "road-correct-desktop-dark.png": "correct.png",
  "garden-reward-desktop-light.png": "reward.png",
  "garden-demonstrate-phone-dark.png": "phone.png",
};

process.chdir(join(import.meta.dirname, ".."));
const tests = ["screens", "share"].map((name) => `test/browser/${name}.test.ts`);
const run = ["scripts/test.mjs", "--project", "browser", ...tests];
const { status } = spawnSync(process.execPath, run, { stdio: "inherit" });
if (status !== 0) process.exit(1);
for (const [from, to] of Object.entries(pictures)) {
  copyFileSync(`dist/screens/${from}`, `docs/${to}`);
}
