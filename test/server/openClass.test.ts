import { matchMaker } from "colyseus";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { Classes } from "../../server/classes/classes.ts";
import { Membership } from "../../server/classes/membership.ts";
import type { OpenClass, Place } from "../../server/classes/openClass.ts";
import { SqliteLog } from "../../server/storage/sqlite/log.ts";
import { noProgress } from "../../shared/class/progress.ts";
import type { BegunClass } from "../../shared/class/requests.ts";
import { emptyLesson } from "../../shared/lesson/lesson.ts";
import { plannedLevel } from "../../shared/lesson/plan.ts";
import { temporaryFolder } from "./server.ts";

const spend = () => {};
const level = plannedLevel.parse({
  world: "fair",
  learner: { policy: "gaussianProcess", query: "novel", budget: 3, drives: 1 },
  tools: ["notes"],
});

beforeAll(() => matchMaker.setup());

let log: SqliteLog;
let classes: Classes;
let begun: BegunClass;
let open: OpenClass;
const failed = vi.fn();
beforeEach(async () => {
  log = await SqliteLog.open(temporaryFolder());
  classes = new Classes(log, 5, { failed });
  begun = await classes.begin(level, spend);
  open = (await classes.at(begun.id, spend))!;
  failed.mockClear();
});
afterEach(() => log.close());

const join = async (name: string) =>
  (await open.join({ nickname: name, key: name }, spend, async () => null)) as Place;

/** Another event of a lesson. */
const note = async ({ lesson: { id } }: Place, seq: number) => {
  const event = { type: "noted", step: "watch", text: "x" } as never;
  await log.append(id, seq, { key: `key ${seq}`, print: "", event });
};

/** How often lessons are read from now on, and the most at a time. */
function countReads() {
  const stretches = log.stretches.bind(log);
  const count = { all: 0, atATime: 0, most: 0 };
  vi.spyOn(log, "stretches").mockImplementation(async function* (...of) {
    count.all++;
    count.most = Math.max(count.most, ++count.atATime);
    try {
      yield* stretches(...of);
    } finally {
      count.atATime--;
    }
  });
  return count;
}

test("many guesses at once read a lesson once, and refused ones not at all", async () => {
  const [anna, ben] = [await join("Anna"), await join("Ben")];
  const reads = countReads();
  const guess = ({ pupil }: Place, score: number) =>
    open.change(pupil.number, { type: "guess", about: "clone", score }, spend);
  const all = Array.from({ length: 50 }, (_, i) => guess(i % 2 ? anna : ben, i));
  expect((await Promise.all(all)).every((refused) => refused === null)).toBe(true);
  expect(reads).toMatchObject({ all: 2, most: 1 });
  await note(anna, 2);
  await guess(anna, 100);
  expect(reads.all).toBe(3);

  // The same once more comes to nothing; after so many changes, and after the end, it is refused.
  await note(anna, 3);
  expect(await guess(anna, 100)).toBeNull();
  for (let i = 0; open.now.pupils.get(anna.pupil.number)!.changes < 100; i++) await guess(anna, i);
  const before = reads.all;
  await note(anna, 4);
  expect((await guess(anna, 1000))?.code).toBe("full");
  await open.lead({ type: "end" }, spend);
  expect((await guess(ben, 1000))?.code).toBe("ended");
  expect(reads.all).toBe(before);
});

test("what was heard of a lesson need not be read, but what was written since is", async () => {
  const { pupil, lesson } = await join("Anna");
  const [a, b] = [pupil.number, await join("Ben")];
  const changed: number[] = [];
  const leave = open.listen({ changed() {}, progressed: (pupil) => changed.push(pupil) });
  const reads = countReads();
  expect(await open.standing.behind()).toEqual([a, b.pupil.number]);
  open.tell({ pupil: a, progress: { ...noProgress, seq: 1, labels: 7 }, isTraining: true });
  expect(changed).toEqual([a]);
  expect(open.standing.progress.get(a)?.labels).toBe(7);
  expect(open.standing.isTraining(a)).toBe(true);
  expect(await open.standing.behind()).toEqual([b.pupil.number]);
  expect((await open.standing.now(a, spend))?.labels).toBe(7);
  expect(reads.all).toBe(0);
  await note({ lesson } as Place, 2);
  // What is read says nothing of whether somebody trains, and what is older than that is no news.
  expect(await open.standing.now(a, spend)).toMatchObject({ seq: 2, labels: 0 });
  expect(open.standing.isTraining(a)).toBe(true);
  open.tell({ pupil: a, progress: { ...noProgress, seq: 1, labels: 7 }, isTraining: false });
  expect(open.standing.progress.get(a)).toMatchObject({ seq: 2, labels: 0 });
  expect([reads.all, open.standing.isTraining(a)]).toEqual([1, false]);
  leave();
});

test("whoever tells a class something does not fail by what others make of it", async () => {
  const { pupil } = await join("Anna");
  const changed = vi.fn();
  const leaves = [
    open.listen({
      changed() {
        throw new Error("no");
      },
    }),
    open.listen({ changed }),
  ];
  open.tell({ pupil: pupil.number, progress: { labels: "many" } as never, isTraining: false });
  expect(failed.mock.calls.map(([what]) => what)).toEqual(["hear a class"]);
  expect(await open.lead({ type: "freeze", frozen: true }, spend)).toBeNull();
  expect(failed.mock.calls.at(-1)![0]).toBe("follow a class");
  expect(changed).toHaveBeenCalledOnce();
  for (const leave of leaves) leave();
});

test("a lesson tells its class once in a turn, and what goes wrong in that stops nobody", async () => {
  const { lesson } = await join("Anna");
  const member = (await Membership.of(lesson.id, classes, spend, failed))!;
  const tell = vi.spyOn(open, "tell");
  const turn = () => new Promise(setImmediate);
  for (let seq = 2; seq < 100; seq++) member.hear({ ...emptyLesson, world: "fair", seq });
  member.training(true);
  await turn();
  expect(tell).toHaveBeenCalledOnce();
  expect(tell.mock.calls[0]![0]).toMatchObject({ progress: { seq: 99 }, isTraining: true });
  member.hear({ ...emptyLesson, rounds: [{ heldOut: [] }] } as never);
  await turn();
  expect(failed).toHaveBeenCalledOnce();
  member.training(false);
  await turn();
  expect(tell.mock.calls.at(-1)![0]).toMatchObject({ progress: null, isTraining: false });
});
