import { describe, expect, test } from "vitest";
import { readNetwork } from "../../../shared/lesson/network.ts";
import { type ForeignNetwork, ForwardPass } from "../../../shared/policies/foreignNetwork.ts";
import { imported } from "../../../shared/policies/imported.ts";
import { policyOf } from "../../../shared/policies/index.ts";
import { finish, type Policy } from "../../../shared/policies/policy.ts";
import { seeded } from "../../../shared/random.ts";
import { type ActionSpace, contains, width } from "../../../shared/spaces.ts";
import { worlds } from "../../../shared/worlds/index.ts";
import { dataset, gap, moves, steering, taught } from "./data.ts";
import fixture from "./foreign/network.json";

const fit = (network: ForeignNetwork, action: ActionSpace, data = dataset(action, [], [])) =>
  finish(imported.correcting(network, action).fit(data, seeded(1)));

function actions(policy: Policy, action: ActionSpace, places: readonly (readonly number[])[]) {
  const row = new Float64Array(width(action));
  return places.map((place) => {
    policy.act(Float64Array.from(place), row);
    return [...row];
  });
}

describe.each(["road", "mountain"] as const)("a network for %s, made with NumPy", (name) => {
  const world = worlds[name]!;
  const { observations, outputs } = fixture[name];
  const network = readNetwork(fixture[name].network, world);

  test("puts out what it does there", () => {
    const pass = new ForwardPass(network);
    const ours = observations.map((each) => [...pass.of(Float64Array.from(each))]);
    expect(gap(ours.flat(), outputs.flat())).toBeLessThan(1e-12);
  });

  test("acts as it does there, before anything is learned and after it was stored", () => {
    const { policy, loss } = fit(network, world.action, {
      ...dataset(world.action, [], []),
      observationSize: world.observationSize,
    });
    expect(loss).toBe(0);
    const { action } = world;
    const theirs = outputs.map((row) =>
      action.kind === "discrete"
        ? [row.indexOf(Math.max(...row))]
        : row.map((a, k) => Math.min(action.high[k]!, Math.max(action.low[k]!, a))),
    );
    expect(new Set(theirs.flat()).size).toBeGreaterThan(1);
    const again = policyOf(JSON.parse(JSON.stringify(policy)));
    expect(gap(actions(policy, action, observations).flat(), theirs.flat())).toBeLessThan(1e-12);
    expect(actions(again, action, observations)).toEqual(actions(policy, action, observations));
    expect(policy.uncertainty(Float64Array.from(observations[0]!))).toBe(1);
  });
});

/** Of three numbers observed, and so many put out. */
function small(outputs: number): ForeignNetwork {
  const weights = Array.from({ length: outputs }, (_, k) => [0.5 - k, 0.3, 0.1 * k]);
  return { layers: [{ weights, bias: Array(outputs).fill(0.2) }] };
}

describe.each([
  ["continuous", steering, 2, [0.9, 2.5]],
  ["discrete", moves, 3, [2]],
] as const)("corrected, where actions are %s", (_, space, outputs, label) => {
  const network = small(outputs);
  const data = taught(space, 30, 1);
  const far = [[40, -40, 40]];

  test("does what it was told near a label, and what the network does far from any", () => {
    const place = [0.2, 0.4, -0.3];
    const own = fit(network, space).policy;
    const { policy } = fit(network, space, dataset(space, [place], [label]));
    expect(gap(actions(own, space, [place]).flat(), label)).toBeGreaterThan(0.3);
    expect(gap(actions(policy, space, [place]).flat(), label)).toBeLessThan(0.05);
    expect(actions(policy, space, far)).toEqual(actions(own, space, far));
    expect(policy.uncertainty(Float64Array.from(place))).toBeLessThan(0.1);
    expect(policy.uncertainty(Float64Array.from(far[0]!))).toBe(1);
  });

  test("stays as it is at pairs that it was trained on, and is at home there", () => {
    const own = fit(network, space).policy;
    const known = imported.correcting(network, space, () => true);
    const { policy } = finish(known.fit(data, seeded(1)));
    const places = Array.from({ length: data.n }, (_, i) => [
      ...data.observations.subarray(3 * i, 3 * i + 3),
    ]);
    expect(gap(actions(policy, space, places).flat(), actions(own, space, places).flat())).toBe(0);
    expect(policy.uncertainty(Float64Array.from(places[0]!))).toBeLessThan(0.1);
  });

  test("learns pair by pair what it learns at once, and unlearns it", () => {
    const { policy } = fit(network, space);
    const both = fit(network, space, data).policy;
    const places = [...far, [0.1, 0.2, 0.3], [-0.5, 0.5, 0]];
    const before = actions(policy, space, places);
    const pairs = Array.from({ length: data.n }, (_, i) => {
      const wide = width(space);
      return [
        data.observations.subarray(3 * i, 3 * i + 3),
        data.actions.subarray(wide * i, wide * (i + 1)),
      ] as const;
    });
    for (const pair of pairs) policy.incremental!.add(...pair);
    const [slow, quick] = [both, policy].map((one) => actions(one, space, places).flat());
    expect(gap(slow!, quick!)).toBeLessThan(1e-8);
    for (const row of actions(both, space, places)) expect(contains(space, row)).toBe(true);
    for (const pair of pairs.toReversed()) policy.incremental!.remove(...pair);
    expect(gap(actions(policy, space, places).flat(), before.flat())).toBeLessThan(1e-8);
  });

  test("refuses a network of another shape", () => {
    expect(() => imported.correcting(small(outputs + 1), space)).toThrow(RangeError);
    const { layers } = network;
    const torn = { layers: [{ ...layers[0]!, bias: [1] }] };
    expect(() => imported.correcting(torn, space)).toThrow(RangeError);
  });
});
