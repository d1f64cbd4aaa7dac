import { describe, expect, test } from "vitest";
import { pair } from "../../../shared/policies/dataset.ts";
import { policyKinds } from "../../../shared/policies/index.ts";
import {
  type Dataset,
  finish,
  type Policy,
  type PolicyKind,
} from "../../../shared/policies/policy.ts";
import { Stream, seeded } from "../../../shared/random.ts";
import { type ActionSpace, contains, width } from "../../../shared/spaces.ts";
import { dataset, gap, moves, steering, taught } from "./data.ts";

const spaceFor = (kind: PolicyKind) => (kind.actions === "discrete" ? moves : steering);
const fit = (kind: PolicyKind, data: Dataset, seed = 1) =>
  finish(kind.fit(data, seeded(seed, Stream.learning)));

function actionsOf(policy: Policy, action: ActionSpace, places: readonly Float64Array[]) {
  const row = new Float64Array(width(action));
  return places.map((place) => {
    policy.act(place, row);
    return [...row];
  });
}

/** Of number `k` of the actions, about its mean. */
function deviation({ n, action, actions }: Dataset, k: number): number {
  const column = actions.filter((_, i) => i % width(action) === k);
  const mean = column.reduce((sum, a) => sum + a / n, 0);
  return Math.sqrt(column.reduce((sum, a) => sum + (a - mean) ** 2 / n, 0));
}

const log2Pi = Math.log(2 * Math.PI);
/** Kinds whose loss is the negative logarithm of a density, which may be above 1. */
const densities = ["mlpGaussian"];
const drawsNothing = ["gaussianProcess", "softmax", "tabular", "linear", "linearDescent"];

/** Places in and far out of the data, and odd ones. */
const random = seeded(99);
const places = [
  ...Array.from({ length: 20 }, () => Float64Array.from([0, 0, 0], () => 3 * random.normal())),
  new Float64Array(3),
  Float64Array.of(1e3, -1e3, 1e3),
];

test("some kinds learn pair by pair", () => {
  const incremental = Object.values(policyKinds).filter(
    (kind) =>
      kind.learnsAtOnce &&
      fit(kind, taught(spaceFor(kind), 60, 1)).policy.incremental !== undefined,
  );
  expect(incremental.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["fourier", "linear"]),
  );
});

describe.each(Object.values(policyKinds))("$name", (kind) => {
  const space = spaceFor(kind);
  const data = taught(space, 60, 1);
  const many = taught(space, 200, 1);
  const shares: number[] = [];
  const fitted = finish(kind.fit(data, seeded(1, Stream.learning)), (share) => shares.push(share));
  const { policy } = fitted;

  test("is registered under its name, and says so", () => {
    expect(policyKinds[kind.name]).toBe(kind);
    expect(policy.kind).toBe(kind.name);
    expect(policy.toJSON().kind).toBe(kind.name);
    expect(kind.title).not.toBe("");
  });

  test("does what it was shown, better than one constant action could", () => {
    const deviations = Array.from({ length: width(space) }, (_, k) => deviation(data, k));
    if (densities.includes(kind.name)) {
      // The best Gaussian that does not look at the observation, in nats.
      const worst = deviations.reduce((sum, d) => sum + Math.log(d) + 0.5 * (1 + log2Pi), 0);
      expect(fitted.loss).toBeLessThan(worst - 0.3);
      return;
    }
    const worst =
      space.kind === "discrete"
        ? Math.log(space.names.length)
        : deviations.reduce((sum, d) => sum + 0.5 * d * d, 0);
    expect(fitted.loss).toBeGreaterThanOrEqual(0);
    expect(fitted.loss).toBeLessThan(0.75 * worst);
  });

  test("acts within bounds everywhere, without NaN", () => {
    for (const action of actionsOf(policy, space, places)) {
      expect(contains(space, action), `${action}`).toBe(true);
    }
  });

  test("gives actions probabilities, if at all, as it acts and as its loss says", () => {
    if (!policy.probabilities || space.kind !== "discrete") return;
    const given = new Float64Array(space.names.length);
    const action = new Float64Array(1);
    for (const place of places) {
      policy.probabilities(place, given);
      expect(given.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
      policy.act(place, action);
      expect(given[action[0]!]).toBeCloseTo(Math.max(...given), 9);
    }
    let loss = 0;
    for (let i = 0; i < data.n; i++) {
      const [observation, label] = pair(data, i);
      policy.probabilities(observation, given);
      loss -= Math.log(given[label[0]!]!) / data.n;
    }
    expect(loss).toBeCloseTo(fitted.loss, 12);
  });

  test("comes back from JSON with the same predictions, bit for bit", () => {
    const json = JSON.parse(JSON.stringify(policy.toJSON()));
    const copy = kind.fromJSON(json);
    expect(actionsOf(copy, space, places)).toEqual(actionsOf(policy, space, places));
    for (const place of places) expect(copy.uncertainty(place)).toBe(policy.uncertainty(place));
    expect(copy.toJSON()).toEqual(policy.toJSON());
    const seen = [policy, copy].map((p) => {
      const familiarity = p.familiarity();
      for (const place of places.slice(0, 5)) familiarity.see(place);
      return places.map((place) => familiarity.uncertainty(place));
    });
    expect(seen[1]).toEqual(seen[0]);
  });

  test("refuses JSON of the wrong size", () => {
    const json = JSON.parse(JSON.stringify(policy.toJSON()));
    const rows = Object.keys(json).filter((key) => typeof json[key]?.[0] === "number");
    expect(rows.length).toBeGreaterThan(1);
    for (const key of rows) {
      for (const row of [json[key].slice(1), [...json[key], 0], []]) {
        expect(() => kind.fromJSON({ ...json, [key]: row }), key).toThrow(RangeError);
      }
    }
  });

  test("depends on the data and the seed alone", () => {
    const same = JSON.stringify(fit(kind, data, 2).policy.toJSON()) === JSON.stringify(policy);
    expect(same).toBe(drawsNothing.includes(kind.name));
  });

  test("reports a share done that only grows to 1", () => {
    // Some are done with so few at once.
    if (shares.length < 2) finish(kind.fit(many, seeded(1)), (share) => shares.push(share));
    expect(shares.length).toBeGreaterThan(1);
    expect(shares[0]).toBeGreaterThan(0);
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
    for (let i = 1; i < shares.length; i++) expect(shares[i]).toBeGreaterThan(shares[i - 1]!);
  });

  test("may be stopped at any point, and is as new afterwards", () => {
    for (const steps of [0, 1, 2, 3, 50]) {
      const run = kind.fit(many, seeded(1));
      for (let i = 0; i < steps; i++) run.next();
      const stopped = run.return(fitted);
      expect(stopped).toEqual({ done: true, value: fitted });
      expect(run.next()).toEqual({ done: true, value: undefined });
    }
    // A second fit beside a stopped one, of the same data, is as if the first had never been.
    const again = fit(kind, data).policy;
    expect(JSON.stringify(again.toJSON())).toBe(JSON.stringify(policy.toJSON()));
  });

  test("acting, asking and copying change nothing", () => {
    const before = JSON.stringify(policy.toJSON());
    actionsOf(policy, space, places);
    const familiarity = policy.familiarity();
    familiarity.see(places[0]!);
    policy.uncertainty(places[0]!);
    expect(JSON.stringify(policy.toJSON())).toBe(before);
    expect(policy.familiarity().uncertainty(places[0]!)).toBe(policy.uncertainty(places[0]!));
  });

  test("learns a pair as if it had been fitted to it too, and unlearns it, where it does so pair by pair", () => {
    if (!fitted.policy.incremental) return;
    expect(kind.learnsAtOnce).toBe(true);
    // One of its own, as others look at the one that all share.
    const { policy } = fit(kind, data);
    const incremental = policy.incremental!;
    const near = places.slice(0, 20);
    const sight = (policy: Policy) => [
      ...actionsOf(policy, space, near).flat(),
      ...near.map((place) => policy.uncertainty(place)),
    ];
    const before = sight(policy);
    const [observation, action] = pair(many, many.n - 1);
    incremental.add(observation, action);
    const both = {
      ...data,
      n: data.n + 1,
      observations: Float64Array.of(...data.observations, ...observation),
      actions: Float64Array.of(...data.actions, ...action),
    };
    const learned = sight(policy);
    expect(gap(learned, sight(fit(kind, both).policy))).toBeLessThan(1e-8);
    expect(gap(learned, before)).toBeGreaterThan(1e-4);
    incremental.remove(observation, action);
    expect(gap(sight(policy), before)).toBeLessThan(1e-8);
  });

  test("uncertainty is a share, and every sight of a place makes it smaller, nowhere larger", () => {
    const familiarity = policy.familiarity();
    const all = () => places.map((place) => familiarity.uncertainty(place));
    let before = all();
    for (let i = 0; i < 10; i++) {
      familiarity.see(places[i]!);
      const after = all();
      expect(after[i]).toBeLessThan(before[i]!);
      after.forEach((u, j) => {
        expect(u).toBeGreaterThanOrEqual(0);
        expect(u).toBeLessThanOrEqual(1);
        expect(u).toBeLessThanOrEqual(before[j]! + 1e-9);
      });
      before = after;
    }
  });

  describe("with data that are hardly any good", () => {
    const action = space.kind === "discrete" ? [1] : [0.5, 2];
    const sound = (observations: number[][], actions: number[][]) => {
      const { policy, loss } = fit(kind, dataset(space, observations, actions));
      expect(Number.isFinite(loss)).toBe(true);
      expect(JSON.stringify(policy.toJSON())).not.toContain("null"); // which is how JSON writes NaN
      for (const row of actionsOf(policy, space, places)) expect(contains(space, row)).toBe(true);
      return policy;
    };

    test("one pair: that is what it does there", () => {
      const place = [0.2, -0.3, 0.5];
      const [done] = actionsOf(sound([place], [action]), space, [Float64Array.from(place)]);
      expect(gap(done!, action)).toBeLessThan(0.05);
    });

    test("contradictions: something between, or one of the two", () => {
      const place = [0.2, -0.3, 0.5];
      const other = space.kind === "discrete" ? [2] : [-0.5, 1];
      const [done] = actionsOf(
        sound([place, place, place, place], [action, other, action, other]),
        space,
        [Float64Array.from(place)],
      );
      done!.forEach((value, k) => {
        const [low, high] = [action[k]!, other[k]!].sort((a, b) => a - b);
        expect(value).toBeGreaterThanOrEqual(low! - 0.05);
        expect(value).toBeLessThanOrEqual(high! + 0.05);
      });
    });

    test("observations that never change, are all zeros, or large", () => {
      sound(
        [1, 2, 3, 4].map((x) => [x / 4, 7, 7]),
        [action, action, action, action],
      );
      sound(
        [
          [0, 0, 0],
          [0, 0, 0],
        ],
        [action, action],
      );
      sound(
        [
          [1e6, -1e6, 1e6],
          [-1e6, 1e6, 0],
        ],
        [action, action],
      );
    });
  });

  describe("with data that are no good, says what is wrong:", () => {
    const good = taught(space, 4, 1);
    const spoilt = (at: number, value: number, what: "observations" | "actions") => {
      const copy = Float64Array.from(good[what]);
      copy[at] = value;
      return { ...good, [what]: copy };
    };
    const other: ActionSpace = space.kind === "discrete" ? steering : moves;
    const empty = { n: 0, observations: new Float64Array(0), actions: new Float64Array(0) };
    const cases: [string, Dataset, RegExp][] = [
      ["empty", { ...good, ...empty }, /empty/],
      ["NaN observed", spoilt(5, Number.NaN, "observations"), /observation 1 has the number NaN/],
      ["infinity observed", spoilt(0, Number.POSITIVE_INFINITY, "observations"), /Infinity/],
      ["NaN done", spoilt(0, Number.NaN, "actions"), /action 0 is not one/],
      ["wrong kind", { ...good, action: other }, /learns (continuous|discrete) actions/],
      ["too few observations", { ...good, observations: good.observations.slice(1) }, /12 numbers/],
      ["too few actions", { ...good, actions: good.actions.slice(1) }, /4 actions of/],
      ["half a pair", { ...good, n: 3.5 }, /3.5 is not a number of pairs/],
      ["no observation", { ...good, observationSize: 0 }, /0 is not the size/],
    ];
    if (space.kind === "discrete") {
      cases.push(["no such action", spoilt(2, 3, "actions"), /action 2 is not one/]);
      cases.push(["half an action", spoilt(2, 0.5, "actions"), /action 2 is not one/]);
    }
    test.each(cases)("%s", (_, data, message) => {
      expect(() => fit(kind, data)).toThrow(RangeError);
      expect(() => fit(kind, data)).toThrow(message);
    });
  });
});
