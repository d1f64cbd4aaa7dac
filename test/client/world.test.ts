import { expect, test } from "vitest";
import { pathOf } from "../../client/drawing/trails.ts";
import { Forecast, forecastSeconds } from "../../client/lesson/activities/forecast.ts";
import { type Fall, Replay } from "../../client/lesson/activities/replay.ts";
import { Dust } from "../../client/stage/dust.ts";
import { rendererFor } from "../../client/stage/renderer.ts";
import { windAt } from "../../client/stage/wind.ts";
import { presentationOf } from "../../client/worlds/index.ts";
import { demonstrate, rollout } from "../../shared/imitation/rollout.ts";
import { Controller, replay } from "../../shared/worlds/episode.ts";
import { kinds, worlds } from "../../shared/worlds/index.ts";
import { stepsIn } from "../../shared/worlds/steering.ts";

const road = worlds.road!;
const drives = [1, 2, 3, 4].map((seed) => replay(road, demonstrate(road, 5000 + seed)));

test.each([
  ["ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader driver)", "canvas"],
  ["llvmpipe (LLVM 15.0.7, 256 bits)", "canvas"],
  ["ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11 vs_5_0 ps_5_0)", "canvas"],
  ["Apple Software Renderer", "canvas"],
  [null, "canvas"],
  ["ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 vs_5_0 ps_5_0)", "webgl"],
  ["Adreno (TM) 640", "webgl"],
  ["Apple GPU", "webgl"],
  ["Mali-G78", "webgl"],
] as const)("%s is drawn by the %s", (name, renderer) => {
  expect(rendererFor(name)).toBe(renderer);
});

test("a gust is seen before it comes, by as long as is promised, and none that does not come", () => {
  const steps = stepsIn(road.steering, forecastSeconds, 0);
  let inFull = 0;
  for (const [i, { states, length }] of drives.entries()) {
    const seed = 5001 + i;
    const { gusts } = pathOf(road, drives[i]!);
    const state = (t: number) => states.subarray(t * road.stateSize, (t + 1) * road.stateSize);
    const forecast = new Forecast(road, seed, state(0));
    const announced = new Map<number, number>();
    for (let t = 0; t < length; t++) {
      const gust = forecast.after(t);
      if (gust && !announced.has(gust.t)) announced.set(gust.t, t);
      forecast.look(state(t + 1));
    }
    expect([...announced.keys()]).toEqual([...gusts.keys()]);
    for (const [t, at] of announced) {
      expect(t - at).toBeLessThan(steps);
      // One that follows closely on another is announced once that has come.
      if (t - at === steps - 1) inFull++;
    }
  }
  expect(inFull).toBeGreaterThan(5);
});

test("a gust's front comes to places upwind first", () => {
  const pose = { x: 0, y: 0, heading: 0 };
  const feeling = { pose, fall: null, gust: null, coming: { toward: 0, within: 0.2 } };
  const [upwind, here, downwind] = [-3, 0, 3].map((x) => windAt(feeling, x, 0)?.strength ?? 0);
  expect(upwind).toBeGreaterThan(0);
  expect([here, downwind]).toEqual([0, 0]);
  const later = { ...feeling, coming: null, gust: { x: 0, y: 0, age: 3, toward: 0 } };
  expect(windAt(later, 0, 0)).toBeNull();
});

test("a replay tells each fall once, in order, however long a frame is, and takes half a second for it", () => {
  const timid = (state: Float64Array, action: Float64Array) => {
    road.expert(state, action);
    action[0]! *= 0.3;
  };
  const paths = [300, 301].map((seed) =>
    pathOf(road, replay(road, rollout(road, timid, Controller.learner, seed))),
  );
  for (const seconds of [1 / 60, 0.1]) {
    const told: Fall[] = [];
    const playing = new Replay(road, paths, "learner", [], undefined, {
      onFall: (fall) => told.push(fall),
    });
    let time = 0;
    let fell: number | undefined;
    let back: number | undefined;
    while (playing.progress.value.index === 0) {
      playing.frame(seconds);
      time += seconds;
      const { value } = playing.progress;
      if (told.length === 1) fell ??= time;
      if (told.length === 1 && value.time > told[0]!.step) back ??= time;
    }
    expect(back! - fell!).toBeGreaterThan(0.5 - seconds);
    expect(back! - fell!).toBeLessThan(0.55 + seconds);
    const first = told.filter(({ index }) => index === 0).map(({ step }) => step);
    expect(first).toEqual([...paths[0]!.falls]);
    expect(first.length).toBeGreaterThan(1);
  }
});

test("dust is gone after a while, and there is never more than can be seen", () => {
  const dust = new Dust();
  for (let i = 0; i < 20; i++) dust.burst(0, 0, 0, "dirt");
  expect(dust.isGone).toBe(false);
  for (let i = 0; i < 90; i++) dust.pass(1 / 60);
  expect(dust.isGone).toBe(true);
});

const planted = kinds
  .flatMap(({ levels }) => levels)
  .filter((level) => presentationOf(level).plants)
  .map((level) => ({ name: level.name, level }));

test.each(planted)("nothing stands in the way on $name", ({ level }) => {
  const plants = presentationOf(level).plants!(level.picture);
  expect(plants.filter(({ inWind }) => inWind === "points")).toHaveLength(1);
  expect(plants.length).toBeGreaterThan(10);
  for (const { x, y, size } of plants) {
    for (const shape of level.picture.shapes) {
      if (shape.kind !== "ribbon") continue;
      const nearest = Math.min(...shape.points.map(([px, py]) => Math.hypot(px - x, py - y)));
      expect(nearest - shape.halfWidth).toBeGreaterThan(size / 2);
    }
  }
});
