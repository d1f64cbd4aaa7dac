import { describe, expect, test } from "vitest";
import { seeded } from "../../../shared/random.ts";
import { wrap } from "../../../shared/worlds/angle.ts";
import { Simulation } from "../../../shared/worlds/episode.ts";
import { demonstrationWorld, type Level } from "../../../shared/worlds/level.ts";
import { road as kind } from "../../../shared/worlds/road/index.ts";
import { calm, chicane, fair, oval, road, roadWith } from "../../../shared/worlds/road/levels.ts";
import { spline, Track, type TrackPosition } from "../../../shared/worlds/road/track.ts";
import { Outcome } from "../../../shared/worlds/world.ts";

const place = (): TrackPosition => ({ along: 0, offset: 0, heading: 0, curvature: 0 });

describe("a track", () => {
  const circle = new Track(
    (u) => [2 * Math.cos(2 * Math.PI * u), 2 * Math.sin(2 * Math.PI * u)],
    512,
  );

  test("has a circle's length, curvature, heading and distance", () => {
    expect(circle.length).toBeCloseTo(4 * Math.PI, 3);
    const found = place();
    for (let i = 0; i < 100; i++) {
      const angle = 0.01 + i * 0.0627;
      const radius = 1.5 + 0.01 * i;
      circle.locate(radius * Math.cos(angle), radius * Math.sin(angle), found);
      expect(found.curvature).toBeCloseTo(0.5, 3);
      expect(found.offset).toBeCloseTo(2 - radius, 3); // the middle is on the left
      expect(found.along).toBeCloseTo(2 * angle, 1);
      expect(Math.abs(wrap(found.heading - angle - Math.PI / 2))).toBeLessThan(0.01);
    }
  });

  test("a point on the line is found where it was taken from", () => {
    const found = place();
    const point = { x: 0, y: 0 };
    for (let along = 0.05; along < circle.length; along += 0.37) {
      circle.at(along, point);
      circle.locate(point.x, point.y, found);
      expect(found.along).toBeCloseTo(along, 6);
      expect(found.offset).toBeCloseTo(0, 6);
    }
    circle.at(-0.1, point);
    circle.locate(point.x, point.y, found);
    expect(found.along).toBeCloseTo(circle.length - 0.1, 6);
  });

  test("the point it finds is the nearest of all, near and far", () => {
    const found = place();
    const random = seeded(8);
    for (let i = 0; i < 3000; i++) {
      const [x, y] = [8 * random.uniform() - 4, 8 * random.uniform() - 4];
      circle.locate(x, y, found);
      const nearest = Math.min(...circle.points.map(([px, py]) => Math.hypot(x - px, y - py)));
      expect(Math.abs(Math.abs(found.offset) - nearest)).toBeLessThan(0.01);
      const point = { x: 0, y: 0 };
      circle.at(found.along, point);
      expect(Math.hypot(x - point.x, y - point.y)).toBeLessThanOrEqual(nearest + 1e-9);
    }
  });

  test("angles wrap to [-π, π)", () => {
    expect(wrap(Math.PI)).toBeCloseTo(-Math.PI, 12);
    expect(wrap(-Math.PI)).toBeCloseTo(-Math.PI, 12);
    expect(wrap(7 * Math.PI + 0.5)).toBeCloseTo(0.5 - Math.PI, 12);
  });
});

describe("a spline", () => {
  const controls = [
    [0, 0],
    [3, -1],
    [4, 2],
    [1, 5],
    [-2, 1],
  ] as const;
  const curve = spline(controls);
  const n = controls.length;

  test("passes a sixth of the way from each control point to its neighbours", () => {
    for (let i = 0; i < n; i++) {
      const [before, at, after] = [i, i + 1, i + 2].map((k) => controls[k % n]!);
      const [x, y] = curve(i / n);
      expect(x).toBeCloseTo((before![0] + 4 * at![0] + after![0]) / 6, 12);
      expect(y).toBeCloseTo((before![1] + 4 * at![1] + after![1]) / 6, 12);
    }
  });

  test("is closed, and goes on with the same slope and bend where its pieces meet", () => {
    expect(curve(1)).toEqual(curve(0));
    const h = 1e-4;
    for (let i = 1; i <= n; i++) {
      const axis = (k: 0 | 1) => (steps: number) => curve(((i + steps * h) / n) % 1)[k];
      for (const f of [axis(0), axis(1)]) {
        const slope = (side: number) => (side * (-3 * f(0) + 4 * f(side) - f(2 * side))) / (2 * h);
        const bend = (side: number) => (f(0) - 2 * f(side) + f(2 * side)) / (h * h);
        expect(slope(1)).toBeCloseTo(slope(-1), 5);
        expect(bend(1)).toBeCloseTo(bend(-1), 2);
      }
    }
  });
});

/** Falls of the scripted expert, a drive. */
function fallsOf(world: Level, drives: number): number {
  const action = new Float64Array(1);
  let falls = 0;
  for (let seed = 0; seed < drives; seed++) {
    const drive = new Simulation(world, seed);
    while (!drive.over) {
      world.expert(drive.state, action);
      falls += drive.step(action) === Outcome.fell ? 1 : 0;
    }
  }
  return falls / drives;
}

describe.each([road, oval, chicane])("every road: $name", (world) => {
  const { points, length } = world.track;
  const n = points.length;
  const at = (i: number) => points[((i % n) + n) % n]!;
  const between = (i: number, j: number) => Math.hypot(at(i)[0] - at(j)[0], at(i)[1] - at(j)[1]);
  const heading = (i: number) => Math.atan2(at(i + 1)[1] - at(i)[1], at(i + 1)[0] - at(i)[0]);

  test("bends no tighter than on a circle of radius 1, and goes round once", () => {
    let turned = 0;
    for (let i = 0; i < n; i++) {
      const turn = wrap(heading(i + 1) - heading(i));
      expect(Math.abs(turn) / (length / n)).toBeLessThan(1);
      turned += turn;
    }
    expect(turned).toBeCloseTo(2 * Math.PI, 6);
  });

  test("keeps clear of itself", () => {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        const along = (Math.min(i - j, n - i + j) * length) / n;
        // Half round a circle of radius 1; the road is 1.2 wide.
        if (along > Math.PI) expect(between(i, j)).toBeGreaterThan(1.8);
      }
    }
  });

  test("lies on its stage, all of it, as its squares do", () => {
    const { left, right, bottom, top } = world.picture.bounds;
    for (let i = 0; i < n; i++) {
      for (const side of [-0.6, 0.6]) {
        const x = at(i)[0] - side * Math.sin(heading(i));
        const y = at(i)[1] + side * Math.cos(heading(i));
        expect(x > left && x < right && y > bottom && y < top).toBe(true);
      }
    }
    for (const { x, y, size } of world.lattice.tiles) {
      expect(x - size / 2 > left && x + size / 2 < right).toBe(true);
      expect(y - size / 2 > bottom && y + size / 2 < top).toBe(true);
    }
  });

  test("every state that a drive comes through is on its lattice, as long as it goes along", () => {
    const action = new Float64Array(1);
    const place: TrackPosition = { along: 0, offset: 0, heading: 0, curvature: 0 };
    for (let seed = 0; seed < 20; seed++) {
      const drive = new Simulation(world, seed);
      const random = seeded(seed, 99);
      while (!drive.over) {
        world.expert(drive.state, action);
        if (drive.time % 40 > 25) action[0] = 0.5 * random.uniform() - 0.25;
        drive.step(action);
        const [x, y, direction] = drive.state;
        world.track.locate(x!, y!, place);
        // Less than 0.4 π by half a sector, and by what the road turns within a square.
        if (Math.abs(wrap(direction! - place.heading)) > 0.25 * Math.PI) continue;
        expect(world.lattice.cellOf(drive.state)).toBeGreaterThanOrEqual(0);
      }
    }
  });

  test("the scripted expert never falls without wind, and rarely with gusts", () => {
    expect(fallsOf(roadWith({ gust: 0, on: world }), 50)).toBe(0);
    expect(fallsOf(world, 50)).toBeLessThan(0.05);
  });
});

test("features are measured against the middle of a straight road, driven along", () => {
  const features = (x: number, y: number, heading: number) => {
    const row = new Float64Array(chicane.lattice.nFeatures);
    chicane.lattice.features(chicane.lattice.cellOf(Float64Array.of(x, y, heading)), row);
    const names = chicane.lattice.featureNames;
    return Object.fromEntries(names.map((name, k) => [name, row[k]!]));
  };
  // The chicane's straight, y = -3.1, goes through the middles of squares.
  const along = features(0.1, -3.15, 0.1);
  for (const name of ["near the edge", "inside of bends", "left of the middle"])
    expect(along[name]).toBeCloseTo(0, 9);
  // A heading's sector is an eighth of π wide at most.
  expect(along["at an angle"]).toBeLessThan(1 - Math.cos(Math.PI / 16));
  const left = features(0.1, -2.75, 0.1);
  expect(left["near the edge"]).toBeCloseTo((0.4 / 0.6) ** 2, 9);
  expect(left["left of the middle"]).toBeCloseTo(0.4 / 0.6, 9);
  const aside = features(0.1, -2.45, 1.1);
  expect(aside["near the edge"]).toBeCloseTo(1, 9);
  expect(aside["left of the middle"]).toBeCloseTo(1, 9);
  expect(aside["at an angle"]).toBeCloseTo(1 - Math.cos((4.5 / 12) * Math.PI), 6);
  // At the right end the road turns left, round (x, y) = (0, 0): the inside is on its left.
  expect(features(4.55, -0.1, Math.PI / 2)["inside of bends"]).toBeGreaterThan(0.2);
  expect(features(5.45, -0.1, Math.PI / 2)["inside of bends"]).toBeLessThan(-0.1);
  // Above the dip it turns right, and the inside is on its right.
  expect(features(-0.95, 0.5, Math.PI)["inside of bends"]).toBeGreaterThan(0.2);
  expect(features(-0.95, -0.3, Math.PI)["inside of bends"]).toBeLessThan(-0.1);
});

describe("the road", () => {
  const expert = (drive: Simulation) => {
    const action = new Float64Array(1);
    road.expert(drive.state, action);
    return drive.step(action);
  };

  test("a step goes 0.15 in the new direction, and a gust turns by half a radian 2 % of the time", () => {
    const action = Float64Array.of(0.1);
    const next = new Float64Array(3);
    const random = seeded(4);
    let gusts = 0;
    let steps = 0;
    for (let seed = 0; seed < 20_000; seed++) {
      const state = new Simulation(road, seed % 50).state;
      if (road.step(state, action, random, next) !== Outcome.goesOn) continue;
      steps++;
      const turned = wrap(next[2]! - state[2]!);
      if (Math.abs(turned - 0.1) > 1e-6) {
        expect(Math.abs(Math.abs(wrap(turned - 0.1)) - 0.5)).toBeLessThan(1e-6);
        gusts++;
      }
      expect(next[0]! - state[0]!).toBeCloseTo(0.15 * Math.cos(next[2]!), 5);
      expect(next[1]! - state[1]!).toBeCloseTo(0.15 * Math.sin(next[2]!), 5);
    }
    expect(gusts / steps).toBeGreaterThan(0.015);
    expect(gusts / steps).toBeLessThan(0.025);
  });

  test("leaving it is a fall, after which one is back in the middle, pointing along", () => {
    const drive = new Simulation(road, 1);
    const action = Float64Array.of(0.25);
    while (drive.step(action) !== Outcome.fell);
    const ahead = new Float64Array(1);
    road.expert(drive.state, ahead);
    expect(Math.abs(ahead[0]!)).toBeLessThan(0.2);
    for (let t = 0; t < 5; t++) expect(expert(drive)).toBe(Outcome.goesOn);
  });

  test("falls are counted", () => {
    expect(
      road.measure.of({
        states: new Float64Array(18),
        outcomes: Uint8Array.of(0, 1, 0, 1, 1),
        length: 5,
      }),
    ).toBe(3);
  });
});

describe("the first road", () => {
  test("is shown in still air and driven in the clover's gusts", () => {
    expect(kind.levels[0]).toBe(fair);
    expect(demonstrationWorld(fair)).toBe(calm);
    expect(demonstrationWorld(road)).toBe(road);
    const straight = Float64Array.of(0);
    const after = (world: Level, seed: number) => {
      const drive = new Simulation(world, seed);
      while (drive.time < 40) drive.step(straight);
      return [...drive.state];
    };
    for (const seed of [1, 2, 3, 4]) {
      expect(after(fair, seed)).toEqual(after(road, seed));
      expect(after(calm, seed)).toEqual(after(roadWith({ gust: 0 }), seed));
    }
    expect(after(calm, 1)).not.toEqual(after(fair, 1));
  });

  test("stays shown in still air, whatever gusts are asked for", () => {
    const stormy = fair.inGusts!(1);
    expect(stormy.name).toBe("fair");
    expect(demonstrationWorld(stormy)).toBe(calm);
    expect(calm.inGusts).toBeUndefined();
    expect(calm.weather).toBeUndefined();
  });
});

describe("the help in still air", () => {
  const { steering } = calm;
  const action = new Float64Array(1);
  const toward = (state: Float64Array, x: number, y: number) => {
    steering.toward(state, x, y, action);
    return action[0]!;
  };
  /** A place this far along, and off the middle of, the road. */
  const off = (along: number, offset: number) => {
    const at = { x: 0, y: 0 };
    const place = { along: 0, offset: 0, heading: 0, curvature: 0 };
    calm.track.at(along, at);
    calm.track.locate(at.x, at.y, place);
    return {
      x: at.x - offset * Math.sin(place.heading),
      y: at.y + offset * Math.cos(place.heading),
      heading: place.heading,
    };
  };

  test("takes a point on the road for the middle beside it, and one off the road as it is", () => {
    for (const along of [0, 3, 8, 15, calm.track.length - 0.5]) {
      const { x, y, heading } = off(along, 0.1);
      const state = Float64Array.of(x, y, heading);
      const middle = off(along + 1.5, 0);
      const straight = new Float64Array(1);
      road.steering.toward(state, middle.x, middle.y, straight);
      for (const offset of [-0.5, -0.2, 0.2, 0.5]) {
        const { x, y } = off(along + 1.5, offset);
        // The line is of 256 pieces: beside one of its corners the nearest place is not quite abreast.
        expect(toward(state, x, y)).toBeCloseTo(straight[0]!, 2);
      }
      const lawn = off(along + 1.5, -0.9);
      road.steering.toward(state, lawn.x, lawn.y, straight);
      expect(toward(state, lawn.x, lawn.y)).toBe(straight[0]!);
    }
  });

  test("goes on past a point that the car has come to, and turns back for one farther behind", () => {
    const { x, y, heading } = off(5, 0);
    const state = Float64Array.of(x, y, heading);
    const expected = new Float64Array(1);
    calm.expert(state, expected);
    for (const ahead of [-0.8, 0, 0.5]) {
      const at = off(5 + ahead, 0);
      expect(toward(state, at.x, at.y)).toBe(expected[0]!);
    }
    const behind = off(4, 0);
    expect(Math.abs(toward(state, behind.x, behind.y))).toBe(0.25);
  });

  test("lets keys turn the wheel a little off what keeps to the middle, to both sides", () => {
    const middle = new Float64Array(1);
    for (let seed = 1; seed <= 20; seed++) {
      const { state } = new Simulation(calm, seed);
      calm.expert(state, middle);
      for (const [asked, off] of [
        [0.25, 0.02],
        [-0.25, -0.02],
      ] as const) {
        action[0] = asked;
        steering.help!(state, action);
        expect(action[0]! - middle[0]!).toBeCloseTo(off, 12);
      }
    }
    expect(road.steering.help).toBeUndefined();
    expect(fair.steering.help).toBeUndefined();
  });
});

describe.each([road, chicane, oval])("on the $title", (world) => {
  /** Whether the scripted expert, or a wheel that is held, keeps the car on the road for half a second. */
  const staysOn = (start: Float64Array): boolean =>
    [null, 0.25, 0, -0.25].some((held) => {
      const state = start.slice();
      const action = new Float64Array(1);
      for (let t = 0; t < 10; t++) {
        world.expert(state, action);
        if (held !== null) action[0] = held;
        if (world.step(state, action, null, state) === Outcome.fell) return false;
      }
      return true;
    });

  test("a state is lost where neither the expert nor a held wheel keeps the car on the road", () => {
    const counts = { lost: 0, saved: 0 };
    for (let seed = 3000; seed < 3040; seed++) {
      const drive = new Simulation(world, seed);
      const turn = Float64Array.of([0.03, -0.04, 0.1, 0][seed % 4]!);
      while (!drive.over) {
        const lost = world.isLost!(drive.state);
        counts[lost ? "lost" : "saved"]++;
        expect(lost).toBe(!staysOn(drive.state));
        drive.step(turn);
      }
    }
    expect(counts.lost).toBeGreaterThan(400);
    expect(counts.saved).toBeGreaterThan(7000);
  });
});
