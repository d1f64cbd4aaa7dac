import { describe, expect, test } from "vitest";
import { lookAhead } from "../../client/lesson/activities/look-ahead.ts";
import {
  type Question,
  QuestionScene,
} from "../../client/lesson/correct/time-stop/question-scene.ts";
import { Controls } from "../../client/stage/controls.ts";
import { Wheel } from "../../client/stage/wheel.ts";
import { rollout } from "../../shared/imitation/rollout.ts";
import { Controller, replay, Simulation } from "../../shared/worlds/episode.ts";
import { garden } from "../../shared/worlds/garden/levels.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { path, pathWith } from "../../shared/worlds/path/levels.ts";
import { road, roadWith } from "../../shared/worlds/road/levels.ts";
import { restOf, stepsIn } from "../../shared/worlds/steering.ts";
import { Outcome } from "../../shared/worlds/world.ts";

const frameSeconds = 1 / 60;
const still = [
  { world: road, calm: roadWith({ gust: 0 }), actions: [[0], [0.1], [-0.25]] },
  {
    world: path,
    calm: pathWith({ noise: 0 }),
    actions: [
      [0.2, 0],
      [0.2, 0.17],
      [0.2, -0.3],
    ],
  },
  { world: garden, calm: garden, actions: [[0], [1], [2], [3], [4]] },
];

/** Where the world takes whoever holds `action` from the start of an episode, for a second or one move. */
function driven(calm: Level, seed: number, action: readonly number[]) {
  const drive = new Simulation(calm, seed);
  const poses = [calm.picture.pose(drive.state)];
  while (!drive.over && poses.length <= stepsIn(calm.steering, 1, 1)) {
    if (drive.step(Float64Array.from(action)) === Outcome.fell) return { poses, fell: true };
    poses.push(calm.picture.pose(drive.state));
  }
  return { poses, fell: false };
}

/** What the learner does all the time. */
const always = ({ steering }: Level) => (steering.pace === "runs" ? steering.rest : [1]);

/** A question about step `t` of a drive in which the learner always did the same. */
function ask(world: Level, change: Partial<Question> = {}) {
  const action = always(world);
  const episode = rollout(world, (_, row) => row.set(action), Controller.learner, 5000);
  const given: (readonly number[])[] = [];
  const controls = change.controls ?? new Controls();
  const asking = new QuestionScene({
    world,
    trajectory: replay(world, episode),
    t: 2,
    controls,
    background: [],
    moves: true,
    before: null,
    onAnswer: (answer) => given.push(answer),
    ...change,
  });
  asking.enter();
  return { asking, controls, given };
}

const plan = ({ asking }: { asking: QuestionScene }, seconds = frameSeconds) =>
  asking.frame(seconds).trails.filter(({ style }) => style === "plan");

describe.each(still)("in $world.title", ({ world, calm, actions }) => {
  test("the lookAhead equals what the world does, step for step", () => {
    for (let seed = 2000; seed < 2040; seed++) {
      const { state } = new Simulation(world, seed);
      const before = state.slice();
      for (const action of actions)
        expect(lookAhead(world, state, action)).toEqual(driven(calm, seed, action));
      expect(state).toEqual(before);
    }
  });

  test("the frame that sees the hand move shows where it leads", () => {
    const scene = ask(world);
    const { states } = replay(
      world,
      rollout(world, (_, row) => row.set(always(world)), Controller.learner, 5000),
    );
    const state = states.slice(2 * world.stateSize, 3 * world.stateSize);
    for (const key of Object.keys(world.steering.keys) as (keyof typeof world.steering.keys)[]) {
      const before = scene.asking.answer.value;
      scene.controls.press(key);
      scene.controls.release(key);
      const [shown] = plan(scene);
      expect(scene.asking.answer.value).not.toEqual(before);
      expect(shown!.role).toBe("expert");
      const steps = world.canFall ? 7 : undefined;
      expect(shown!.points).toEqual(
        lookAhead(world, state, scene.asking.answer.value!, steps).poses,
      );
    }
  });
});

/** A question in the garden to which the answer was "up". */
function answered() {
  const scene = ask(garden, { moves: false });
  plan(scene);
  scene.controls.press("up");
  scene.controls.release("up");
  scene.asking.commit();
  return scene;
}

describe("a question", () => {
  test("opens when the lead-in is over, when one begins to answer, and at once for whoever wants no motion", () => {
    const waiting = ask(road);
    plan(waiting, 0.9);
    expect(waiting.asking.phase.value).toBe("lead-in");
    plan(waiting, 0.2);
    expect(waiting.asking.phase.value).toBe("open");

    const hasty = ask(road);
    plan(hasty);
    hasty.controls.press("left");
    expect(hasty.asking.phase.value).toBe("open");

    const pointed = ask(garden);
    plan(pointed);
    pointed.controls.point(0, 0, true);
    expect(pointed.asking.phase.value).toBe("open");

    const calm = ask(road, { moves: false });
    plan(calm, 0);
    expect(calm.asking.phase.value).toBe("open");
  });

  test("is not answered by an Enter too many: in the lead-in it only goes on", () => {
    const { asking, given } = ask(road);
    asking.commit();
    expect([asking.phase.value, given]).toEqual(["open", []]);
    asking.commit();
    expect([asking.phase.value, given]).toEqual(["given", [[0]]]);
    asking.commit();
    expect(given.length).toBe(1);
  });

  test("of a few choices takes the same key again for Enter, and another for another answer", () => {
    const { asking, controls, given } = ask(garden);
    const press = (key: "up" | "down") => {
      controls.press(key);
      controls.release(key);
    };
    press("up");
    press("down");
    expect([asking.phase.value, asking.answer.value, given]).toEqual(["open", [1], []]);
    press("down");
    expect([asking.phase.value, given]).toEqual(["given", [[1]]]);
  });

  test("glows beside the learner's choice while the next one leads in", () => {
    const first = answered();
    expect(plan(first).map(({ role }) => role)).toEqual(["expert", "learner"]);
    const next = ask(garden, { before: first.asking, controls: first.controls });
    expect(plan(next)).toEqual(plan(first));
    expect(plan(next, 1.3)).toEqual([]);
  });

  test("shows where the plan would leave the road", () => {
    const scene = ask(road, { moves: false });
    const crosses = Array.from({ length: 41 }, (_, i) => {
      scene.controls.stick = { x: i / 20 - 1, y: 0 };
      const { trails, falls } = scene.asking.frame(frameSeconds);
      const { points } = trails.at(-1)!;
      // A plan is seven steps long, or it has ended in a fall.
      expect(falls).toEqual(points.length < 8 ? [points.at(-1)] : []);
      return falls.length;
    });
    expect(new Set(crosses)).toEqual(new Set([0, 1]));
  });

  test("takes an Enter after such a key for the next answer's, and one before it for nothing", () => {
    const first = answered();
    first.asking.commit();
    first.controls.press("left");
    first.controls.release("left");
    first.asking.commit();
    first.controls.press("down");
    const next = ask(garden, { before: first.asking, controls: first.controls });
    expect(next.given).toEqual([[2]]);
    const third = ask(garden, { before: next.asking, controls: first.controls });
    expect([third.asking.phase.value, third.asking.answer.value]).toEqual(["open", [1]]);
  });

  test("takes what was pressed since the answer before, and ends its glow", () => {
    const first = answered();
    first.controls.press("left");
    first.controls.release("left");
    const next = ask(garden, { before: first.asking, controls: first.controls });
    expect([next.asking.phase.value, next.asking.answer.value]).toEqual(["open", [2]]);
    expect(plan(next).map(({ role }) => role)).toEqual(["expert"]);
  });

  test("keeps a key that is held over from the answer before from steering", () => {
    const first = ask(road, { moves: false });
    first.controls.press("left");
    first.asking.commit();
    const second = ask(road, { before: first.asking, controls: first.controls, moves: false });
    plan(second, 0.5);
    plan(second, 0.5);
    expect(second.asking.answer.value).toEqual([0]);
  });

  test("may be answered again where the answer was not taken", () => {
    const { asking, given } = ask(road, { moves: false });
    asking.frame(0);
    asking.commit();
    asking.reopen();
    asking.commit();
    expect(given.length).toBe(2);
  });
});

describe("the wheel in an open question", () => {
  test("a tap is a nudge, a hold is more, and it stays where it is left", () => {
    const scene = ask(road, { moves: false });
    const turned = () => scene.asking.answer.value![0]! / 0.25;
    scene.controls.press("left");
    for (let i = 0; i < 6; i++) plan(scene);
    scene.controls.release("left");
    expect(turned()).toBeCloseTo(0.05, 12);
    scene.controls.press("left");
    for (let i = 0; i < 30; i++) plan(scene);
    scene.controls.release("left");
    const held = turned();
    expect(held).toBeGreaterThan(0.3);
    for (let i = 0; i < 60; i++) plan(scene);
    expect(turned()).toBe(held);
    expect(scene.asking.frame(0).agents[0]!.wheel).toBeCloseTo(held, 12);
  });

  test("stops at straight on when it is tapped back", () => {
    const wheel = new Wheel(road);
    wheel.action[0] = 0.003;
    wheel.nudge("right");
    expect(wheel.action[0]).toBe(0);
    wheel.nudge("right");
    expect(wheel.share).toBeCloseTo(-0.05, 12);
    for (let i = 0; i < 40; i++) wheel.nudge("left");
    expect(wheel.share).toBe(1);
  });

  test("follows a pointer that is dragged, even one that is up again before the frame", () => {
    const { asking, controls } = ask(road, { moves: false });
    const heads = (x: number, y: number) => {
      const row = new Float64Array(1);
      const { states } = replay(
        road,
        rollout(road, (_, action) => action.set([0]), Controller.learner, 5000),
      );
      road.steering.toward(states.slice(6, 9), x, y, row);
      return [...row];
    };
    controls.point(1, 2, true);
    controls.lift();
    expect(asking.answer.value).toEqual(heads(1, 2));
    controls.point(1, 1, true);
    controls.point(-3, 2, false);
    asking.frame(frameSeconds);
    controls.lift();
    asking.frame(frameSeconds);
    expect(asking.answer.value).toEqual(heads(-3, 2));
  });

  test.each([
    [road, { x: -0.4, y: 0 }, [0.1]],
    [road, { x: 1, y: 0 }, [-0.25]],
    [path, { x: 0.9, y: -0.5 }, [0.2, 0.15]],
  ])("is where a stick is, in %#", (world, stick, action) => {
    const { asking, controls } = ask(world, { moves: false });
    controls.stick = stick;
    asking.frame(frameSeconds);
    asking.answer.value!.forEach((value, i) => {
      expect(value).toBeCloseTo(action[i]!, 12);
    });
    controls.stick = { x: 0, y: 0 };
    asking.frame(frameSeconds);
    expect(asking.answer.value).toEqual([...restOf(world.steering)]);
  });
});

describe("once it is answered, what the answer has changed", () => {
  const poses = [0, 1, 2, 3, 4].map((x) => ({ x, y: 0, heading: 0 }));
  const effect = {
    before: { poses: poses.slice(0, 2), fell: true },
    now: { poses, fell: false },
    isCrash: false,
  };
  const given = (change: Partial<Question> = {}) => {
    const scene = ask(road, change);
    scene.asking.commit();
    scene.asking.commit();
    expect(scene.asking.phase.value).toBe("given");
    return scene;
  };

  test("is played for a second, beside where it would have crashed", () => {
    const { asking } = given();
    expect(asking.holds.value).toBe(true);
    asking.frame(frameSeconds);
    asking.learned([], [], effect);
    const xs: number[] = [];
    for (let seconds = 0; asking.holds.value; seconds += frameSeconds) {
      expect(seconds).toBeLessThan(1.1);
      const { agents, falls } = asking.frame(frameSeconds);
      xs.push(agents[0]!.pose.x);
      expect(falls).toContainEqual(poses[1]);
    }
    expect(xs.length).toBeGreaterThan(55);
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
    expect(xs.at(-1)).toBe(4);
  });

  test("is not waited for when it does not come", () => {
    const { asking } = given();
    for (let i = 0; i < 29; i++) asking.frame(frameSeconds);
    expect(asking.holds.value).toBe(true);
    for (let i = 0; i < 3; i++) asking.frame(frameSeconds);
    expect(asking.holds.value).toBe(false);
  });

  test.each(["a key", "Enter", "a press on the picture", "a refusal"])(
    "gives way to %s",
    (what) => {
      const { asking, controls } = given();
      asking.learned([], [], effect);
      asking.frame(frameSeconds);
      if (what === "a key") controls.press("left");
      if (what === "Enter") asking.commit();
      if (what === "a press on the picture") controls.point(0, 0, true);
      if (what === "a refusal") asking.reopen();
      expect(asking.holds.value).toBe(false);
      if (what === "a refusal") expect(asking.frame(0).agents[0]!.pose.x).not.toBe(poses[0]!.x);
    },
  );

  test("is not played for whoever wants no motion, nor where one cannot crash", () => {
    expect(given({ moves: false }).asking.holds.value).toBe(false);
    const inGarden = ask(garden);
    inGarden.controls.press("up");
    inGarden.asking.commit();
    expect(inGarden.asking.holds.value).toBe(false);
  });
});
