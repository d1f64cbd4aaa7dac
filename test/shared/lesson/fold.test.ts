import { expect, test, vi } from "vitest";
import { apply, fold, type LessonEvent, type NewEvent, read } from "../../../shared/lesson/fold.ts";
import { emptyLesson } from "../../../shared/lesson/lesson.ts";

const nQuestions = 5000;

/** A lesson in which `standing` questions are answered, and the last answer is taken back and given again. */
function wavering(standing: number, nEvents: number): LessonEvent[] {
  const plan = { policy: "softmax", query: "every", budget: 1000, drives: 1 };
  const trained: NewEvent = {
    type: "trained",
    v: 2,
    plan,
    basis: 1,
    seed: 1,
    pairs: 1,
    labels: 0,
    loss: 0,
    ms: 1,
    digest: "",
    arithmetic: "",
    heldOut: [],
    episodes: [],
    uncertainty: [],
    queries: Array.from({ length: nQuestions }, (_, i) => [0, i] as const),
  };
  const events: NewEvent[] = [{ type: "created", world: "garden" }, trained];
  const answer = (index: number): NewEvent => ({
    type: "labelled",
    round: 0,
    index,
    action: [index % 4],
  });
  for (let i = 0; i < standing; i++) events.push(answer(i));
  while (events.length < nEvents)
    events.push({ type: "undone", round: 0, index: standing - 1 }, answer(standing - 1));
  return events.map((event, i) => read({ seq: i + 1, at: 0, ...event }));
}

test("a fold is what applying the events one by one gives", () => {
  const events = wavering(40, 200);
  expect(fold(emptyLesson, events)).toEqual(events.reduce(apply, emptyLesson));
});

test("a fold leaves the lesson that it began with as it was", () => {
  const events = wavering(40, 200);
  const before = fold(emptyLesson, events.slice(0, 30));
  const copy = structuredClone(before);
  fold(before, events.slice(30));
  apply(before, events[30]!);
  expect(before).toEqual(copy);
});

test("an answer taken back copies no more than the first one did, however many stand", () => {
  const events = wavering(nQuestions, 20_000);
  const slice = vi.spyOn(Array.prototype, "slice");
  fold(emptyLesson, events);
  const nCopied = slice.mock.contexts.reduce(
    (sum: number, list) => sum + (list as unknown[]).length,
    0,
  );
  slice.mockRestore();
  expect(nCopied).toBeLessThan(nQuestions);
});
