import { spawnSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";

// Makes the README's pictures: runs the browser test that takes a screenshot of every screen, and copies
// some of these.

const pictures = {
  "road-watch-desktop-light": "watch",
  "road-correct-desktop-dark": "correct",
  "garden-reward-desktop-light": "reward",
  "garden-demonstrate-phone-dark": "phone",
};

process.chdir(join(import.meta.dirname, ".."));
const test = ["scripts/test.mjs", "--project", "browser", "test/browser/screens.test.ts"];
const { status } = spawnSync(process.execPath, test, { stdio: "inherit" });
if (status !== 0) process.exit(1);
for (const [from, to] of Object.entries(pictures)) {
  copyFileSync(`dist/screens/${from}.png`, `docs/${to}.png`);
}
