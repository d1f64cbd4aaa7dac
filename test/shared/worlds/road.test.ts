import { describe, expect, test } from "vitest";
import { seeded } from "../../../shared/random.ts";
import { Drive } from "../../../shared/worlds/episode.ts";
import { road } from "../../../shared/worlds/road.ts";
import { type Place, Track, wrap } from "../../../shared/worlds/track.ts";
import { Outcome } from "../../../shared/worlds/world.ts";

const place = (): Place => ({ along: 0, offset: 0, heading: 0, curvature: 0 });

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

describe("the road", () => {
  const expert = (drive: Drive) => {
    const action = new Float64Array(1);
    road.expert(drive.state, action);
    return drive.step(action);
  };

  test("the scripted expert keeps to it, gusts and all", () => {
    let falls = 0;
    for (let seed = 0; seed < 50; seed++) {
      const drive = new Drive(road, seed);
      while (!drive.over) falls += expert(drive) === Outcome.fell ? 1 : 0;
    }
    expect(falls / 50).toBeLessThan(0.1);
  });

  test("a step goes 0.15 in the new direction, and a gust turns by half a radian 2 % of the time", () => {
    const action = Float64Array.of(0.1);
    const next = new Float64Array(3);
    const random = seeded(4);
    let gusts = 0;
    let steps = 0;
    for (let seed = 0; seed < 20_000; seed++) {
      const state = new Drive(road, seed % 50).state;
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
    const drive = new Drive(road, 1);
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
