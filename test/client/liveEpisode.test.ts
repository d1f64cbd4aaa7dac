import { describe, expect, test } from "vitest";
import { pathOf } from "../../client/drawing/trails.ts";
import { LiveEpisode } from "../../client/lesson/activities/live-episode.ts";
import { driverOf } from "../../shared/imitation/rollout.ts";
import { width } from "../../shared/spaces.ts";
import { Controller, replay } from "../../shared/worlds/episode.ts";
import { kinds } from "../../shared/worlds/index.ts";
import { road } from "../../shared/worlds/road/levels.ts";
import { someoneDriving } from "./script.ts";

const levels = kinds.flatMap(({ levels }) => levels);

describe("an episode under way", () => {
  test.each(levels.map((world) => ({ world, name: world.name })))(
    "records what replays to the path that was seen, in $name",
    ({ world }) => {
      const live = new LiveEpisode(world, 5001);
      const learner = driverOf(world, someoneDriving(world));
      const action = new Float64Array(width(world.action));
      while (!live.isOver) {
        learner(live.state, action);
        live.step(action, live.time % 3 === 0 ? Controller.expert : Controller.learner);
      }
      const trajectory = replay(world, live.record());
      expect(live.path).toEqual(pathOf(world, trajectory));
      expect(live.controllers).toEqual([...trajectory.controllers]);
      expect(() => live.step(action, Controller.expert)).toThrow("the episode is over");
    },
  );

  test("shows each step as it goes on, and where a fall led at once", () => {
    const live = new LiveEpisode(road, 5001);
    const action = Float64Array.of(0.25);
    const { poses, falls } = live.path;
    expect([live.pose, live.seen]).toEqual([poses[0], 0]);
    live.sinceStep = 0.04;
    expect(live.isDue).toBe(false);
    live.sinceStep = 0.075;
    expect(live.isDue).toBe(true);
    live.step(action, Controller.expert);
    expect(live.share).toBeCloseTo(0.5, 9);
    expect(live.pose.x).toBeCloseTo((poses[0]!.x + poses[1]!.x) / 2, 9);
    expect(live.seen).toBe(0);
    live.settle();
    expect(live.seen).toBe(1);
    while (falls.size === 0) {
      live.sinceStep = 0.05;
      live.step(action, Controller.expert);
    }
    expect([live.share, live.pose, live.seen]).toEqual([0, poses.at(-1), live.time]);
  });
});
