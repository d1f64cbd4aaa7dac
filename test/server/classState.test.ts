import { Decoder, Encoder } from "@colyseus/schema";
import { expect, test, vi } from "vitest";
import { ClassSchema, follow } from "../../server/classes/roomState.ts";
import type { Standing } from "../../server/classes/standing.ts";
import { noProgress } from "../../shared/class/progress.ts";
import { SchoolClass } from "../../shared/class/schoolClass.ts";
import { plannedLevel } from "../../shared/lesson/plan.ts";

test("a full class of long lessons is encoded at once, without what nobody draws", () => {
  const now = new SchoolClass();
  const instructions = Array.from({ length: 8 }, () => "x".repeat(3900));
  const level = plannedLevel.parse({ world: "fair", learner: null, instructions });
  now.take({ type: "created", code: "BCDFGH", level, seq: 1, at: 1 });
  const progress = new Map(
    Array.from({ length: 60 }, (_, i) => {
      const seq = i + 2;
      now.take({ type: "joined", nickname: `Somebody ${i}`, key: `${i}`, seq, at: seq });
      const curve = Array.from({ length: 51 }, (_, i) => [i, i / 10] as const);
      return [seq, { ...noProgress, curve }] as const;
    }),
  );
  const standing = { progress, isTraining: (pupil: number) => pupil === 3 };
  const state = new ClassSchema();
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const encoder = new Encoder(state);
  follow(state, now, {
    standing: standing as unknown as Standing,
    isHere: () => false,
    isOpen: true,
    teacherPages: 256,
  });
  const bytes = encoder.encodeAll().length;
  expect(warn).not.toHaveBeenCalled();
  expect(bytes).toBeGreaterThan(16 * 1024);
  expect(state.level).not.toContain("xxx");
  expect(JSON.parse(state.level)).toMatchObject({ world: "fair", rounds: 0 });
  expect([2, 3].map((n) => state.pupils.get(`${n}`)!.isTraining)).toEqual([false, true]);
  warn.mockRestore();
  const decoded = new ClassSchema();
  new Decoder(decoded).decode(encoder.encodeAll());
  // One who leads from many pages is not told that there is none.
  expect(decoded.teacherPages).toBe(255);
});
