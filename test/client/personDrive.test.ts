import { describe, expect, test } from "vitest";
import { pathOf } from "../../client/drawing/trails.ts";
import { type DriveOptions, PersonDrive } from "../../client/lesson/activities/person-drive.ts";
import { Controls } from "../../client/stage/controls.ts";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { replay } from "../../shared/worlds/episode.ts";
import { garden } from "../../shared/worlds/garden/levels.ts";
import { kinds } from "../../shared/worlds/index.ts";
import { isByKeys, type Key } from "../../shared/worlds/steering.ts";

const frame = 1 / 60;

/** A drive that follows another, at whose end `held` was still down. */
function following(world: (typeof kinds)[number]["levels"][number], ...held: Key[]) {
  const controls = new Controls();
  for (const key of held) controls.press(key);
  const driving = new PersonDrive(world, 5001, controls, {
    background: [],
    another: true,
    onOver: () => {},
  });
  driving.enter();
  const run = (seconds: number) => {
    for (let t = 0; t < seconds; t += frame) driving.frame(frame);
    return driving.progress.value.phase;
  };
  return { controls, run };
}

const levels = kinds.map(({ levels: [world] }) => ({ world, name: world.name }));

describe.each(levels)("a drive on $name that follows another", ({ world }) => {
  const [key, other] = Object.keys(world.steering.keys) as [Key, Key];

  test("waits for a press of its own, after all was up and a breath was taken", () => {
    const { controls, run } = following(world, key);
    expect(run(3), "what is held since before").toBe("waiting");
    controls.press(other);
    expect(run(0.1), "before all is up").toBe("waiting");
    controls.release(key);
    expect(run(1), "one of two is up").toBe("waiting");
    controls.release(other);
    expect(run(0.1), "all is up").toBe("waiting");
    controls.press(key);
    expect(run(0.1)).toBe("driving");
  });

  test("is not begun by a press within a breath, however long it lasts", () => {
    const { controls, run } = following(world);
    expect(run(0.3)).toBe("waiting");
    controls.press(key);
    expect(run(2)).toBe("waiting");
    controls.release(key);
    controls.press(key);
    expect(run(0.1), "pressed afresh").toBe("driving");
  });

  test("waits for a pointer that was down to come back", () => {
    const { controls, run } = following(world);
    const { x, y } = world.picture.pose(new Float64Array(world.stateSize));
    controls.point(x, y, true, "mouse");
    expect(run(2)).toBe("waiting");
    controls.point(x + 1, y, false);
    expect(run(2)).toBe("waiting");
    controls.lift();
    expect(run(0.1)).toBe("waiting");
    controls.point(x + 1, y, true);
    expect(run(0.1)).toBe(isByKeys(world) ? "waiting" : "driving");
  });
});

describe("a walk in a garden", () => {
  const seed = 5001;
  const places = new Set(
    garden.picture.shapes.flatMap((shape) =>
      shape.kind === "tile" && shape.terrain !== "wall" ? [`${shape.x},${shape.y}`] : [],
    ),
  );

  function walking(options: Partial<DriveOptions> = {}) {
    const controls = new Controls();
    const told = { unfinished: 0 };
    const driving = new PersonDrive(garden, seed, controls, {
      background: [],
      onUnfinished: () => told.unfinished++,
      onOver: () => {},
      ...options,
    });
    driving.enter();
    const tap = (key: Key) => {
      controls.press(key);
      controls.release(key);
    };
    return { controls, driving, tap, told };
  }

  /** The keys that lead on from where one is, and those that do not. */
  function keysFrom(state: Float64Array) {
    const { x, y } = garden.picture.pose(state);
    const by = { up: [0, 1], down: [0, -1], left: [-1, 0], right: [1, 0] } as const;
    const keys = Object.keys(by) as (keyof typeof by)[];
    const isOpen = (key: keyof typeof by) => places.has(`${x + by[key][0]},${y + by[key][1]}`);
    return { open: keys.filter(isOpen), shut: keys.filter((key) => !isOpen(key)) };
  }

  test("tells where a move led nowhere, until one does", () => {
    const { driving, tap } = walking();
    // Along a way on, to where there is a wall or a fence.
    for (let i = 0; keysFrom(driving.state).shut.length === 0; i++) {
      expect(i).toBeLessThan(10);
      tap(keysFrom(driving.state).open[0]!);
      expect(driving.isStuck.value).toBe(false);
    }
    tap("space");
    expect(driving.isStuck.value, "to wait is to mean it").toBe(false);
    const { open, shut } = keysFrom(driving.state);
    tap(shut[0]!);
    expect(driving.isStuck.value).toBe(true);
    tap(open[0]!);
    expect(driving.isStuck.value).toBe(false);
  });

  test("that is left before its end is told, and one that is not begun is not", () => {
    const waiting = walking();
    waiting.driving.leave();
    expect(waiting.told.unfinished).toBe(0);
    const begun = walking();
    begun.tap("space");
    begun.driving.leave();
    expect(begun.told.unfinished).toBe(1);
    const over = walking();
    for (let i = 0; i < garden.horizon; i++) over.tap("space");
    over.driving.leave();
    expect(over.told.unfinished).toBe(0);
  });

  test("shows both who are on one tile, and each where they are elsewhere", () => {
    const path = pathOf(garden, replay(garden, demonstrate(garden, seed)));
    const { driving, tap } = walking({ companions: [{ path, role: "learner" }] });
    const apart = () => {
      const [learner, person] = driving.frame(1).agents;
      return person!.pose.x - learner!.pose.x;
    };
    expect(Math.abs(apart())).toBeGreaterThan(garden.picture.agent / 2);
    // The learner goes on, and the person stays.
    for (let i = 0; i < 6; i++) tap("space");
    const [learner, person] = driving.frame(1).agents;
    expect([person!.pose.x, person!.pose.y]).toEqual([path.poses[0]!.x, path.poses[0]!.y]);
    expect([learner!.pose.x, learner!.pose.y]).toEqual([path.poses[6]!.x, path.poses[6]!.y]);
  });
});
