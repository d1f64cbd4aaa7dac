import { beforeAll, describe, expect, test, vi } from "vitest";
import {
  type ComparedDrives,
  compareLearners,
  placesIn,
  taughtIn,
} from "../../../shared/class/compare.ts";
import { debriefOf, mapOf, spreadOf } from "../../../shared/class/debrief.ts";
import { type ClassEventBody, classEvent } from "../../../shared/class/events.ts";
import { hold } from "../../../shared/class/hold.ts";
import { doubledIn, noisePairs } from "../../../shared/class/noise.ts";
import { timeLeft } from "../../../shared/class/pace.ts";
import { readyLevel } from "../../../shared/class/plans.ts";
import { noProgress, type Progress, progressOf } from "../../../shared/class/progress.ts";
import { SchoolClass } from "../../../shared/class/schoolClass.ts";
import { pooled } from "../../../shared/imitation/pool.ts";
import { fit } from "../../../shared/imitation/round.ts";
import type { Lesson } from "../../../shared/lesson/lesson.ts";
import { policyKinds } from "../../../shared/policies/index.ts";
import type { Dataset } from "../../../shared/policies/policy.ts";
import { level, taught, world } from "./taught.ts";

const pupils = [2, 3, 4];
let lessons: Lesson[];
let found: ComparedDrives;
let progress: Map<number, Progress>;
beforeAll(() => {
  lessons = [0.05, 0.1, 1.5].map((noise, i) => taught(i + 1, noise));
  found = compareLearners(lessons.map(taughtIn), { pupils });
  progress = new Map(lessons.map((lesson, i) => [pupils[i]!, progressOf(lesson)]));
}, 60_000);

/** The class of these lessons. */
function schoolClass(...more: ClassEventBody[]): SchoolClass {
  const now = new SchoolClass();
  const events: ClassEventBody[] = [
    { type: "created", code: "BCDFGH", level },
    ...["Ann", "Ben", "Eve"].map(
      (name) => ({ type: "joined", nickname: name, key: name }) as const,
    ),
    ...more,
  ];
  for (const event of events)
    now.take({ ...classEvent.parse(event), seq: now.seq + 1, at: now.seq });
  return now;
}

describe("a class's learner", () => {
  test("is compared with those of its pupils, on the same starts", () => {
    const { compared } = found;
    const last = lessons.map((lesson) => lesson.rounds.at(-1)!);
    expect(compared).toMatchObject({ pupils, starts: 20 });
    // What the newest learners were trained with, and not what has come since.
    expect(compared.labels).toBe(last.reduce((sum, { labels }) => sum + labels, 0));
    const own = [...progress.values()].map(({ curve }) => curve.at(-1)![1]);
    expect(compared.scores.mean).toBeCloseTo(own.reduce((sum, one) => sum + one, 0) / 3, 9);
    expect(compared.scores.best).toBe(own[pupils.indexOf(compared.scores.bestPupil)]);
    expect(compared.swaps.map(({ pupil, labelsOf }) => [pupil, labelsOf])).toEqual([
      [2, 3],
      [3, 4],
      [4, 2],
    ]);
    expect(compared.swaps.map(({ own }) => own)).toEqual(own);
  });

  test("counts whose hands do anything for less than the others", () => {
    const [one, other, careless] = found.compared.weights;
    expect(Math.min(one!, other!)).toBeGreaterThan(careless!);
  });

  test("is looked at where learners part, which is more than nowhere", () => {
    const { apart, pooledApart } = found.compared;
    expect(apart).toHaveLength(placesIn(world).length);
    expect(pooledApart).toHaveLength(apart.length);
    for (const share of [...apart, ...pooledApart]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
    expect(Math.max(...apart)).toBeGreaterThan(0.01);
  });

  test("parts by two thirds of how far the outermost of three are apart", () => {
    const all = lessons.map(taughtIn);
    const { policy, draws } = all[0]!;
    const learn = (pairs: Dataset) => fit(pairs, policyKinds[policy]!, draws).policy;
    const data = all.map(({ shown, labels }) => pooled([shown, labels]));
    const learners = [...data, pooled(data)].map(learn);
    const observation = new Float64Array(world.observationSize);
    const range = 0.5; // of the wheel, from −0.25 to 0.25
    const rounding = 0.00051;
    placesIn(world).forEach((state, i) => {
      world.observe(state, observation);
      const [one, two, three, ours] = learners.map((learner) => {
        const action = new Float64Array(1);
        learner.act(observation, action);
        return action[0]!;
      });
      const [least, middle, most] = [one!, two!, three!].sort((a, b) => a - b);
      const { apart, pooledApart } = found.compared;
      const outermost = (most! - least!) / range;
      expect(Math.abs(apart[i]! - (2 / 3) * outermost)).toBeLessThan(rounding);
      const fromMiddle = Math.abs(ours! - middle!) / range;
      expect(Math.abs(pooledApart[i]! - fromMiddle)).toBeLessThan(rounding);
    });
  });

  test("drives from where all the others drive", () => {
    const starts = [found.pooled, found.agreed, ...Object.values(found.swaps)].map(
      ({ low, high, samples }) =>
        low.map((least, k) => {
          const value = samples[2 * k]! + 256 * samples[2 * k + 1]!;
          return (least + ((high[k]! - least) * value) / 65_535).toFixed(2);
        }),
    );
    expect(new Set(starts.map((start) => start.join())).size).toBe(1);
  });

  test("needs two", () => {
    expect(() => compareLearners(lessons.slice(0, 1).map(taughtIn), { pupils: [2] })).toThrow(
      RangeError,
    );
  });

  test("of one person twice, nobody parts and both count alike", () => {
    const { compared } = compareLearners([lessons[0]!, lessons[0]!].map(taughtIn), {
      pupils: [2, 3],
    });
    expect(Math.max(...compared.apart)).toBe(0);
    expect(compared.weights[0]).toBe(compared.weights[1]);
    expect(compared.swaps.map(({ score }) => score)).toEqual(compared.swaps.map(({ own }) => own));
  });
});

describe("a class's last page", () => {
  test("has its own numbers", () => {
    const now = schoolClass(
      { type: "guessed", pupil: 2, about: "clone", score: 99 },
      { type: "guessed", pupil: 3, about: "clone", score: 0 },
      { type: "compared", ...found.compared, basis: [1, 1, 1] },
    );
    const debrief = debriefOf(now, progress, noisePairs(lessons.map(doubledIn)));
    const clones = [...progress.values()].map(({ curve }) => curve[0]![1]);
    expect(debrief).toMatchObject({
      unit: "laps before the first crash",
      better: "more",
      pupils: 3,
      taught: 3,
      done: 0,
      clones: { n: 3, least: Math.min(...clones), greatest: Math.max(...clones) },
      corrected: { n: 3 },
      comparison: { seq: now.seq, pupils },
    });
    expect(debrief.curve[0]![0]).toBe(0);
    expect(debrief.guesses[0]).toMatchObject({ tooHopeful: 1 });
    expect(debrief.guesses[0]!.pairs).toEqual([
      [2, 99, clones[0]],
      [3, 0, clones[1]],
    ]);
    // A guess is a range: too hopeful is who guessed one of which all is more than came.
    const hopefulWith = (came: number) => {
      const second = { ...progress.get(2)!, curve: [[0, came]] as const };
      const guessed = { type: "guessed", pupil: 2, about: "clone", score: 3 } as const;
      return debriefOf(schoolClass(guessed), new Map(progress).set(2, second), []).guesses[0]!
        .tooHopeful;
    };
    expect([1.9, 2, 2.5].map(hopefulWith)).toEqual([1, 0, 0]);
    expect(debrief.questions).toHaveLength(3);
    const [noise] = debrief.noise;
    expect(noise).toMatchObject({ way: "time-stop", pupils: 3 });
    const map = mapOf(now);
    expect("apart" in map && map.apart.length).toBe(found.compared.apart.length);
  });

  test("says of whom there is a newer learner than the class's had", () => {
    const basis = pupils.map((pupil) => progress.get(pupil)!.trained);
    const since = (basis: number[], labels = found.compared.labels, of = pupils) => {
      const compared = { type: "compared", ...found.compared, pupils: of, basis, labels } as const;
      return debriefOf(schoolClass(compared), progress, []).since;
    };
    expect(since(basis)).toBeNull();
    expect(since([basis[0]!, 1, basis[2]!], found.compared.labels - 12)).toEqual({
      pupils: 1,
      labels: 12,
    });
    expect(since(basis.slice(1), 0, pupils.slice(1))).toMatchObject({ pupils: 1 });
  });

  test("asks of what people want where nothing is trained", () => {
    const now = new SchoolClass();
    const level = readyLevel("what-do-you-want");
    now.take({ type: "created", code: "BCDFGH", level, seq: 1, at: 1 });
    now.take({ type: "joined", nickname: "Ann", key: "a", seq: 2, at: 2 });
    const read = new Map([[2, { ...noProgress, seq: 9, shown: 7, rewarded: 8 }]]);
    const debrief = debriefOf(now, read, []);
    expect(debrief).toMatchObject({ pupils: 1, read: 1, taught: 0 });
    expect(debrief.questions).toHaveLength(3);
    expect(debrief.questions.join(" ")).not.toMatch(/clone|answer|road/);
  });

  test("has nothing of a pupil who was taken out, and nothing where nobody did anything", () => {
    const now = schoolClass({ type: "removed", pupil: 4 });
    expect(debriefOf(now, progress, []).clones).toMatchObject({ n: 2 });
    const empty = debriefOf(schoolClass(), new Map([[2, noProgress]]), []);
    expect(empty).toMatchObject({
      pupils: 3,
      taught: 0,
      clones: null,
      corrected: null,
      labels: null,
      labelsNeeded: null,
      curve: [],
      comparison: null,
    });
    expect(debriefOf(schoolClass(), progress, [])).toMatchObject({ since: null });
    expect(mapOf(schoolClass())).toMatchObject({ code: "no-rounds" });
    expect(spreadOf([])).toBeNull();
  });
});

test("what was steered beside a drive is counted once, however often a lesson's progress is told", () => {
  const lesson = lessons[0]!;
  const last = lesson.rounds.at(-1)!;
  const actions = [0, 0.1, 0.2];
  const looks = vi.spyOn(actions, "findIndex");
  const shadows = [{ seq: 99, drive: 0, speed: 1, lag: 0, actions }];
  const more = { ...lesson, rounds: [...lesson.rounds.slice(0, -1), { ...last, shadows }] };
  const before = progressOf(lesson).labels;
  for (const seq of [100, 101]) expect(progressOf({ ...more, seq }).labels).toBe(before + 2);
  expect(looks).toHaveBeenCalledOnce();
});

test("a change waits for the step that it belongs to", () => {
  const at = { pupil: 2, clock: 5000 };
  const held = (lesson: Lesson, name: Parameters<typeof hold>[3], step: number | null) => {
    const now = schoolClass(...(step === null ? [] : [{ type: "stepped", step } as const]));
    return hold(now, at, lesson, name)?.code ?? null;
  };
  const [lesson] = lessons as [Lesson, ...Lesson[]];
  const fresh = { ...lesson, rounds: [] };
  const clone = { ...lesson, rounds: lesson.rounds.slice(0, 1) };
  expect(held(fresh, "demonstrate", 0)).toBeNull();
  expect(held(fresh, "train", 0)).toBe("not-yet");
  expect(held(fresh, "train", 1)).toBeNull();
  // What hands did when the teacher stepped back is kept; a press is made again.
  for (const name of ["label", "undo", "intervene", "shadow", "retract"] as const)
    expect(held(clone, name, 1)).toBe("held");
  expect(held(clone, "label", 2)).toBeNull();
  expect(held(clone, "train", 2)).toBeNull();
  expect(held(lesson, "label", 2)).toBe("held");
  expect(held(lesson, "label", null)).toBeNull();
  expect(held(lesson, "train", 2)).toBe("not-yet");
  const heldBy = (event: ClassEventBody, name: Parameters<typeof hold>[3] = "label") =>
    hold(schoolClass(event), at, lesson, name)?.code ?? null;
  // What hands have done is kept until it can be taken; a press is made again.
  expect([heldBy({ type: "frozen" }), heldBy({ type: "frozen" }, "train")]).toEqual([
    "held",
    "not-yet",
  ]);
  expect(heldBy({ type: "ended" })).toBe("ended");
  expect(heldBy({ type: "removed", pupil: 2 })).toBe("not-yours");
  const until = (until: number) => ({ type: "timed", until }) as const;
  expect([heldBy(until(5000)), heldBy(until(5000), "infer")]).toEqual(["held", "not-yet"]);
  expect(heldBy(until(5001))).toBeNull();
  // A teacher who forgot the class has gone home by then, and so have its pupils, who go on there.
  const hours = 3_600_000;
  expect(heldBy(until(5001 - 3 * hours))).toBe("held");
  expect(heldBy(until(5000 - 3 * hours))).toBeNull();
  // Pages show it by the same rule.
  const left = (endsAt: number | null) => timeLeft({ endsAt }, 5000);
  expect([left(null), left(6500), left(5000), left(5001 - 3 * hours)]).toEqual([null, 1500, 0, 0]);
  expect(left(5000 - 3 * hours)).toBeNull();
});
