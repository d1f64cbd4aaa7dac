import { describe, expect, test } from "vitest";
import {
  causeAt,
  crashAhead,
  type Levels,
  levelsAlong,
  levelsOf,
  rolloutAsking,
  Turns,
  thresholdsAt,
} from "../../../shared/imitation/asking.ts";
import { pairsOf } from "../../../shared/imitation/dataset.ts";
import { demonstrate, driverOf, rollout } from "../../../shared/imitation/rollout.ts";
import { fit } from "../../../shared/imitation/round.ts";
import { policyKinds } from "../../../shared/policies/index.ts";
import { seeded } from "../../../shared/random.ts";
import { Controller, replay } from "../../../shared/worlds/episode.ts";
import { worlds } from "../../../shared/worlds/index.ts";
import { demonstrationWorld } from "../../../shared/worlds/level.ts";
import { Outcome } from "../../../shared/worlds/world.ts";

const road = worlds.road!;
const place = demonstrationWorld(road);
const { policy } = fit(
  pairsOf(road, [replay(place, demonstrate(place, 7000))]),
  policyKinds.gaussianProcess!,
  3,
);
const drives = [5000, 5001].map((seed) =>
  replay(road, rollout(road, driverOf(road, policy), Controller.learner, seed)),
);
const driven = levelsAlong(road, drives, levelsOf(road, policy, 20));
const rates = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.9, 1];

function asked(levels: readonly Levels[], rate: number): number {
  const { ask } = thresholdsAt(rate, levels);
  return levels.filter((one) => causeAt(one, ask) !== null).length;
}

describe("thresholds from a rate", () => {
  const random = seeded(4);
  const distinct = Array.from({ length: 333 }, () => ({
    unfamiliar: random.uniform(),
    danger: random.uniform(),
  }));

  test.each(rates)("of %d are above them so many of the places that it drove through", (rate) => {
    const most = rate * distinct.length;
    expect(asked(distinct, rate)).toBeLessThanOrEqual(most);
    // One place more for each of the two causes would be too many.
    expect(asked(distinct, rate)).toBeGreaterThan(most - 2);
    expect(asked(driven, rate)).toBeLessThanOrEqual(rate * driven.length);
  });

  test("of a learner on the road, as well", () => {
    expect(driven).toHaveLength(400);
    for (const rate of [0.05, 0.1, 0.2, 0.3])
      expect(asked(driven, rate) / driven.length).toBeCloseTo(rate, 2);
  });

  test("fall as the rate grows, and are calm below where they ask", () => {
    for (const levels of [distinct, driven]) {
      const found = rates.map((rate) => thresholdsAt(rate, levels));
      for (const cause of ["unfamiliar", "danger"] as const) {
        const asks = found.map(({ ask }) => ask[cause]);
        expect(asks).toEqual([...asks].sort((a, b) => b - a));
        for (const { ask, calm } of found) expect(calm[cause]).toBeLessThanOrEqual(ask[cause]);
      }
    }
  });

  test("ask nothing more where all places are alike", () => {
    const alike = Array.from({ length: 50 }, () => ({ unfamiliar: 0.5, danger: 0 }));
    expect(asked(alike, 0.3)).toBe(0);
    const { ask } = thresholdsAt(0.3, alike);
    expect(causeAt({ unfamiliar: 0.6, danger: 0 }, ask)).toBe("unfamiliar");
    expect(causeAt({ unfamiliar: 0.6, danger: 0.05 }, ask)).toBe("danger");
  });
});

test("a crash ahead is as near as the learner's own drive in still air has it", () => {
  const danger = crashAhead(road, policy, 20);
  const still = {
    ...road,
    step: (...[state, action, , next]: Parameters<typeof road.step>) =>
      road.step(state, action, null, next),
  };
  let crashes = 0;
  for (const seed of [6000, 6001, 6002, 6003]) {
    const { states, outcomes, length } = replay(
      still,
      rollout(still, driverOf(road, policy), Controller.learner, seed),
    );
    for (let t = 0; t + 20 <= length; t++) {
      const until = outcomes.subarray(t, t + 20).indexOf(Outcome.fell);
      const state = states.subarray(3 * t, 3 * t + 3);
      expect(danger(state)).toBe(until < 0 ? 0 : 1 - until / 20);
      if (until >= 0) crashes++;
    }
  }
  expect(crashes).toBeGreaterThan(0);
});

describe("turns", () => {
  const thresholds = {
    ask: { unfamiliar: 0.6, danger: 0 },
    calm: { unfamiliar: 0.3, danger: 0 },
  };
  const limits = { budget: 9, least: 3, calm: 2 };
  /** Who has each step: a (d)angerous or (u)nfamiliar place asked about, (p)erson, learner (.), (o)ver, (s)pent. */
  const play = (unfamiliar: readonly number[], change: Partial<typeof limits> = {}, danger = 0) => {
    const turns = new Turns(thresholds, { ...limits, ...change });
    const steps = unfamiliar.map((level) => {
      const turn = turns.next({ unfamiliar: level, danger });
      return turn.has === "person" ? (turn.asked?.[0] ?? "p") : (turn.given?.[0] ?? ".");
    });
    return steps.join("");
  };

  test("begin above one threshold, and end below the other", () => {
    expect(play([0.5, 0.7, 0.5, 0.5, 0.5, 0.2, 0.2, 0.5, 0.6])).toBe(".uppppo..");
  });

  test("have so many steps at least, and so many calm ones in a row at the end", () => {
    expect(play([0.7, 0.2, 0.2, 0.2, 0.2])).toBe("uppo.");
    expect(play([0.7, 0.2, 0.5, 0.2, 0.5, 0.2, 0.2])).toBe("upppppo");
  });

  test("end with the budget, after which none begins", () => {
    expect(play(new Array(13).fill(0.9))).toBe("upppppppps...");
    expect(play([0.9, 0.1, 0.1, 0.1, 0.9, 0.9, 0.9], { budget: 5 })).toBe("uppoups");
    expect(play([0.9, 0.9], { budget: 0 })).toBe("..");
  });

  test("tell of danger first", () => {
    expect(play([0.9, 0.1], {}, 0.5)).toBe("dp");
  });
});

describe("a drive of a learner that asks", () => {
  const thresholds = thresholdsAt(0.2, driven);
  const limits = { budget: 40, least: 10, calm: 5 };
  const levels = levelsOf(road, policy, 20);
  /** Steps of each driver who was asked for: the script, and at each step a little to the side of it. */
  const drivers: number[] = [];
  const aside = (state: Float64Array, action: Float64Array, steps: number) => {
    road.expert(state, action);
    action[0] = action[0]! + 1e-4 * steps;
  };
  const look = () => {
    let steps = 0;
    const mine = drivers.push(0) - 1;
    return (state: Float64Array, action: Float64Array) => {
      aside(state, action, steps++);
      drivers[mine] = steps;
    };
  };
  const gate = { levels, turns: new Turns(thresholds, limits) };
  const { episode, asked } = rolloutAsking(road, policy, look, gate, 6001);
  const drive = replay(road, episode);

  test("has the person at the wheel where the turns say so, and nowhere else", () => {
    const turns = new Turns(thresholds, limits);
    const said = levelsAlong(road, [drive], levels).map((level) => turns.next(level));
    expect(said.map(({ has }) => (has === "person" ? 0 : 1))).toEqual(episode.controllers);
    expect(asked).toEqual(
      said.flatMap((turn, t) => ("asked" in turn && turn.asked ? [[t, turn.asked]] : [])),
    );
    expect(asked.length).toBeGreaterThan(1);
  });

  test("has somebody who sees the place afresh in each turn, and the learner between them", () => {
    const learner = driverOf(road, policy);
    const own = new Float64Array(1);
    let turn = -1;
    let steps = 0;
    episode.controllers.forEach((who, t) => {
      if (asked[turn + 1]?.[0] === t) {
        turn++;
        steps = 0;
      }
      const state = drive.states.subarray(t * road.stateSize);
      if (who === Controller.expert) aside(state, own, steps++);
      else learner(state, own);
      expect(episode.actions[t]).toBe(own[0]);
    });
    expect(drivers).toHaveLength(asked.length);
    expect(drivers.reduce((sum, n) => sum + n, 0)).toBe(
      episode.controllers.filter((who) => who === Controller.expert).length,
    );
  });
});
