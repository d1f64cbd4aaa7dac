import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { pathOf } from "../../client/drawing/trails.ts";
import { type DriveOptions, PersonDrive } from "../../client/lesson/activities/person-drive.ts";
import { Replay } from "../../client/lesson/activities/replay.ts";
import { ShadowDrive } from "../../client/lesson/correct/shadow/shadow-drive.ts";
import { TakeoverDrive } from "../../client/lesson/correct/takeover/takeover-drive.ts";
import { QuestionScene } from "../../client/lesson/correct/time-stop/question-scene.ts";
import { HighlightReplay, momentOf } from "../../client/lesson/watch/highlights.ts";
import { race } from "../../client/lesson/watch/race-drive.ts";
import { Controls } from "../../client/stage/controls.ts";
import type { Policy } from "../../shared/policies/policy.ts";
import { replay } from "../../shared/worlds/episode.ts";
import { kinds } from "../../shared/worlds/index.ts";
import type { Level } from "../../shared/worlds/level.ts";
import type { Key } from "../../shared/worlds/steering.ts";
import { drive, play, say, someoneDriving, unfamiliarity } from "./script.ts";

const seed = 5001;

/** Something that goes on on the stage, a line for each frame and for all that is told. */
type Scene = (world: Level, seed: number) => string[];

/** Plays a drive of the person, and says what came of it too. */
const ridden =
  (
    change: (world: Level) => Partial<DriveOptions>,
    until: (i: number, driving: PersonDrive) => void,
  ): Scene =>
  (world, seed) => {
    const controls = new Controls();
    const told: unknown[] = [];
    const driving: PersonDrive = new PersonDrive(world, seed, controls, {
      background: [],
      onStep: (episode) => told.push(["step", episode.controllers.length, driving.progress.value]),
      onOver: (episode) => told.push(["over", episode]),
      ...change(world),
    });
    const lines = play(world, driving, controls, seed, 1500, (i) => {
      until(i, driving);
      return [driving.progress.value, [...driving.state]];
    });
    return [...lines, ...told.map(say), say(driving.progress.value)];
  };

const companions = (world: Level) =>
  [5011, 5012].map((seed, i) => ({
    path: pathOf(world, replay(world, drive(world, seed))),
    role: i === 0 ? ("learner" as const) : ("ghost" as const),
  }));

const takenOver =
  (frames: number, startAt: number, finishAt: number): Scene =>
  (world, seed) => {
    const controls = new Controls();
    const told: unknown[] = [];
    const shared = new TakeoverDrive(world, someoneDriving(world), seed, controls, [], (episode) =>
      told.push(episode),
    );
    const lines = play(world, shared, controls, seed, frames, (i) => {
      if (i === startAt) shared.start();
      if (i === finishAt) shared.finish();
      return [shared.progress.value, [...shared.state]];
    });
    return [...lines, ...told.map(say), say(shared.progress.value)];
  };

const shadowed =
  (speed: number): Scene =>
  (world, seed) => {
    if (world.steering.pace === "waits") return [];
    const controls = new Controls();
    const told: unknown[] = [];
    const trajectory = replay(world, drive(world, seed));
    const shadowing = new ShadowDrive(world, trajectory, speed, controls, [], (actions) =>
      told.push([...actions]),
    );
    const lines = play(world, shadowing, controls, seed, 1500, (i) => {
      if (i === 5) shadowing.start();
      return shadowing.progress.value;
    });
    return [...lines, ...told.map(say), say(shadowing.progress.value)];
  };

const asked =
  (moves: boolean): Scene =>
  (world, seed) => {
    const controls = new Controls();
    const trajectory = replay(world, drive(world, seed));
    const told: unknown[] = [];
    const lines: string[] = [];
    let before: QuestionScene | null = null;
    for (const share of [0, 0.02, 0.4, 0.7, 1]) {
      const t = Math.floor(share * (trajectory.length - 1));
      const asking: QuestionScene = new QuestionScene({
        world,
        trajectory,
        t,
        controls,
        background: [],
        moves,
        before,
        onAnswer: (answer) => told.push([t, answer]),
      });
      const arrows = [{ points: [{ x: t, y: 0 }], tile: null, familiarity: 1, was: null }];
      lines.push(
        ...play(world, asking, controls, seed + t, 260, (i) => {
          if (i === 3 || i === 250) asking.learned(arrows, [], null);
          if (i === 200 || i === 245) asking.commit();
          if (i === 220) asking.reopen();
          const { phase, answer, crash, learners, roundStep } = asking;
          return [phase.value, answer.value, crash, learners, roundStep];
        }),
        say(asking.plans()),
      );
      before = asking;
    }
    return [...lines, ...told.map(say)];
  };

const replayed: Scene = (world, seed) => {
  const drives = [0, 1, 2].map((i) => replay(world, drive(world, seed + i)));
  const paths = drives.map((drive) => pathOf(world, drive));
  const uncertainty = paths.map(unfamiliarity);
  const plain = new Replay(world, paths, "expert", []);
  const replaying = new Replay(world, paths, "learner", [], uncertainty);
  const moments = drives.map((drive, i) =>
    momentOf(world, drive, { poses: paths[(i + 1) % 3]!.poses, falls: [], corrected: [] }),
  );
  const watching = new HighlightReplay(replaying, moments);
  const controls = new Controls();
  return [
    ...play(world, plain, controls, seed, 1500, () => plain.progress.value),
    ...play(world, watching, controls, seed, 1500, () => [watching.progress.value, watching.now]),
  ];
};

const raced: Scene = (world, seed) => {
  const controls = new Controls();
  const told: unknown[] = [];
  const racers = (["ghost", "learner"] as const).map((role) => ({
    name: role,
    role,
    episode: drive(world, seed),
  }));
  const racing = race(world, seed, racers, controls, (standings) => told.push(standings));
  return [
    ...play(world, racing, controls, seed, 1500, () => racing.progress.value),
    ...told.map(say),
  ];
};

const scenes: Readonly<Record<string, Scene>> = {
  "a drive": ridden(
    () => ({}),
    () => {},
  ),
  "another drive, which is ended": ridden(
    () => ({ another: true }),
    (i, driving) => i === 150 && driving.end(),
  ),
  "a drive that is left": ridden(
    () => ({ another: true, map: () => ({ tiles: [], colours: [], numbers: [] }) }),
    (i, driving) => i === 400 && driving.leave(),
  ),
  "a drive in company": ridden(
    (world) => ({ companions: companions(world) }),
    () => {},
  ),
  "a takeover": takenOver(1500, 5, -1),
  "a takeover that is ended": takenOver(600, 0, 300),
  "a takeover that is left": takenOver(200, 0, -1),
  "a takeover that never starts": takenOver(30, -1, 20),
  "a shadow": shadowed(1),
  "a slow shadow": shadowed(0.5),
  questions: asked(true),
  "questions without motion": asked(false),
  "a replay": replayed,
  "a race": raced,
};

/** There is nothing to shadow in a world that waits. */
const scenesIn = ({ steering }: Level) =>
  Object.keys(scenes).filter((name) => steering.pace === "runs" || !name.includes("shadow"));

describe.each(kinds.map(({ levels: [world] }) => ({ world, name: world.name })))(
  "in the $name",
  ({ world }) => {
    // Known by their digest, as written when each activity still had a clock and a path of its own.
    test.each(scenesIn(world))("%s is seen, told and recorded as ever", (name) => {
      const lines = scenes[name]!(world, seed);
      const digest = createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, 16);
      expect({ lines: lines.length, digest }).toMatchSnapshot();
    });
  },
);

test("a takeover that is ended before its first step is told to be over, with nothing in it", () => {
  const [world] = kinds[0]!.levels;
  const told: number[] = [];
  const drive = new TakeoverDrive(
    world,
    someoneDriving(world),
    seed,
    new Controls(),
    [],
    (episode) => told.push(episode.actions.length),
  );
  drive.start();
  drive.finish();
  expect(told).toEqual([0]);
  expect(drive.progress.value.phase).toBe("over");
});

test("only the crashes of whoever has the wheel are theirs", () => {
  const [world] = kinds.find(
    ({ levels: [one] }) => one.canFall && one.steering.pace === "runs",
  )!.levels;
  const [key] = Object.keys(world.steering.keys) as [Key];
  const crashes = (holds: boolean) => {
    const controls = new Controls();
    // It turns as hard as it can, so that it crashes by itself, too.
    const turning: Policy = { ...someoneDriving(world), act: (_, action) => action.fill(1) };
    const drive = new TakeoverDrive(world, turning, seed, controls, [], () => {});
    drive.start();
    if (holds) controls.press(key);
    while (drive.progress.value.phase === "driving") drive.frame(1 / 20);
    return { falls: drive.progress.value.falls, own: drive.ownFalls };
  };
  const [left, taken] = [crashes(false), crashes(true)];
  expect(left.falls).toBeGreaterThan(1);
  expect(left.own).toBe(0);
  expect(taken.falls).toBeGreaterThan(1);
  expect(taken.own).toBe(taken.falls);
});

test("a drive begins by a touch that is over before the next frame", () => {
  const [world] = kinds[0]!.levels;
  const controls = new Controls();
  const driving = new PersonDrive(world, seed, controls, { background: [], onOver: () => {} });
  driving.enter();
  driving.frame(0.05);
  expect(driving.progress.value.phase).toBe("waiting");
  controls.point(0, 0, true, "touch");
  controls.lift();
  driving.frame(0.05);
  expect(driving.progress.value.phase).toBe("driving");
});
