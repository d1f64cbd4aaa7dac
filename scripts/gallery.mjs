import { spawnSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";

// The pictures in the README: taken of the game in a real browser by the test that looks at every
// screen, and copied from where it leaves them.

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
