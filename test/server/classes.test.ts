import { afterAll, beforeAll, expect, test } from "vitest";
import type { Debrief } from "../../shared/class/debrief.ts";
import type { PupilView } from "../../shared/class/requests.ts";
import type { ClassState } from "../../shared/class/room.ts";
import { statesIn, type Trace } from "../../shared/class/trace.ts";
import { attend, beginClass, lead, newSecret, PupilBot, post } from "../classes/pupil.ts";
import { enter, newKey, type RunningServer, refusal, startServer } from "./server.ts";

const level = {
  world: "fair",
  title: "A small class",
  demonstrations: { least: 1, most: 1, seeds: [50001] },
  learner: { policy: "gaussianProcess", query: "novel", budget: 3, drives: 1 },
  rounds: 1,
  corrections: { ways: ["time-stop"], least: 3, most: 3 },
};

let server: RunningServer;
beforeAll(async () => {
  server = await startServer(undefined, { MAX_PUPILS: "5" });
});
afterAll(() => server.kill());

const stateOf = (room: { readonly state: unknown }) => room.state as ClassState;
const join = (code: string, nickname: string, key = newSecret()) =>
  post(server, "/api/classes/join", { code, nickname, key });

test("a class goes from its code to its numbers, and the wall sees each step", async () => {
  const begun = await beginClass(server, { level });
  const wall = await attend(server, { class: begun.id });
  await expect.poll(() => stateOf(wall).code).toBe(begun.code);
  const bots = ["Anna", "Ben"].map((name, i) => new PupilBot(server, begun.code, name, i + 1));
  for (const bot of bots) await bot.join();
  await expect.poll(() => stateOf(wall).pupils.size).toBe(2);
  const one = () => stateOf(wall).pupils.get(`${bots[0]!.place!.pupil}`)!;
  expect(one()).toMatchObject({ nickname: "Anna", place: 1, isHere: false, trained: 0 });
  const { class: id, pupil, secret } = bots[0]!.place!;
  const page = await attend(server, { class: id, pupil, secret });
  await expect.poll(() => one().isHere).toBe(true);
  await page.leave();
  await expect.poll(() => one().isHere).toBe(false);

  await bots[0]!.tell({ type: "guess", about: "clone", score: 3 });
  for (const bot of bots) while (await bot.step());
  await expect.poll(() => [one().activity, one().labels]).toEqual(["done", 3]);
  expect([...one().curve]).toHaveLength(4);
  expect(one().guessClone).toBe(3);
  const trace = await wall.request(
    "trace" as never,
    { of: "pupil", pupil, which: "newest" } as never,
  );
  expect(trace).toMatchObject({ seq: one().trace, every: 2 });
  expect(statesIn(trace as never).length % 3).toBe(0);

  // Everybody is done, so that the class's learner is trained.
  await expect.poll(() => stateOf(wall).comparison, { timeout: 30_000 }).toBeGreaterThan(0);
  const debrief = await wall.request("debrief" as never, {} as never);
  expect(debrief).toMatchObject({
    pupils: 2,
    done: 2,
    labels: { median: 3 },
    comparison: { labels: 6, pupils: [2, 3] },
    guesses: [{ about: "clone", pairs: [[pupil, 3, expect.any(Number)]] }, {}],
  });
  const map = (await wall.request("map" as never, {} as never)) as {
    states: number[][];
    apart: number[];
  };
  expect(map.apart).toHaveLength(map.states.length);
  const pooled = await wall.request("trace" as never, { of: "class", how: "pooled" } as never);
  expect(pooled).toMatchObject({ seq: stateOf(wall).comparison });
  await lead(server, begun, { type: "end" });
  await expect.poll(() => stateOf(wall).isEnded).toBe(true);
  expect(stateOf(wall).code).toBe("");
  expect((await join(begun.code, "Late")).status).toBe(410);
  await wall.leave();
  for (const bot of bots) await bot.leave();
}, 60_000);

test("what the teacher holds is held on the server, and goes on once it is released", async () => {
  const begun = await beginClass(server, { level });
  const bot = new PupilBot(server, begun.code, "Anna", 1);
  const { lesson, pupil } = await bot.join();
  const { room } = await enter(server, { lesson: lesson.id, secret: lesson.secret });
  const train = () => room.request("train", { key: newKey(), plan: level.learner });
  const label = (index: number) =>
    room.request("label", { key: newKey(), round: 0, index, action: [0.1] });

  await lead(server, begun, { type: "step", step: 0 });
  await bot.step();
  expect(await refusal(train())).toMatchObject({
    code: "not-yet",
    reason: expect.stringMatching(/has not begun this step yet/),
  });
  // What the plan does not have at all is not held but refused.
  const note = room.request("note", { key: newKey(), step: "watch", text: "x" });
  expect((await refusal(note)).code).toBe("locked");
  await lead(server, begun, { type: "step", step: 1 });
  await train();
  expect((await refusal(label(0))).code).toBe("held");
  await lead(server, begun, { type: "step", step: null });
  await label(0);

  await lead(server, begun, { type: "freeze", frozen: true });
  expect(await refusal(label(1))).toMatchObject({
    code: "held",
    reason: expect.stringMatching(/Eyes to the front/),
  });
  const key = newKey();
  const waiting = bot.ask("label", { key, round: 0, index: 1, action: [0.1] });
  await lead(server, begun, { type: "freeze", frozen: false });
  await waiting;

  await lead(server, begun, { type: "remove", pupil, removed: true });
  expect((await refusal(label(2))).code).toBe("not-yours");
  await lead(server, begun, { type: "remove", pupil, removed: false });
  await label(2);
  await train();
  expect((await refusal(train())).reason).toBe("This task is done.");
  await lead(server, begun, { type: "rounds", rounds: 2 });
  await expect.poll(async () => (await bot.lesson()).plan!.rounds).toBe(2);
  expect((await refusal(train())).reason).toMatch(/Correct the learner/);
  await room.leave();
  await bot.leave();
});

test("a time that is over stops everybody, until there is more or the teacher goes on", async () => {
  const begun = await beginClass(server, { level });
  const bot = new PupilBot(server, begun.code, "Anna", 1);
  const { lesson } = await bot.join();
  const { room } = await enter(server, { lesson: lesson.id, secret: lesson.secret });
  const train = () => room.request("train", { key: newKey(), plan: level.learner });
  const isOver = async () => {
    const { now } = await lead(server, begun, { type: "time", seconds: 1 });
    const clock = async () => (await lead(server, begun, { type: "look" })).now;
    await expect.poll(clock).toBeGreaterThan(now + 1000);
  };
  await bot.step();
  await lead(server, begun, { type: "step", step: 0 });
  // The first answer until then: it is the step that is held.
  expect((await refusal(train())).reason).toMatch(/has not begun this step yet/);
  await isOver();
  expect(await refusal(train())).toMatchObject({
    code: "not-yet",
    reason: expect.stringMatching(/Time is up/),
  });
  await lead(server, begun, { type: "freeze", frozen: false });
  expect((await refusal(train())).reason).toMatch(/has not begun this step yet/);
  await lead(server, begun, { type: "time", seconds: 1 });
  // What comes next has a time of its own.
  await lead(server, begun, { type: "step", step: 1 });
  await train();
  await lead(server, begun, { type: "step", step: 2 });
  await isOver();
  // What hands have done is kept until it can be taken.
  const label = () => room.request("label", { key: newKey(), round: 0, index: 0, action: [0.1] });
  expect(await refusal(label())).toMatchObject({
    code: "held",
    reason: expect.stringMatching(/waits here until the class goes on/),
  });
  const kept = bot.ask("label", { key: newKey(), round: 0, index: 0, action: [0.1] });
  await lead(server, begun, { type: "time", seconds: 60 });
  await kept;
  await room.leave();
  await bot.leave();
});

test("where nothing is trained, all see the last walk, and then what its reward makes of it", async () => {
  const begun = await beginClass(server, { plan: "what-do-you-want" });
  const bot = new PupilBot(server, begun.code, "Anna", 1);
  const { pupil, lesson } = await bot.join();
  const wall = await attend(server, { class: begun.id });
  const one = () => stateOf(wall).pupils.get(`${pupil}`)!;
  const see = (which: "first" | "newest") =>
    wall.request("trace" as never, { of: "pupil", pupil, which } as never) as Promise<Trace>;
  await bot.step();
  await expect.poll(() => one()?.trace).toBeGreaterThan(0);
  const walk = await see("newest");
  expect(walk).toMatchObject({ seq: one().trace, isOwn: true, fell: false });
  const [shown] = (await bot.lesson()).demonstrations;
  expect([walk.seq, walk.steps]).toEqual([shown!.seq, shown!.episode.actions.length]);
  while (await bot.step());
  const { room } = await enter(server, { lesson: lesson.id, secret: lesson.secret });
  await room.request("infer", { key: newKey() });
  const last = (await bot.lesson()).demonstrations.at(-1)!.seq;
  await expect.poll(() => [one().activity, one().trace > last]).toEqual(["done", true]);
  const loose = await see("newest");
  expect([loose.seq, loose.isOwn]).toEqual([one().trace, undefined]);
  expect(loose.steps).toBeGreaterThan(0);
  expect(await see("first")).toMatchObject({ seq: last, isOwn: true });
  // Who was taken out is not to be looked at any more.
  await lead(server, begun, { type: "remove", pupil, removed: true });
  expect(await refusal(see("newest"))).toMatchObject({ code: "no-rounds" });
  await wall.leave();
  await room.leave();
  await bot.leave();
});

test("a guess that is made before one looks counts, and a second teacher's page is told", async () => {
  const begun = await beginClass(server, { level });
  const bot = new PupilBot(server, begun.code, "Anna", 1);
  const { pupil } = await bot.join();
  const [wall, page] = await Promise.all([
    attend(server, { class: begun.id }),
    attend(server, { class: begun.id, secret: begun.secret }),
  ]);
  const one = () => stateOf(wall).pupils.get(`${pupil}`)!;
  await expect.poll(() => [one()?.guessClone, one()?.guessCorrected]).toEqual([NaN, NaN]);
  while ((await bot.lesson()).rounds.length === 0) await bot.step();
  await bot.tell({ type: "guess", about: "clone", score: null });
  await expect.poll(() => one().guessClone).toBe(-1);
  await expect(bot.tell({ type: "guess", about: "clone", score: 2 })).rejects.toThrow(/any more/);
  while (await bot.step());
  await bot.tell({ type: "guess", about: "corrected", score: 2 });
  await expect.poll(() => one().guessCorrected).toBe(2);
  const debrief = (await wall.request("debrief" as never, {} as never)) as Debrief;
  expect(debrief.guesses.map(({ pairs }) => pairs.length)).toEqual([0, 1]);
  await expect.poll(() => stateOf(wall).teacherPages).toBe(1);
  const other = await attend(server, { class: begun.id, secret: begun.secret });
  await expect.poll(() => stateOf(wall).teacherPages).toBe(2);
  await other.leave();
  await expect.poll(() => stateOf(wall).teacherPages).toBe(1);
  for (const room of [wall, page]) await room.leave();
  await bot.leave();
});

test("a server that is killed in the middle goes on where everybody was", async () => {
  const begun = await beginClass(server, { level });
  const bots = ["Anna", "Ben"].map((name, i) => new PupilBot(server, begun.code, name, i + 1));
  for (const bot of bots) await bot.join();
  await bots[0]!.step();
  await lead(server, begun, { type: "names", hidden: true });
  await lead(server, begun, { type: "rounds", rounds: 3 });
  await lead(server, begun, { type: "freeze", frozen: true });
  const held = bots[1]!.step();
  await server.kill();
  await server.start();
  const wall = await attend(server, { class: begun.id });
  const state = () => stateOf(wall);
  await expect.poll(() => state().pupils.size).toBe(2);
  expect(state()).toMatchObject({ isFrozen: true, rounds: 3, areNamesHidden: true });
  const [first] = bots.map(({ place }) => state().pupils.get(`${place!.pupil}`)!);
  expect(first!.nickname).toBe("");
  await expect.poll(() => first!.demonstrations).toBe(1);
  const again = await lead(server, begun, { type: "look" });
  expect(again.pupils.map(({ nickname }) => nickname)).toEqual(["Anna", "Ben"]);
  expect(await bots[0]!.tell({ type: "enter" })).toEqual(bots[0]!.place);
  await lead(server, begun, { type: "freeze", frozen: false });
  await held;
  expect((await bots[1]!.lesson()).demonstrations).toHaveLength(1);
  expect((await bots[1]!.lesson()).plan!.rounds).toBe(3);
  await wall.leave();
  for (const bot of bots) await bot.leave();
});

test("who cannot come in is told why in a sentence, and nobody comes in twice", async () => {
  const begun = await beginClass(server, { plan: "fair-weather" });
  const { code } = begun;
  const key = newSecret();
  const typed = `${code.slice(0, 3)} ${code.slice(3).toLowerCase()}`;
  const both = await Promise.all([join(typed, " Élise ", key), join(code, "Élise", key)]);
  expect(both.map(({ status }) => status)).toEqual([200, 200]);
  expect(both[0]!.answer).toEqual(both[1]!.answer);
  expect((both[0]!.answer as PupilView).nickname).toBe("Élise");
  const told = async (code: string, nickname: string) => {
    const { status, answer } = await join(code, nickname);
    return [status, (answer as { reason: string }).reason];
  };
  const taken = "Somebody in this class has this name; choose another one.";
  expect(await told(code, "ELISE")).toEqual([409, taken]);
  // Cyrillic, but for the s.
  expect(await told(code, "\u0415lis\u0435")).toEqual([409, taken]);
  expect(await told(code, " ")).toEqual([400, "A nickname has at least one character."]);
  expect((await told(code, "x".repeat(21)))[1]).toMatch(/at most 20 characters/);
  expect((await told(code, "a\u202eb"))[1]).toMatch(/visible signs/);
  expect(await told("QQQQQQ", "Max")).toEqual([
    404,
    "There is no class with these letters; check them on the big screen.",
  ]);
  const names = ["B", "C", "D", "E", "F", "G"];
  const statuses = await Promise.all(names.map(async (name) => (await join(code, name)).status));
  expect(statuses.sort()).toEqual([200, 200, 200, 200, 409, 409]);
  expect(await told(code, "H")).toEqual([409, "This class is full: it has 5 pupils."]);

  const { secret, id } = begun;
  const wrong = newSecret();
  for (const [path, body, status] of [
    [`/api/classes/${id}`, { secret: wrong, request: { type: "look" } }, 403],
    [`/api/classes/${id}/pupil`, { pupil: 2, secret: wrong, request: { type: "enter" } }, 403],
    [`/api/classes/${wrong}`, { secret, request: { type: "look" } }, 404],
    [`/api/classes/${id}`, { secret, request: { type: "step", step: 99 } }, 400],
    [`/api/classes/${id}`, { secret, request: { type: "rounds", rounds: 1 } }, 400],
    [`/api/classes/${id}`, { secret, request: { type: "nothing" } }, 400],
    ["/api/classes", { plan: "no such plan" }, 400],
    ["/api/classes", { level: { ...level, world: "moon" } }, 400],
    ["/api/classes/join", { code }, 400],
  ] as const) {
    const { status: said, answer } = await post(server, path, body);
    expect([path, said]).toEqual([path, status]);
    expect((answer as { reason: string }).reason).toMatch(/^\S.*\.$/);
  }
  await expect(attend(server, { class: wrong })).rejects.toMatchObject({ code: 404 });
  await expect(attend(server, { class: id, secret: wrong })).rejects.toMatchObject({ code: 403 });
});

test("a door that is shut, and a name that was taken out, let nobody in", async () => {
  const begun = await beginClass(server, { level });
  const key = newSecret();
  const { pupil } = (await join(begun.code, "Anna", key)).answer as PupilView;
  expect((await lead(server, begun, { type: "door", open: false })).isShut).toBe(true);
  expect((await join(begun.code, "Ben")).status).toBe(409);
  expect((await join(begun.code, "Anna", key)).status).toBe(200);
  await lead(server, begun, { type: "door", open: true });
  await lead(server, begun, { type: "remove", pupil, removed: true });
  expect((await join(begun.code, "anna")).status).toBe(409);
  expect((await join(begun.code, "Ben")).status).toBe(200);
});

test("an address that tries codes is stopped, but not from a class that is known to be there", async () => {
  const begun = await beginClass(server, { level });
  const other = await beginClass(server, { level });
  const key = newSecret();
  await join(begun.code, "Anna", key);
  const tries = await Promise.all(Array.from({ length: 80 }, () => join("ZZZZZZ", "Eve")));
  // Of the sixty, tests before this one have had a few; what was right was given back.
  const wrong = tries.filter(({ status }) => status === 404).length;
  expect([55 < wrong, wrong <= 60]).toEqual([true, true]);
  expect(tries.filter(({ status }) => status === 429)).toHaveLength(80 - wrong);
  expect((await join(begun.code, "Anna", key)).status).toBe(200);
  expect((await join(begun.code, "Ben")).status).toBe(200);
  expect((await join(other.code, "Ben")).status).toBe(429);
  await lead(server, other, { type: "look" });
  expect((await join(other.code, "Ben")).status).toBe(200);
});
