import { describe, expect, test } from "vitest";
import { demonstrate, rollout } from "../../shared/imitation/rollout.ts";
import {
  apply,
  emptyLesson,
  type LessonEvent,
  lessonAt,
  type NewEvent,
  type Turn,
} from "../../shared/lesson.ts";
import {
  episode as episodeSchema,
  isRefusal,
  newLesson,
  type Refusal,
  requests,
  rules,
} from "../../shared/protocol.ts";
import { inferReward, labelsOf, takeTurn } from "../../shared/training.ts";
import { Controller } from "../../shared/worlds/episode.ts";
import { garden } from "../../shared/worlds/garden.ts";
import { road } from "../../shared/worlds/road.ts";

const stamp = (events: readonly NewEvent[]): LessonEvent[] =>
  events.map((event, i) => ({ seq: i + 1, at: 0, ...event }));
const fold = (events: readonly NewEvent[]) => stamp(events).reduce(apply, emptyLesson);

const created: NewEvent = { type: "created", world: "garden" };
const shown = (seed: number): NewEvent => ({
  type: "demonstrated",
  episode: demonstrate(garden, seed),
});
const learnersDrive = rollout(garden, (_, action) => action.fill(1), Controller.learner, 5000);
const turn: Turn = {
  plan: { policy: "softmax", query: "every", budget: 3, drives: 1 },
  basis: 2,
  seed: 2,
  pairs: 4,
  labels: 0,
  loss: 0.1,
  ms: 1,
  digest: "",
  heldOut: [1],
  episodes: [learnersDrive],
  uncertainty: [learnersDrive.controllers.map(() => 1)],
  queries: [
    [0, 0],
    [0, 1],
    [0, 2],
  ],
};
const trained: NewEvent = { type: "trained", ...turn };
const labelled = (index: number, action: number): NewEvent => ({
  type: "labelled",
  round: 0,
  index,
  action: [action],
});
const undone = (index: number): NewEvent => ({ type: "undone", round: 0, index });
const code = (answer: NewEvent | Refusal | null) =>
  answer && isRefusal(answer as NewEvent) ? (answer as Refusal).code : answer;

describe("a lesson from its log", () => {
  test("has what was shown and not taken away", () => {
    const lesson = fold([
      created,
      shown(2000),
      shown(2001),
      { type: "forgotten", demonstration: 2 },
    ]);
    expect(lesson.world).toBe("garden");
    expect(lesson.demonstrations.map(({ seq }) => seq)).toEqual([3]);
    expect(lesson.seq).toBe(4);
  });

  test("has the answers that were not taken back, in order", () => {
    const events = [
      created,
      shown(2000),
      trained,
      labelled(0, 1),
      labelled(1, 2),
      undone(1),
      labelled(1, 3),
    ];
    expect(fold(events).rounds[0]!.answers).toEqual([[1], [3]]);
    const again: NewEvent = { type: "trained", ...turn, labels: 2 };
    const lesson = fold([...events, again, labelled(0, 0)]);
    expect(lesson.rounds.map(({ answers }) => answers)).toEqual([[[1], [3]], [[0]]]);
  });

  test("is as it was at any earlier event", () => {
    const events = stamp([created, shown(2000), trained, labelled(0, 1), undone(0)]);
    expect(lessonAt(events, 4).rounds[0]!.answers).toEqual([[1]]);
    expect(lessonAt(events, 5)).toEqual(events.reduce(apply, emptyLesson));
  });

  test("has no gaps", () => {
    expect(() => apply(emptyLesson, { seq: 2, at: 0, type: "created", world: "garden" })).toThrow(
      RangeError,
    );
  });

  test("an answer is about the state that the learner was in", () => {
    const lesson = fold([created, shown(2000), trained, labelled(0, 3), labelled(1, 1)]);
    const labels = labelsOf(garden, lesson);
    expect(labels.map(({ action }) => action)).toEqual([[3], [1]]);
    const below = new Float64Array(2);
    garden.step(Float64Array.from(labels[0]!.state), Float64Array.of(1), null, below);
    expect([...labels[1]!.state]).toEqual([...below]); // it went down
  });
});

describe("a taste", () => {
  const [taste, other] = Object.keys(garden.tastes!);
  const dealt = (to: string | null): NewEvent => ({ type: "dealt", taste: to });
  /** Names that are nobody's taste, or that every object has. */
  const strangers = ["", "hermit", "constructor", "__proto__", "toString", "hasOwnProperty"];

  test("is nobody's at first, comes with the lesson or is dealt later, and may be given back", () => {
    expect(fold([created]).taste).toBeNull();
    expect(fold([{ ...created, taste: null }]).taste).toBeNull();
    expect(fold([{ ...created, taste }]).taste).toBe(taste);
    expect(fold([created, dealt(taste!)]).taste).toBe(taste);
    expect(fold([{ ...created, taste }, dealt(other!)]).taste).toBe(other);
    expect(fold([created, dealt(taste!), shown(2000), trained]).taste).toBe(taste);
    expect(fold([created, dealt(taste!), dealt(null)]).taste).toBeNull();
  });

  test("is dealt before anything is shown, and again once that has been deleted", () => {
    const deal = (events: readonly NewEvent[], to: string | null) =>
      code(rules.deal(fold(events), { taste: to }));
    for (const to of [taste!, null]) {
      expect(deal([created], to)).toEqual({ type: "dealt", taste: to });
      expect(deal([{ ...created, taste: other }], to)).toEqual({ type: "dealt", taste: to });
      expect(deal([created, shown(2000)], to)).toBe("bad-taste");
      const forgotten: NewEvent = { type: "forgotten", demonstration: 2 };
      expect(deal([created, shown(2000), forgotten], to)).toEqual({ type: "dealt", taste: to });
      expect(deal([created, shown(2000), shown(2001), forgotten], to)).toBe("bad-taste");
    }
  });

  test("is one that the world has", () => {
    for (const to of strangers)
      expect(code(rules.deal(fold([created]), { taste: to })), to).toBe("bad-taste");
    const path = fold([{ type: "created", world: "path" }]);
    expect(code(rules.deal(path, { taste: taste! }))).toBe("bad-taste");
    expect(code(rules.deal(path, { taste: null }))).toEqual({ type: "dealt", taste: null });
  });

  test("of a new lesson is one that its world has", () => {
    const accepts = (body: unknown) => newLesson.safeParse(body).success;
    expect(accepts({ world: "garden" })).toBe(true);
    expect(accepts({ world: "garden", taste: null })).toBe(true);
    for (const name of Object.keys(garden.tastes!))
      expect(accepts({ world: "garden", taste: name })).toBe(true);
    for (const name of strangers)
      expect(accepts({ world: "garden", taste: name }), name).toBe(false);
    expect(accepts({ world: "path", taste })).toBe(false);
    expect(accepts({ world: "path", taste: null })).toBe(true);
    expect(accepts({ world: "moon", taste })).toBe(false);
    expect(accepts({ world: "constructor", taste: "name" })).toBe(false);
    expect(accepts({ world: "garden", taste: 1 })).toBe(false);
    expect(accepts({ world: "garden", taste: [taste] })).toBe(false);
  });
});

describe("an inference", () => {
  const { covariance, ...found } = inferReward(fold([created, shown(2000)]));
  const inferred = { type: "inferred", basis: 2, ms: 1, ...found, covariance } as const;
  /** As they were before rewards came with their certainty. */
  const old = { type: "inferred", basis: 2, ms: 1, ...found, reward: [0] } as unknown as NewEvent;

  test("is the log's latest", () => {
    const { type: _, ...inference } = inferred;
    expect(fold([created, shown(2000), inferred]).inference).toEqual(inference);
    const later = { ...inferred, basis: 3 };
    expect(fold([created, shown(2000), inferred, later]).inference!.basis).toBe(3);
  });

  test("of an old log is passed over, and the log goes on", () => {
    const lesson = fold([created, shown(2000), old]);
    expect(lesson.inference).toBeNull();
    expect(lesson.seq).toBe(3);
    const { type: _, ...inference } = inferred;
    expect(fold([created, shown(2000), old, inferred]).inference).toEqual(inference);
    expect(fold([created, shown(2000), inferred, old]).inference).toEqual(inference);
  });
});

describe("the rules", () => {
  const lesson = fold([created, shown(2000), trained, labelled(0, 1)]);

  test("a demonstration is an episode of this world, the expert's own, on an open seed", () => {
    const good = demonstrate(garden, 3000);
    expect(rules.demonstrate(lesson, { episode: good })).toEqual({
      type: "demonstrated",
      episode: good,
    });
    const bad = (change: object) =>
      code(rules.demonstrate(lesson, { episode: { ...good, ...change } }));
    expect(code(rules.demonstrate(lesson, { episode: demonstrate(road, 3000) }))).toBe(
      "bad-episode",
    );
    expect(bad({ seed: 19 })).toBe("bad-episode");
    expect(bad({ controllers: good.controllers.map(() => 1) })).toBe("bad-episode");
    expect(bad({ actions: good.actions.map(() => 7) })).toBe("bad-action");
    expect(bad({ actions: good.actions.map(() => 0.5) })).toBe("bad-action");
    expect(bad({ actions: [...good.actions, 0], controllers: [...good.controllers, 0] })).toBe(
      "bad-episode",
    );
    const stays = (n: number) => ({
      actions: new Array(n).fill(4),
      controllers: new Array(n).fill(0),
    });
    expect(bad(stays(garden.horizon))).toMatchObject({ type: "demonstrated" });
    expect(bad(stays(garden.horizon + 1))).toBe("bad-episode");
    expect(bad({ actions: good.actions.slice(1) })).toBe("bad-action");
  });

  test("answers come in order, to the round that asks", () => {
    const label = (round: number, index: number, action = [1]) =>
      code(rules.label(lesson, { round, index, action }));
    expect(label(0, 1)).toMatchObject({ type: "labelled", index: 1 });
    expect(label(0, 0)).toBe("out-of-order");
    expect(label(0, 2)).toBe("out-of-order");
    expect(label(0, 3)).toBe("out-of-order");
    expect(label(1, 1)).toBe("stale-round");
    expect(label(0, 1, [5])).toBe("bad-action");
    expect(label(0, 1, [Number.NaN])).toBe("bad-action");
    expect(label(0, 1, [1, 1])).toBe("bad-action");
    expect(code(rules.label(fold([created]), { round: 0, index: 0, action: [1] }))).toBe(
      "stale-round",
    );
  });

  test("the last answer is the first to be taken back", () => {
    expect(rules.undo(lesson, { round: 0, index: 0 })).toMatchObject({ type: "undone" });
    expect(code(rules.undo(lesson, { round: 0, index: 1 }))).toBe("out-of-order");
    expect(code(rules.undo(lesson, { round: 1, index: 0 }))).toBe("stale-round");
    expect(code(rules.undo(fold([created, shown(2000), trained]), { round: 0, index: 0 }))).toBe(
      "out-of-order",
    );
  });

  test("there is something to learn from, in a way that fits", () => {
    const plan = turn.plan;
    expect(rules.train(lesson, { plan })).toBeNull();
    expect(code(rules.train(fold([created]), { plan }))).toBe("no-demonstrations");
    expect(code(rules.train(lesson, { plan: { ...plan, policy: "fourier" } }))).toBe("bad-plan");
    expect(code(rules.infer(fold([created])))).toBe("no-demonstrations");
    expect(code(rules.forget(lesson, { demonstration: 3 }))).toBe("unknown-demonstration");
  });
});

describe("the schemas", () => {
  test("refuse what is not finite, not whole, unknown, too long or more than was asked for", () => {
    const good = demonstrate(garden, 3000);
    expect(episodeSchema.safeParse(good).success).toBe(true);
    const bad = [
      { ...good, actions: [Number.NaN] },
      { ...good, actions: [Number.POSITIVE_INFINITY] },
      { ...good, actions: ["1"] },
      { ...good, seed: -1 },
      { ...good, seed: 2 ** 32 },
      { ...good, seed: 1.5 },
      { ...good, world: "moon" },
      { ...good, world: "constructor" },
      { ...good, controllers: [2] },
      { ...good, controllers: [] },
      { ...good, actions: new Array(5000).fill(0) },
      { ...good, extra: 1 },
      null,
      [],
    ];
    for (const value of bad)
      expect(episodeSchema.safeParse(value).success, JSON.stringify(value)).toBe(false);
    expect(
      requests.label.safeParse({ key: "short", round: 0, index: 0, action: [1] }).success,
    ).toBe(false);
    for (const taste of ["gardener", null])
      expect(requests.deal.safeParse({ key: "long-enough", taste }).success).toBe(true);
    for (const taste of [undefined, 7, ["gardener"], "g".repeat(33)])
      expect(requests.deal.safeParse({ key: "long-enough", taste }).success).toBe(false);
    expect(requests.undo.safeParse({ key: "long-enough", round: -1, index: 0 }).success).toBe(
      false,
    );
  });
});

describe("a turn", () => {
  const lesson = fold([created, shown(2000), shown(2001)]);
  const plan = { policy: "softmax", query: "novel", budget: 6, drives: 3 };

  test("is the same twice, parameters and all", () => {
    const first = takeTurn(lesson, plan, 9);
    const again = takeTurn(JSON.parse(JSON.stringify(lesson)), plan, 9);
    expect(again.turn).toEqual(first.turn);
    expect(JSON.stringify(again.policy.toJSON())).toBe(JSON.stringify(first.policy.toJSON()));
  });

  test("counts what it learned from and asks within its budget", () => {
    const told: number[] = [];
    const { turn } = takeTurn(lesson, plan, 9, (share) => told.push(share));
    expect(turn.pairs).toBe(
      lesson.demonstrations.reduce((n, { episode }) => n + episode.controllers.length, 0),
    );
    expect(turn.labels).toBe(0);
    expect(turn.episodes.length).toBe(3);
    expect(turn.queries.length).toBeLessThanOrEqual(6);
    expect(turn.queries.length).toBeGreaterThan(0);
    expect(turn.heldOut.length).toBe(20);
    expect(told.at(-1)).toBe(1);
    turn.uncertainty.flat().forEach((value) => {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    });
  });
});
