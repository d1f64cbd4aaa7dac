import { expect, test } from "vitest";
import { type Control, copiesDoAsWell, copiesDoBetter } from "../../../shared/imitation/control.ts";
import { human } from "../../../shared/imitation/experts.ts";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { controlOf } from "../../../shared/lesson/control.ts";
import { apply, type NewEvent, read } from "../../../shared/lesson/fold.ts";
import { emptyLesson, type Lesson } from "../../../shared/lesson/lesson.ts";
import { nHeldOut } from "../../../shared/lesson/protocol.ts";
import { isRefusal } from "../../../shared/lesson/refusal.ts";
import { changes } from "../../../shared/lesson/requests.ts";
import { startRound } from "../../../shared/lesson/training.ts";
import { Stream, seeded } from "../../../shared/random.ts";
import { demonstrationWorld, type Level } from "../../../shared/worlds/level.ts";
import { path } from "../../../shared/worlds/path/levels.ts";
import { fair } from "../../../shared/worlds/road/levels.ts";

const add = (lesson: Lesson, event: NewEvent) =>
  apply(lesson, read({ seq: lesson.seq + 1, at: 0, ...event }));

/** A lesson with one demonstration, given as requests are. */
function shownIn(world: Level, lag: number): Lesson {
  const begun = add(emptyLesson, { type: "created", world: world.name });
  const place = demonstrationWorld(world);
  const expert = human(place, { noise: 0.1, lag, inconsistency: 0, temperature: 0 });
  const episode = demonstrate(place, 5001, expert.drives(seeded(5001, Stream.expert)));
  const decided = changes.demonstrate.decide(begun, { episode });
  if (isRefusal(decided)) throw new Error(JSON.stringify(decided));
  return add(begun, decided as NewEvent);
}

function trained(lesson: Lesson): Lesson {
  const plan = { policy: "gaussianProcess", query: "novel", budget: 4, drives: 1 };
  const { round } = startRound(lesson, plan, lesson.seq);
  return add(lesson, {
    type: "trained",
    v: 2,
    ...round,
    basis: lesson.seq,
    digest: "",
    arithmetic: "",
    ms: 0,
  });
}

test("the control is of the hands that the lesson shows", () => {
  const lesson = trained(shownIn(fair, 3));
  const control = controlOf(lesson)!;
  expect(control.hands.lag).toBe(3);
  expect(control.hands.noise).toBeCloseTo(0.1, 1);
  expect(control.person.laps).toHaveLength(nHeldOut);
  const answered = add(lesson, { type: "labelled", round: 0, index: 0, action: [-0.25] });
  // How somebody answers is not how they drive.
  expect(controlOf(answered)).toEqual(control);
});

test("there is none before there is a learner, and none where one cannot fall", () => {
  expect(controlOf(emptyLesson)).toBeNull();
  expect(controlOf(shownIn(fair, 0))).toBeNull();
  expect(controlOf(trained(shownIn(path, 0)))).toBeNull();
});

test("where one shows it in other weather, only that is a demonstration, and the learner's is not", () => {
  const lesson = shownIn(fair, 0);
  expect(lesson.demonstrations[0]!.episode.world).toBe("calm");
  const windy = changes.demonstrate.decide(lesson, { episode: demonstrate(fair, 5002) });
  expect(windy).toMatchObject({ code: "bad-episode" });
  const [drive] = trained(lesson).rounds[0]!.episodes;
  expect(drive!.world).toBe("fair");
});

test("copies do better, or as well, only where the starts say it beyond chance", () => {
  const of = (laps: readonly number[]) => ({ laps, steps: laps.map(() => 9) });
  const copied = (laps: readonly number[]) =>
    ({ copies: [{ demonstrations: 8, endurance: of(laps) }] }) as unknown as Control;
  const starts = Array.from({ length: 20 }, (_, i) => i);
  const verdict = (copies: (i: number) => number, learner: (i: number) => number) => {
    const control = copied(starts.map(copies));
    const own = of(starts.map(learner));
    return [copiesDoBetter(control, own), copiesDoAsWell(control, own)];
  };
  expect(
    verdict(
      () => 14.5,
      () => 7.3,
    ),
  ).toEqual([true, true]);
  expect(
    verdict(
      () => 1.1,
      () => 9,
    ),
  ).toEqual([false, false]);
  // Twelve of 20 starts: as often as not by chance.
  expect(
    verdict(
      (i) => (i < 12 ? 1.4 : 1),
      () => 1.1,
    ),
  ).toEqual([false, true]);
});
