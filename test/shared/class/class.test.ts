import { describe, expect, test } from "vitest";
import { codeLetters, newCode, readCode } from "../../../shared/class/code.ts";
import {
  decideForPupil,
  decideForTeacher,
  decideToJoin,
  isOpen,
} from "../../../shared/class/decide.ts";
import { type ClassEventBody, classEvent } from "../../../shared/class/events.ts";
import { areAlike } from "../../../shared/class/likeness.ts";
import { nickname } from "../../../shared/class/nickname.ts";
import { readyLevel, readyPlanNames } from "../../../shared/class/plans.ts";
import { SchoolClass } from "../../../shared/class/schoolClass.ts";
import { stepsOf } from "../../../shared/class/steps.ts";
import { statesIn, traceOf } from "../../../shared/class/trace.ts";
import { isRefusal } from "../../../shared/lesson/refusal.ts";
import { worlds } from "../../../shared/worlds/index.ts";

const level = readyLevel("fair-weather");
const hour = 3_600_000;

/** A class to which things happen. */
class Script {
  readonly now = new SchoolClass();

  constructor(...events: ClassEventBody[]) {
    this.write({ type: "created", code: "BCDFGH", level });
    for (const event of events) this.write(event);
  }

  /** Through JSON, as a log keeps it. */
  write(event: ClassEventBody): number {
    const seq = this.now.seq + 1;
    this.now.take({ ...classEvent.parse(JSON.parse(JSON.stringify(event))), seq, at: 1000 * seq });
    return seq;
  }

  join(name: string): number {
    return this.write({ type: "joined", nickname: name, key: name });
  }
}

/** What becomes of something: the event's type, a refusal's reason, or "nothing". */
function said(decided: ReturnType<typeof decideForTeacher>): string {
  if (decided === null) return "nothing";
  return isRefusal(decided) ? decided.reason : decided.type;
}

describe("a code", () => {
  test("is read however it is typed, and nothing else is", () => {
    for (const typed of ["BCDFGH", "bcd fgh", " bcd-fgh "]) expect(readCode(typed)).toBe("BCDFGH");
    for (const typed of ["", "BCDFG", "BCDFGHJ", "BCDFGO", "BCDFG1"])
      expect(readCode(typed)).toBeNull();
  });

  test("is of letters that are not taken for each other", () => {
    expect(codeLetters).not.toMatch(/[AEIOUYLQ]/);
    expect(newCode((below) => below - 1)).toBe("ZZZZZZ");
  });
});

describe("a nickname", () => {
  test.each([
    ["  Ann   Lee ", "Ann Lee"],
    ["ﬁne", "fine"],
    ["👩‍🚀".replace("\u200d", ""), "👩🚀"],
    ["x".repeat(20), "x".repeat(20)],
    ["", null],
    ["\u200b", null],
    ["a\u202eb", null],
    ["a\nb", "a b"],
    ["\u3164", null],
    ["a\u115f", null],
    ["a\u2800", null],
    ["Anna\u{1D159}", null],
    ["Anna\u{16FE4}", null],
    ["a\u034f", null],
    ["a\ufe0f", null],
    ["❤\ufe0f", "❤"],
    ["\u0301", null],
    ["-.-", null],
    [`q\u0323\u0301`, "q\u0323\u0301"],
    [`q${"\u0323".repeat(3)}`, null],
    ["ที่รัก", "ที่รัก"],
    ["x".repeat(21), null],
  ])("%j is %j", (text, read) => {
    expect(nickname.safeParse(text).data ?? null).toBe(read);
  });

  test("is the same but for case, accents and spaces", () => {
    expect(areAlike("Él An", "elan")).toBe(true);
    expect(areAlike("Ann", "Anna")).toBe(false);
  });

  test.each([
    ["Anna", "\u0410nn\u0430", "Cyrillic"],
    ["Pope", "\u0420\u043e\u0440\u0435", "nothing but Cyrillic"],
    ["AHHA", "\u0410\u041d\u041d\u0410", "capitals whose small letters are unlike"],
    ["Nikos", "\u039dikos", "Greek"],
    ["Ali", "A1i", "a digit"],
    ["Anna", "\u{1d400}nna", "letters of mathematics"],
  ])("%s is %s, in %s", (one, other) => {
    expect(areAlike(one, other)).toBe(true);
  });

  test.each([
    ["राम", "रमा", "vowel signs of Devanagari"],
    ["はな", "ばな", "the marks of kana"],
    ["Анна", "Анка", "Cyrillic"],
    ["Νίκος", "Νίνος", "Greek"],
    ["李明", "李朋", "Chinese"],
    ["민준", "민수", "Korean"],
    ["محمد", "محمود", "Arabic"],
    ["ที่รัก", "ที่รู้", "Thai"],
  ])("%s is not %s, in %s", (one, other) => {
    for (const name of [one, other]) expect(nickname.safeParse(name).success).toBe(true);
    expect(areAlike(one, other)).toBe(false);
  });
});

test("every ready plan is one", () => {
  expect(readyPlanNames).toHaveLength(3);
  for (const name of readyPlanNames) expect(readyLevel(name).title).toBeTruthy();
  expect(stepsOf(level, 2).map(({ name, round }) => `${name} ${round}`)).toEqual([
    "demonstrate 0",
    "clone 0",
    "correct 1",
    "correct 2",
  ]);
});

describe("who comes", () => {
  const come = ({ now }: Script, name: string, { key = name, most = 3, clock = 0 } = {}) =>
    said(decideToJoin(now, { nickname: name, key }, most, clock));

  test("has a name that nobody has, and comes once", () => {
    const script = new Script();
    expect(come(script, "Ann")).toBe("joined");
    const ann = script.join("Ann");
    expect(come(script, "Ann")).toBe("nothing");
    expect(come(script, "ÁNN", { key: "other" })).toMatch(/has this name/);
    script.write({ type: "removed", pupil: ann });
    // Whoever was taken out does not come back as another of the same name.
    expect(come(script, "ÁNN", { key: "other" })).toMatch(/has this name/);
    expect(come(script, "Ann")).toMatch(/removed you/);
  });

  test("finds a door that is shut, or a class to which too many came who were removed", () => {
    const script = new Script();
    script.write({ type: "door", open: false });
    expect(come(script, "Ben")).toMatch(/lets nobody else into/);
    script.write({ type: "door", open: true });
    for (let i = 0; i < 6; i++) script.write({ type: "removed", pupil: script.join(`Eve ${i}`) });
    expect(come(script, "Ben")).toMatch(/Too many pupils have joined/);
    expect(come(script, "Eve 1")).toMatch(/removed you/);
  });

  test("finds a class that is full, has ended or is over", () => {
    const script = new Script();
    script.join("Ann");
    expect(come(script, "Ben", { most: 1 })).toBe("This class is full: it has 1 pupils.");
    expect(isOpen(script.now, 23 * hour)).toBe(true);
    expect(come(script, "Ben", { clock: 25 * hour })).toMatch(/no longer work/);
    script.write({ type: "ended" });
    expect(come(script, "Ben")).toBe("This class has ended.");
  });
});

test("a teacher's requests say what is to be, so that the second does nothing", () => {
  const script = new Script();
  const ann = script.join("Ann");
  for (const request of [
    { type: "freeze", frozen: true },
    { type: "step", step: 2 },
    { type: "rounds", rounds: 4 },
    { type: "names", hidden: true },
    { type: "door", open: false },
    { type: "door", open: true },
    { type: "time", seconds: 60 },
    { type: "show", pupil: ann },
    { type: "rename", pupil: ann, nickname: "Anne" },
    { type: "remove", pupil: ann, removed: true },
    { type: "remove", pupil: ann, removed: false },
    { type: "step", step: null },
    { type: "freeze", frozen: false },
    { type: "end" },
  ] as const) {
    // As the script's events have it, which are a second apart.
    const clock = 1000 * (script.now.seq + 1);
    const decided = decideForTeacher(script.now, request, clock);
    expect(isRefusal(decided!)).toBe(false);
    script.write(decided as ClassEventBody);
    expect(decideForTeacher(script.now, request, clock + 2000)).toBeNull();
  }
  expect(script.now).toMatchObject({ rounds: 4, isEnded: true, shown: null });
  expect(said(decideForTeacher(script.now, { type: "freeze", frozen: true }, 0))).toBe(
    "This class has ended.",
  );
});

test("what comes next has a time of its own, and a time that is over holds nobody who was let go", () => {
  const timed = { type: "timed", until: 3000 } as const;
  const endsAt = (...events: ClassEventBody[]) => new Script(timed, ...events).now.endsAt;
  expect(endsAt()).toBe(3000);
  expect(endsAt({ type: "stepped", step: 1 })).toBeNull();
  // The third event is at 3000, and the time over by then.
  expect(endsAt({ type: "released" })).toBeNull();
  const frozen = new Script(
    { type: "timed", until: 4001 },
    { type: "frozen" },
    { type: "released" },
  );
  expect(frozen.now.endsAt).toBe(4001);
  const ask = (clock: number) =>
    said(decideForTeacher(frozen.now, { type: "freeze", frozen: false }, clock));
  expect([ask(4000), ask(4001)]).toEqual(["nothing", "released"]);
});

test("a time that is asked for once more is from then on, but for a request that came twice", () => {
  const script = new Script({ type: "timed", until: 2000 + 60_000 });
  const ask = (clock: number, seconds = 60) =>
    decideForTeacher(script.now, { type: "time", seconds }, clock);
  expect(ask(16_999)).toBeNull();
  expect(ask(17_001)).toEqual({ type: "timed", until: 77_001 });
  expect(ask(2001, 61)).toEqual({ type: "timed", until: 63_001 });
});

test("a class in which all has been done is still let go, and pupils take no place from its teacher", () => {
  const script = new Script();
  const ann = script.join("Ann");
  for (let i = 0; i < 20_000; i++)
    script.write({ type: "guessed", pupil: ann, about: "clone", score: i });
  const ask = (request: Parameters<typeof decideForTeacher>[1]) =>
    said(decideForTeacher(script.now, request, 0));
  expect(said(decideToJoin(script.now, { nickname: "Ben", key: "ben" }, 9, 0))).toMatch(/Too many/);
  expect(ask({ type: "freeze", frozen: true })).toBe("frozen");
  for (let i = 0; i < 10_000; i++) {
    script.write({ type: "stepped", step: i % 2 });
    script.write({ type: "frozen" });
  }
  expect(ask({ type: "names", hidden: true })).toMatch(/reached its largest size/);
  expect(ask({ type: "freeze", frozen: false })).toBe("released");
  expect(ask({ type: "step", step: null })).toBe("stepped");
  expect(ask({ type: "remove", pupil: ann, removed: true })).toBe("removed");
  expect(ask({ type: "end" })).toBe("ended");
});

test("what makes no sense is refused in a sentence", () => {
  const { now } = new Script();
  const ask = (request: Parameters<typeof decideForTeacher>[1]) =>
    said(decideForTeacher(now, request, 0));
  expect(ask({ type: "step", step: 5 })).toBe("This plan has 5 steps, and the first is 0.");
  expect(ask({ type: "rounds", rounds: 2 })).toMatch(/You can add rounds/);
  expect(ask({ type: "show", pupil: 9 })).toMatch(/no such pupil/);
  expect(ask({ type: "remove", pupil: 9, removed: true })).toMatch(/no such pupil/);
  expect(ask({ type: "rename", pupil: 9, nickname: "x" })).toMatch(/no such pupil/);
});

test("a guess is taken until it is known what came, and not without an end", () => {
  const script = new Script();
  const ann = script.join("Ann");
  const guess = (score: number | null, trained = 0, about: "clone" | "corrected" = "clone") =>
    decideForPupil(script.now, ann, { type: "guess", about, score }, trained);
  // Who was not asked before it was trained is asked before they see it, and once.
  expect(said(guess(1, 1))).toBe("guessed");
  expect(said(guess(1, 2))).toMatch(/the result is known/);
  expect(said(guess(1, 2, "corrected"))).toBe("guessed");
  expect(said(guess(1, 3, "corrected"))).toMatch(/the result is known/);
  const without = guess(null, 1) as ClassEventBody;
  // Servers of before had a number there, and are not to find a class that they cannot read.
  expect(without).toMatchObject({ type: "guessed", score: expect.any(Number) });
  script.write(classEvent.parse(without));
  expect(script.now.pupils.get(ann)!.guesses).toEqual({ clone: null });
  expect(said(guess(1, 1))).toMatch(/the result is known/);
  expect(said(guess(null, 1))).toBe("nothing");
  for (let score = 1; score < 100; score++) script.write(guess(score) as ClassEventBody);
  expect(script.now.pupils.get(ann)!.guesses).toEqual({ clone: 99 });
  expect(said(guess(3))).toMatch(/too often/);
});

test("a trace says where a drive was, to the width of a hair", () => {
  const world = worlds.fair!;
  const steps = 31;
  const states = Float64Array.from(
    { length: 3 * (steps + 1) },
    (_, i) => Math.sin(i) * (1 + (i % 3)),
  );
  const trace = traceOf(world, { states, steps, fell: true }, 7);
  expect(trace).toMatchObject({ seq: 7, steps, fell: true, every: 2 });
  const read = statesIn(trace);
  // Each second step, and the last.
  expect(read).toHaveLength(3 * 17);
  const times = [...Array.from({ length: 16 }, (_, i) => 2 * i), steps];
  for (const [i, t] of times.entries())
    for (let k = 0; k < 3; k++)
      expect(Math.abs(read[3 * i + k]! - states[3 * t + k]!)).toBeLessThan(1e-4);
});

test("a trace in a world of cells has these cells", () => {
  const states = Float64Array.of(7, 1, 0, 1, 3, 7, 3, 0);
  const trace = traceOf(worlds.garden!, { states, steps: 3, fell: false }, 7);
  expect(statesIn(trace)).toEqual(states);
});
