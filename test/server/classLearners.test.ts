import { matchMaker } from "colyseus";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { Classes } from "../../server/classes/classes.ts";
import { type Asker, ClassLearners } from "../../server/classes/learners.ts";
import type { OpenClass, Place } from "../../server/classes/openClass.ts";
import { said } from "../../server/classes/talk.ts";
import { ownCounts } from "../../server/door/counts.ts";
import { Hours } from "../../server/jobs/hours.ts";
import { SqliteLog } from "../../server/storage/sqlite/log.ts";
import { noProgress, progressOf } from "../../shared/class/progress.ts";
import { plannedLevel } from "../../shared/lesson/plan.ts";
import type { Order } from "../../shared/lesson/service/work.ts";
import { History } from "../shared/lesson/histories.ts";
import { temporaryFolder } from "./server.ts";

const spend = () => {};
const level = plannedLevel.parse({
  world: "fair",
  learner: { policy: "gaussianProcess", query: "novel", budget: 3, drives: 1 },
});
const teacher: Asker = { address: "a", isOfClass: true, spend };
const spectator: Asker = { address: "b", isOfClass: false, spend };

beforeAll(() => matchMaker.setup());

let log: SqliteLog;
let open: OpenClass;
let learners: ClassLearners;
let closed: AbortController;
let pupils: number[];
/** What was ordered, and how to end it. */
let orders: { name: string; order: Order; end: (error?: Error) => void }[];
beforeEach(async () => {
  log = await SqliteLog.open(temporaryFolder());
  const classes = new Classes(log, 5, { failed: vi.fn() });
  open = (await classes.at((await classes.begin(level, spend)).id, spend))!;
  pupils = [];
  for (const name of ["Anna", "Ben"]) {
    const place = await open.join({ nickname: name, key: name }, spend, async () => null);
    pupils.push((place as Place).pupil.number);
  }
  orders = [];
  const work =
    (name: string) =>
    (_task: unknown, ...rest: unknown[]) =>
      new Promise((resolve, reject) => {
        const order = rest.at(-1) as Order;
        const refused = { code: "too-long", reason: "It took too long." };
        const end = (error?: Error) => (error ? reject(error) : resolve(refused));
        order.signal?.addEventListener("abort", () => reject(order.signal!.reason));
        orders.push({ name, order, end });
      });
  closed = new AbortController();
  learners = inRoom(closed, { compare: work("compare"), noise: work("noise") });
});
afterEach(() => log.close());

let parts: object;
function inRoom({ signal }: AbortController, workers: object) {
  parts = { log, workers };
  return new ClassLearners(open, parts as never, { isVacant: false, signal });
}

/** Has pupils' lessons stand so. */
function stand(trained: number, labels: number, seq = trained + labels) {
  for (const pupil of pupils)
    open.standing.hear(pupil, { ...noProgress, seq, trained, labels }, false);
}

test("the same learners are compared once, whatever comes of it, unless somebody asks", async () => {
  stand(5, 3);
  const first = learners.compare(teacher, false);
  expect(await learners.compare(teacher, true)).toMatchObject({ code: "busy" });
  // A room that is opened meanwhile is one more of the same class.
  const other = new ClassLearners(open, parts as never, {
    isVacant: false,
    signal: new AbortController().signal,
  });
  expect(await other.compare(teacher, false)).toMatchObject({ code: "busy" });
  orders[0]!.end();
  expect(await first).toMatchObject({ code: "too-long" });
  await open.comparing.underWay;
  // A note changes no learner.
  stand(5, 3, 20);
  void other.compare(teacher, false);
  expect(orders).toHaveLength(1);
  const again = learners.compare(teacher, true);
  expect(orders).toHaveLength(2);
  closed.abort();
  await expect(again).rejects.toThrow();
  await open.comparing.underWay;

  // What was broken off may be tried by who comes next; what was compared is not compared again.
  const next = other.compare(teacher, false);
  expect(orders).toHaveLength(3);
  orders[2]!.end();
  await next;
  await open.comparing.underWay;
  const compared = {
    type: "compared",
    pupils,
    basis: [5, 5],
    labels: 0,
    starts: 1,
    scores: { mean: 0, best: 0, bestPupil: pupils[0]!, pooled: 0, agreed: 0 },
    weights: [],
    swaps: [],
    apart: [],
    pooledApart: [],
  } as const;
  await open.compared(compared, "{}", spend);
  void other.compare(teacher, true);
  expect(orders).toHaveLength(3);
  stand(30, 3);
  void other.compare(teacher, false);
  expect(orders).toHaveLength(4);
  orders[3]!.end();
});

test("noise is looked for once at a time, for who asks, and not for each label", async () => {
  stand(5, 3);
  const first = learners.noise(spectator);
  stand(5, 4);
  expect(learners.noise(teacher)).toBe(first);
  expect(orders.map(({ name }) => name)).toEqual(["noise"]);
  expect(orders[0]!.order).toMatchObject({ address: "b", payer: "b" });
  expect(orders[0]!.order.class).toBeUndefined();
  orders[0]!.end();
  await first;
  expect(learners.noise(teacher)).toBe(first);
  const later = performance.now() + 11_000;
  vi.spyOn(performance, "now").mockReturnValue(later);
  void learners.noise(teacher);
  vi.restoreAllMocks();
  expect(orders[1]!.order).toMatchObject({ address: "a", payer: "a", class: open.id });
  orders[1]!.end();
});

test("a walk is one event of its lesson, and a reward that is out of date by then is not read", async () => {
  const classes = new Classes(log, 5, { failed: vi.fn() });
  const walking = plannedLevel.parse({ world: "garden", learner: null });
  const place = { nickname: "Anna", key: "Anna" };
  open = (await classes.at((await classes.begin(walking, spend)).id, spend))!;
  const { pupil, lesson } = (await open.join(place, spend, async () => null)) as Place;
  const history = new History("garden");
  const write = async () => {
    const { seq, at: _, ...event } = history.events.at(-1)!;
    await log.append(lesson.id, seq, { key: `key-${seq}-of-a-test`, print: "", event } as never);
    open.standing.hear(pupil.number, progressOf(history.lesson), false);
  };
  const turns: (() => void)[] = [];
  const reading = {
    inTurn: async (task: () => Promise<unknown>) => {
      await new Promise<void>((resolve) => turns.push(resolve));
      return task();
    },
  };
  const drive = vi.fn((_task: { seq: number }) => Promise.resolve({}));
  parts = { log, reading, workers: { drive } };
  learners = new ClassLearners(open, parts as never, { isVacant: false, signal: closed.signal });
  const see = (which: "first" | "newest") =>
    learners.trace({ of: "pupil", pupil: pupil.number, which }, spectator);
  const stretches = vi.spyOn(log, "stretches");

  history.show(3000);
  await write();
  const stretch = vi.spyOn(log, "stretch");
  // The first and the newest that they show are the same one.
  const [walk, first] = await Promise.all([see("newest"), see("first")]);
  expect(walk).toMatchObject({ seq: 2, isOwn: true });
  expect(first).toBe(walk);
  expect(stretch.mock.calls).toEqual([[lesson.id, 1, 1]]);
  history.infer();
  await write();
  const early = see("newest");
  history.infer();
  await write();
  const late = see("newest");
  expect(turns).toHaveLength(2);
  for (const turn of turns) turn();
  expect(await early).toMatchObject({ code: "no-rounds" });
  await late;
  expect(stretches).toHaveBeenCalledOnce();
  expect(drive.mock.calls.map(([{ seq }]) => seq)).toEqual([4]);

  // A walk that came while the reward was worked out is no other's number.
  history.show(3001);
  await write();
  expect(await see("newest")).toMatchObject({ seq: 5, isOwn: true });
  const { lesson: before } = history;
  const meanwhile = { ...before, inference: { ...before.inference!, basis: 4, seq: 6 } };
  expect(progressOf(meanwhile)).toMatchObject({ shown: 5, rewarded: 6 });
});

test("what an older server tells of a lesson is read, without what it does not know", () => {
  const { shown: _, rewarded: __, ...older } = { ...noProgress, seq: 7 };
  const told = { kind: "news", pupil: 2, progress: older, isTraining: false };
  expect(said.parse(told)).toEqual({ ...told, progress: { ...noProgress, seq: 7 } });
});

test("work for a class counts in its hour and in that of the address that asked", async () => {
  const hours = new Hours(2, ownCounts);
  const order = (address: string, of?: string) =>
    ({ lesson: "c", address, payer: address, ...(of && { class: of }) }) as Order;
  expect(await hours.refuse(order("a", "c"))).toBeNull();
  await hours.spend(order("a", "c"), 2000);
  const reason = async (asked: Order) => (await hours.refuse(asked))?.reason;
  expect(await reason(order("b", "c"))).toMatch(/^This class has used its training time/);
  expect(await reason(order("a", "d"))).toMatch(/^Your network address has used/);
  expect(await reason(order("b"))).toBeUndefined();
});
