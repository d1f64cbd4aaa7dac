import { GhostRace } from "../../../client/lesson/activities/ghosts.ts";
import { PersonDrive } from "../../../client/lesson/activities/person-drive.ts";
import { type Fall, Replay } from "../../../client/lesson/activities/replay.ts";
import { SideBySide } from "../../../client/lesson/activities/side-by-side.ts";
import type { Activity } from "../../../client/stage/activity.ts";
import { Controls } from "../../../client/stage/controls.ts";
import { mountStage } from "../../../client/stage/stage.ts";
import { driveFrom, seeds, world } from "./drives.ts";
import { showWall } from "./wall.ts";

/** A stage without a lesson, and what is on it by the name in the address. */
const asked = new URLSearchParams(location.search);
document.documentElement.dataset.theme = asked.get("theme") ?? "light";
const controls = new Controls();
controls.listen();
const falls: Fall[] = [];
const make = {
  replay: () =>
    new Replay(
      world,
      seeds.map((seed) => driveFrom(seed, 0.3)),
      "learner",
      [],
      undefined,
      { closeUp: asked.has("close"), onFall: (fall) => falls.push(fall) },
    ),
  ghosts: () =>
    new GhostRace(
      world,
      seeds.map((seed) => driveFrom(seed, 0.5)),
      { speed: 8 },
    ),
  both: () =>
    new SideBySide(world, { clone: driveFrom(7, 0.3), corrected: driveFrom(7, 1) }, { speed: 8 }),
  drive: () => new PersonDrive(world, 11, controls, { background: [], onOver() {} }),
};
const host = document.querySelector<HTMLElement>(".stage")!;
const on = asked.get("on");
if (on === "wall") showWall(host);
else {
  const activity: Activity = make[on as keyof typeof make]();
  const { scene } = mountStage(host, world, controls);
  activity.enter?.();
  scene.activity = activity;
  Object.assign(globalThis, { bench: { activity, falls, scene } });
}
