import { layOut } from "../../../client/class/wall/layout.ts";
import { WallCanvas } from "../../../client/class/wall/wall-canvas.ts";
import { driveFrom, world } from "./drives.ts";

const driveOf = (share: number) => {
  const { poses } = driveFrom(300, share);
  return { poses, every: 1, steps: poses.length - 1, fell: false, isOwn: false };
};
const pooled = driveOf(1);
const tiles = Array.from({ length: 30 }, (_, i) => ({
  key: String(i),
  drives: [
    { drive: driveOf(0.6 + 0.01 * i), role: "learner" as const },
    { drive: pooled, role: "learner" as const, look: "hollow" as const },
  ],
}));

/** Thirty learners on the wall, each with the class's beside it; tells how long each frame took to draw, ms. */
export function showWall(host: HTMLElement): void {
  const canvas = document.createElement("canvas");
  host.append(canvas);
  const wall = new WallCanvas(canvas, world);
  wall.show(tiles, layOut(tiles.length, innerWidth, innerHeight, 1), innerWidth, innerHeight);
  const costs: number[] = [];
  let before = performance.now();
  requestAnimationFrame(function go(now) {
    const began = performance.now();
    wall.frame((now - before) / 1000);
    costs.push(performance.now() - began);
    before = now;
    requestAnimationFrame(go);
  });
  Object.assign(globalThis, { costs });
}
