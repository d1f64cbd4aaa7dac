import { expect, test } from "vitest";
import { type Field, placesDriven, placesIn } from "../../client/lesson/learned/action-field.ts";
import { sayChange } from "../../client/lesson/learned/change.ts";
import { changedWay } from "../../client/lesson/learned/lit.ts";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import type { Round } from "../../shared/lesson/lesson.ts";
import { garden } from "../../shared/worlds/garden/levels.ts";
import { road } from "../../shared/worlds/road/levels.ts";

const round = {
  episodes: [demonstrate(road, 5001), demonstrate(road, 5002)],
  queries: [
    [0, 20],
    [1, 40],
  ],
} as unknown as Round;
const places = placesIn(road, round);
const driven = placesDriven(road, round);
const first = places.length - driven.flat().length;

/** What a learner would do that steers `otherwise` at these places along its ways, and straight on elsewhere. */
function fieldWith(otherwise: readonly number[]): Field {
  const actions = places.map((_, i) => (otherwise.includes(i - first) ? 0.1 : 0));
  return { actions, familiarity: places.map(() => 1) };
}
const before = fieldWith([]);

test("where nothing would be done otherwise, nothing lights up, and that is said", () => {
  expect(changedWay(road, round, before, before)).toEqual({ stretches: [], share: 0 });
  expect(sayChange(road, round, before, before).short).toBe("Nothing changed");
  expect(sayChange(road, round, before, before).words).toMatch(/^Nothing changed: /);
});

test("why nothing changed is told: on its drive it was the learner before this round's answers", () => {
  const said = (isOld: boolean | null, answers: number, fewer = false) => {
    const answered = { ...round, answers: Array(answers).fill([0]) } as Round;
    return sayChange(road, answered, before, before, fewer, isOld).words;
  };
  expect(said(true, 1)).toBe("Nothing changed: it already does what you said.");
  expect(said(true, 2)).toBe(
    "Nothing changed: since your earlier answers it already does what you said.",
  );
  expect(said(false, 2)).toMatch(/^This answer alone changed almost nothing\./);
  for (const words of [said(null, 2), said(true, 2, true)])
    expect(words).toBe("Nothing changed: on its way it does the same as before.");
});

test("the stretches are the places with another choice, and their neighbours, drive by drive", () => {
  const perDrive = driven[0]!.length;
  const now = fieldWith([10, 11, perDrive - 1, perDrive + 30]);
  const { stretches, share } = changedWay(road, round, before, now);
  const at = (drive: number, i: number) => {
    const { x, y } = driven[drive]![i]!;
    return { x, y };
  };
  expect(stretches).toEqual([
    [9, 10, 11, 12].map((i) => at(0, i)),
    [perDrive - 2, perDrive - 1].map((i) => at(0, i)),
    [29, 30, 31].map((i) => at(1, i)),
  ]);
  expect(share).toBe(4 / driven.flat().length);
  expect(sayChange(road, round, before, now).words).toBe(
    `It learned this: on ${Math.round(100 * share)} % of its way it now steers differently.`,
  );
  expect(sayChange(road, round, now, before, true).words).toBe(
    `Taken back: on ${Math.round(100 * share)} % of its way it steers as before again.`,
  );
});

test("a change at the middle of the road is no change of its way", () => {
  const now = { ...before, actions: before.actions.map((_, i) => (i < first ? 0.1 : 0)) };
  expect(changedWay(road, round, before, now).share).toBe(0);
});

test("in a grid tiles are all there is", () => {
  const walks = { ...round, episodes: [demonstrate(garden, 5001)], queries: [] } as Round;
  expect(placesDriven(garden, walks)).toEqual([]);
});
