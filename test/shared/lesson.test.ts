import { describe, expect, test } from "vitest";
import { demonstrate, rollout } from "../../shared/imitation/rollout.ts";
import { episode as episodeSchema } from "../../shared/lesson/episodes.ts";
import { newLesson } from "../../shared/lesson/events/created.ts";
import {
  apply,
  type LessonEvent,
  lessonAt,
  type NewEvent,
  read,
} from "../../shared/lesson/fold.ts";
import { emptyLesson, type RoundStart } from "../../shared/lesson/lesson.ts";
import { isRefusal, type Refusal } from "../../shared/lesson/refusal.ts";
import { changes, refusePolicy, requests } from "../../shared/lesson/requests.ts";
import { inferReward, labelsOf, startRound } from "../../shared/lesson/training.ts";
import { Controller, replay } from "../../shared/worlds/episode.ts";
import { garden } from "../../shared/worlds/garden/levels.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { road } from "../../shared/worlds/road/levels.ts";

const stamp = (events: readonly NewEvent[]): LessonEvent[] =>
  events.map((event, i) => read({ seq: i + 1, at: 0, ...event }));
const fold = (events: readonly NewEvent[]) => stamp(events).reduce(apply, emptyLesson);

const created: NewEvent = { type: "created", world: "garden" };
const shown = (seed: number): NewEvent => ({
  type: "demonstrated",
  episode: demonstrate(garden, seed),
});
const learnersDrive = rollout(garden, (_, action) => action.fill(1), Controller.learner, 5000);
const round: RoundStart = {
  plan: { policy: "softmax", query: "every", budget: 3, drives: 1 },
  basis: 2,
  seed: 2,
  pairs: 4,
  labels: 0,
  loss: 0.1,
  ms: 1,
  digest: "",
  arithmetic: "test",
  heldOut: [1],
  episodes: [learnersDrive],
  uncertainty: [learnersDrive.controllers.map(() => 1)],
  queries: [
    [0, 0],
    [0, 1],
    [0, 2],
  ],
};
const trained: NewEvent = { type: "trained", v: 2, ...round };
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
    const again: NewEvent = { type: "trained", v: 2, ...round, labels: 2 };
    const lesson = fold([...events, again, labelled(0, 0)]);
    expect(lesson.rounds.map(({ answers }) => answers)).toEqual([[[1], [3]], [[0]]]);
  });

  test("is as it was at any earlier event", () => {
    const events = stamp([created, shown(2000), trained, labelled(0, 1), undone(0)]);
    expect(lessonAt(events, 4).rounds[0]!.answers).toEqual([[1]]);
    expect(lessonAt(events, 5)).toEqual(events.reduce(apply, emptyLesson));
  });

  test("has no gaps", () => {
    const [event] = stamp([created]);
    expect(() => apply(emptyLesson, { ...event!, seq: 2 })).toThrow(RangeError);
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
      code(changes.deal.decide(fold(events), { taste: to }));
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
      expect(code(changes.deal.decide(fold([created]), { taste: to })), to).toBe("bad-taste");
    const path = fold([{ type: "created", world: "path" }]);
    expect(code(changes.deal.decide(path, { taste: taste! }))).toBe("bad-taste");
    expect(code(changes.deal.decide(path, { taste: null }))).toEqual({
      type: "dealt",
      taste: null,
    });
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
    expect(fold([created, shown(2000), inferred]).inference).toEqual({ ...inference, seq: 3 });
    const later = { ...inferred, basis: 3 };
    expect(fold([created, shown(2000), inferred, later]).inference!.basis).toBe(3);
  });

  test("of an old log is passed over, and the log goes on", () => {
    const lesson = fold([created, shown(2000), old]);
    expect(lesson.inference).toBeNull();
    expect(lesson.seq).toBe(3);
    const { type: _, ...inference } = inferred;
    const at = (seq: number) => ({ ...inference, seq });
    expect(fold([created, shown(2000), old, inferred]).inference).toEqual(at(4));
    expect(fold([created, shown(2000), inferred, old]).inference).toEqual(at(3));
  });
});

describe("the rules", () => {
  const lesson = fold([created, shown(2000), trained, labelled(0, 1)]);

  test("a demonstration is an episode of this world, the expert's own, on an open seed", () => {
    const good = demonstrate(garden, 3000);
    expect(changes.demonstrate.decide(lesson, { episode: good })).toEqual({
      type: "demonstrated",
      episode: good,
    });
    const bad = (change: object) =>
      code(changes.demonstrate.decide(lesson, { episode: { ...good, ...change } }));
    expect(code(changes.demonstrate.decide(lesson, { episode: demonstrate(road, 3000) }))).toBe(
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

  test("a lesson holds a thousand demonstrations, and a round as many drives that correct it", () => {
    const many = <T>(one: T, n: number) => new Array<T>(n).fill(one);
    const episode = demonstrate(garden, 3000);
    const demonstrations = (n: number) => ({
      ...lesson,
      demonstrations: many({ seq: 2, episode }, n),
    });
    expect(code(changes.demonstrate.decide(demonstrations(999), { episode }))).toMatchObject({
      episode,
    });
    expect(code(changes.demonstrate.decide(demonstrations(1000), { episode }))).toBe("full");
    const corrections = (n: number) => {
      const interventions = many({ seq: 4, episode }, n);
      return { ...lesson, rounds: [{ ...lesson.rounds[0]!, interventions }] };
    };
    const intervene = { round: 0, episode };
    expect(code(changes.intervene.decide(corrections(999), intervene))).toMatchObject(intervene);
    expect(code(changes.intervene.decide(corrections(1000), intervene))).toBe("full");
  });

  test("answers come in order, to the round that asks", () => {
    const label = (round: number, index: number, action = [1]) =>
      code(changes.label.decide(lesson, { round, index, action }));
    expect(label(0, 1)).toMatchObject({ type: "labelled", index: 1 });
    expect(label(0, 0)).toBe("out-of-order");
    expect(label(0, 2)).toBe("out-of-order");
    expect(label(0, 3)).toBe("out-of-order");
    expect(label(1, 1)).toBe("stale-round");
    expect(label(0, 1, [5])).toBe("bad-action");
    expect(label(0, 1, [Number.NaN])).toBe("bad-action");
    expect(label(0, 1, [1, 1])).toBe("bad-action");
    expect(code(changes.label.decide(fold([created]), { round: 0, index: 0, action: [1] }))).toBe(
      "stale-round",
    );
  });

  test("the last answer is the first to be taken back", () => {
    expect(changes.undo.decide(lesson, { round: 0, index: 0 })).toMatchObject({ type: "undone" });
    expect(code(changes.undo.decide(lesson, { round: 0, index: 1 }))).toBe("out-of-order");
    expect(code(changes.undo.decide(lesson, { round: 1, index: 0 }))).toBe("stale-round");
    expect(
      code(changes.undo.decide(fold([created, shown(2000), trained]), { round: 0, index: 0 })),
    ).toBe("out-of-order");
  });

  test("there is something to learn from, in a way that fits", () => {
    const plan = round.plan;
    expect(changes.train.refuse(lesson, { plan })).toBeNull();
    expect(code(changes.train.refuse(fold([created]), { plan }))).toBe("no-demonstrations");
    expect(code(changes.train.refuse(lesson, { plan: { ...plan, policy: "fourier" } }))).toBe(
      "bad-plan",
    );
    expect(code(changes.infer.refuse(fold([created]), {}))).toBe("no-demonstrations");
    expect(code(changes.forget.decide(lesson, { demonstration: 3 }))).toBe("unknown-demonstration");
  });
});

describe("corrections of other kinds", () => {
  const shared = {
    ...demonstrate(garden, 3000),
    controllers: demonstrate(garden, 3000).controllers.map((_, t) => (t === 1 || t === 3 ? 0 : 1)),
  };
  const intervened: NewEvent = { type: "intervened", round: 0, episode: shared };
  const retracted = (correction: number): NewEvent => ({ type: "retracted", correction });
  const labels = (events: readonly NewEvent[], world: Level = garden) =>
    labelsOf(world, fold(events)).map(({ state, action }) => [...state, ...Array.from(action)]);

  const roads = rollout(road, (_, action) => action.fill(0.02), Controller.learner, 5000);
  const onRoad: readonly NewEvent[] = [
    { type: "created", world: "road" },
    { type: "demonstrated", episode: demonstrate(road, 2000) },
    { ...round, type: "trained", v: 2, episodes: [roads], queries: [[0, 7]] },
  ];
  /** Nothing for ten steps, and then another number at each step. */
  const steered = roads.controllers.map((_, t) => (t < 10 ? 0 : t / 1000));
  const shadowed: NewEvent = {
    type: "shadowed",
    round: 0,
    drive: 0,
    speed: 1,
    lag: 4,
    actions: steered,
  };

  test("of a drive under two, the expert's steps are labels and no others", () => {
    const { states } = replay(garden, shared);
    const at = (t: number) => [states[2 * t], states[2 * t + 1], shared.actions[t]];
    expect(labels([created, shown(2000), trained, intervened])).toEqual([at(1), at(3)]);
  });

  test("of a shadowed drive, each action is about the state that it was late for", () => {
    const { states } = replay(road, roads);
    const found = labels([...onRoad, shadowed], road);
    expect(found).toHaveLength(190);
    found.forEach((label, i) => {
      const t = i + 6;
      expect(label).toEqual([...states.subarray(3 * t, 3 * t + 3), (t + 4) / 1000]);
    });
  });

  test("come in the order in which they were given, whatever their kind", () => {
    const all = [created, shown(2000), trained];
    const answer = labels([...all, labelled(0, 3)]);
    const drive = labels([...all, intervened]);
    expect(labels([...all, labelled(0, 3), intervened])).toEqual([...answer, ...drive]);
    expect(labels([...all, intervened, labelled(0, 3)])).toEqual([...drive, ...answer]);
    const wheel: NewEvent = { type: "labelled", round: 0, index: 0, action: [0.2] };
    const shadowFirst = labels([...onRoad, shadowed, wheel], road);
    const wheelFirst = labels([...onRoad, wheel, shadowed], road);
    expect(shadowFirst).toHaveLength(191);
    expect(wheelFirst).toEqual([shadowFirst.at(-1), ...shadowFirst.slice(0, -1)]);
    const next: NewEvent = { ...trained, type: "trained" };
    expect(labels([...all, intervened, next, labelled(0, 3)])).toEqual([...drive, ...answer]);
  });

  test("are gone once they are taken back, and the others are as they were", () => {
    const lesson = fold([created, shown(2000), trained, intervened, intervened, retracted(4)]);
    expect(lesson.rounds[0]!.interventions.map(({ seq }) => seq)).toEqual([5]);
    expect(fold([...onRoad, shadowed, shadowed, retracted(5)]).rounds[0]!.shadows).toEqual([
      { seq: 4, drive: 0, speed: 1, lag: 4, actions: steered },
    ]);
    expect(labels([...onRoad, shadowed, retracted(4)], road)).toEqual([]);
  });

  test("an answer taken back loses its place with it", () => {
    const events = [created, shown(2000), trained, labelled(0, 3), undone(0)];
    expect(fold(events).rounds[0]!.answered).toEqual([]);
    expect(fold([...events, intervened, labelled(0, 1)]).rounds[0]!.answered).toEqual([7]);
    expect(
      labels([...events, intervened, labelled(0, 1)])
        .at(-1)!
        .at(-1),
    ).toBe(1);
  });

  test("an old log has none", () => {
    const [round] = fold([created, shown(2000), trained, labelled(0, 1)]).rounds;
    expect(round).toMatchObject({ interventions: [], shadows: [], answers: [[1]] });
  });

  test("count as labels in the next round, and two replays of it agree", () => {
    const lesson = fold([...onRoad, shadowed]);
    const plan = { policy: "fourier", query: "every", budget: 3, drives: 1 };
    const first = startRound(lesson, plan, 9);
    expect(first.round.labels).toBe(190);
    expect(first.round.pairs).toBe(390);
    const again = startRound(JSON.parse(JSON.stringify(lesson)), plan, 9);
    expect(JSON.stringify(again.policy.toJSON())).toBe(JSON.stringify(first.policy.toJSON()));
    const without = startRound(fold(onRoad), plan, 9);
    expect(JSON.stringify(without.policy.toJSON())).not.toBe(JSON.stringify(first.policy.toJSON()));
  });

  test("an intervention is an episode of the last round, on an open seed, with a step of the expert's", () => {
    const lesson = fold([created, shown(2000), trained]);
    const intervene = (change: object, round = 0) =>
      code(changes.intervene.decide(lesson, { round, episode: { ...shared, ...change } }));
    expect(intervene({})).toEqual(intervened);
    expect(intervene({ seed: 1023 })).toBe("bad-episode");
    expect(intervene({ world: "road" })).toBe("bad-episode");
    expect(intervene({ actions: shared.actions.map(() => 7) })).toBe("bad-action");
    expect(intervene({ controllers: shared.controllers.slice(1) })).toBe("bad-action");
    expect(
      intervene({ actions: [...shared.actions, 0], controllers: [...shared.controllers, 0] }),
    ).toBe("bad-episode");
    expect(intervene({ controllers: shared.controllers.map(() => 1) })).toBe("no-labels");
    expect(intervene({ controllers: shared.controllers.with(0, 0) })).toMatchObject({
      type: "intervened",
    });
    expect(intervene({}, 1)).toBe("stale-round");
    expect(
      code(changes.intervene.decide(fold([created, shown(2000)]), { round: 0, episode: shared })),
    ).toBe("stale-round");
  });

  test("a shadow is as long as its drive, in the action space, and somebody steered", () => {
    const lesson = fold(onRoad);
    const good = { key: "shadow-key", round: 0, drive: 0, speed: 1 as const, actions: steered };
    const shadow = (change: object) =>
      code(changes.shadow.decide(lesson, { ...good, ...change }, 0));
    expect(shadow({})).toMatchObject({ type: "shadowed", drive: 0, speed: 1, actions: steered });
    expect(shadow({ round: 1 })).toBe("stale-round");
    expect(shadow({ drive: 1 })).toBe("bad-episode");
    expect(shadow({ actions: steered.slice(1) })).toBe("bad-episode");
    expect(shadow({ actions: steered.with(50, 0.26) })).toBe("bad-action");
    expect(shadow({ actions: steered.map(() => 0) })).toBe("no-labels");
    const walk = fold([created, shown(2000), trained]);
    expect(
      code(changes.shadow.refuse(walk, { ...good, actions: learnersDrive.actions as number[] })),
    ).toBe("bad-episode");
  });

  test("only what is in the last round can be taken back, and only once", () => {
    const events = [created, shown(2000), trained, intervened];
    const retract = (log: readonly NewEvent[], correction: number) =>
      code(changes.retract.decide(fold(log), { correction }));
    expect(retract(events, 4)).toEqual(retracted(4));
    expect(retract(events, 2)).toBe("unknown-correction");
    expect(retract([...events, retracted(4)], 4)).toBe("unknown-correction");
    expect(retract([...events, trained], 4)).toBe("unknown-correction");
    expect(retract([created], 1)).toBe("unknown-correction");
    expect(retract([...onRoad, shadowed], 4)).toEqual(retracted(4));
  });

  test("there is a policy once one has been trained", () => {
    expect(code(refusePolicy(fold([created, shown(2000)])))).toBe("no-rounds");
    expect(refusePolicy(fold([created, shown(2000), trained]))).toBeNull();
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
    const train = (change: object) =>
      requests.train.safeParse({ key: "long-enough", plan: { ...round.plan, ...change } }).success;
    expect([{}, { spare: 0 }, { spare: 2, repeats: 0.1 }].every(train)).toBe(true);
    for (const change of [{ spare: -1 }, { spare: 1.5 }, { spare: 5 }, { repeats: -0.1 }])
      expect(train(change), JSON.stringify(change)).toBe(false);
    for (const repeats of [0.3, Number.NaN, "0.1", null])
      expect(train({ repeats }), String(repeats)).toBe(false);
    for (const taste of [undefined, 7, ["gardener"], "g".repeat(33)])
      expect(requests.deal.safeParse({ key: "long-enough", taste }).success).toBe(false);
    expect(requests.undo.safeParse({ key: "long-enough", round: -1, index: 0 }).success).toBe(
      false,
    );
  });
});

describe("a round", () => {
  const lesson = fold([created, shown(2000), shown(2001)]);
  const plan = { policy: "softmax", query: "novel", budget: 6, drives: 3 };

  test("is the same twice, parameters and all", () => {
    const first = startRound(lesson, plan, 9);
    const again = startRound(JSON.parse(JSON.stringify(lesson)), plan, 9);
    expect(again.round).toEqual(first.round);
    expect(JSON.stringify(again.policy.toJSON())).toBe(JSON.stringify(first.policy.toJSON()));
  });

  test("counts what it learned from and asks within its budget", () => {
    const told: number[] = [];
    const { round } = startRound(lesson, plan, 9, (share) => told.push(share));
    expect(round.pairs).toBe(
      lesson.demonstrations.reduce((n, { episode }) => n + episode.controllers.length, 0),
    );
    expect(round.labels).toBe(0);
    expect(round.episodes.length).toBe(3);
    expect(round.queries.length).toBeLessThanOrEqual(6);
    expect(round.queries.length).toBeGreaterThan(0);
    expect(round.heldOut.length).toBe(20);
    expect(told.at(-1)).toBe(1);
    round.uncertainty.flat().forEach((value) => {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    });
  });

  test.each(["novel", "random", "every"])(
    "ranks more of %s than the budget where the plan says so, and begins with the same",
    (query) => {
      const queriesOf = (change: object) =>
        startRound(lesson, { ...plan, query, ...change }, 9).round.queries;
      const few = queriesOf({});
      const more = queriesOf({ spare: 2 });
      expect(more.slice(0, few.length)).toEqual(few);
      if (query === "every") expect(more).toEqual(few);
      else expect(more.length).toBeGreaterThan(few.length);
      expect(more.length).toBeLessThanOrEqual(18);

      // A round with repeats is about the same states, in the same order, and one of six comes again.
      const again = queriesOf({ spare: 2, repeats: 0.1 });
      expect([...new Set(again.map(String))]).toEqual(more.map(String));
      expect(again.length).toBeGreaterThan(more.length);
      expect(new Set(again.slice(0, 6).map(String)).size).toBe(5);
    },
  );

  test("learns from both answers to what was asked twice", () => {
    const twice: NewEvent = {
      ...trained,
      queries: [
        [0, 0],
        [0, 1],
        [0, 0],
      ],
    };
    const events = [created, shown(2000), twice, labelled(0, 1), labelled(1, 1), labelled(2, 2)];
    expect(startRound(fold(events), plan, 9).round.labels).toBe(3);
    expect(startRound(fold([...events, undone(2)]), plan, 9).round.labels).toBe(2);
    const { state, action } = labelsOf(garden, fold(events))[2]!;
    expect(state).toEqual(labelsOf(garden, fold(events))[0]!.state);
    expect(action).toEqual([2]);
  });
});
