import { describe, expect, test } from "vitest";
import { apply, read } from "../../../shared/lesson/fold.ts";
import { emptyLesson } from "../../../shared/lesson/lesson.ts";
import { changes, decide, requests } from "../../../shared/lesson/requests.ts";

const key = "note-key";
const note = (text: unknown, step: unknown = "watch") =>
  requests.note.safeParse({ key, step, text });
const stored = { seq: 1, at: 0, type: "noted", step: "watch", text: "<b>too late</b>" };

describe("a note", () => {
  test("is 1 to 2,000 characters without the space around them, at a step of the lesson", () => {
    expect(note("  it drifts\nleft \n").data).toEqual({
      key,
      step: "watch",
      text: "it drifts\nleft",
    });
    expect(note("x".repeat(2000)).success).toBe(true);
    expect(note(` ${"x".repeat(2000)} `).success).toBe(true);
    for (const text of ["", " \n\t", "x".repeat(2001), 7, null, ["x"]])
      expect(note(text).success, JSON.stringify(text)).toBe(false);
    for (const step of ["", "race", 1, null]) expect(note("x", step).success).toBe(false);
  });

  test("becomes an event whatever the lesson is, and does not wait for a training", () => {
    const request = { key, step: "watch", text: "it drifts" } as const;
    const event = { type: "noted", step: "watch", text: "it drifts" };
    expect(decide("note", emptyLesson, request)).toEqual(event);
    expect(changes.note.request.corrects).toBeUndefined();
  });

  test("is refused where a lesson has as many as it may", () => {
    const request = { key, step: "watch", text: "x" } as const;
    const notes = Array.from(
      { length: 1000 },
      (_, i) => ({ seq: i + 1, step: "watch", text: "x" }) as const,
    );
    expect(decide("note", { ...emptyLesson, notes: notes.slice(1) }, request)).toEqual({
      type: "noted",
      step: "watch",
      text: "x",
    });
    expect(decide("note", { ...emptyLesson, notes }, request)).toMatchObject({ code: "full" });
  });

  test("is kept by the lesson as it was written, in order", () => {
    const events = [stored, { ...stored, seq: 2, step: "correct", text: "again" }].map(read);
    expect(events.reduce(apply, emptyLesson)).toEqual({
      ...emptyLesson,
      seq: 2,
      notes: [
        { seq: 1, step: "watch", text: "<b>too late</b>" },
        { seq: 2, step: "correct", text: "again" },
      ],
    });
  });

  test("cannot be read where it is damaged, or of a version to come", () => {
    expect(read(stored)).toEqual(stored);
    for (const damage of [{ text: 1 }, { text: undefined }, { step: "race" }, { v: 2 }, { seq: 0 }])
      expect(() => read({ ...stored, ...damage }), JSON.stringify(damage)).toThrow();
  });
});
