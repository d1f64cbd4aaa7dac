import { expect, test } from "vitest";
import { lagOf } from "../../../../shared/lesson/events/shadowed.ts";
import { lessonAt } from "../../../../shared/lesson/fold.ts";
import type { Log } from "../../../../shared/lesson/log.ts";
import { infer, race, train, type Workplace } from "../../../../shared/lesson/service/tasks.ts";
import type { Work } from "../../../../shared/lesson/service/work.ts";
import { digest, MemoryLog } from "../memoryLog.ts";
import { scenarios } from "./scenarios.ts";
import { type Setting, storedIn } from "./stage.ts";

const workplace: Workplace = { now: () => performance.now(), digest };

/** Work that is done in place, at once. */
function workOn(log: Log): Work {
  const at = async (lesson: string, basis: number) => lessonAt(await storedIn(log, lesson), basis);
  return {
    train: async (task, _, { lesson, tell }) =>
      train(await at(lesson, task.basis), task, (share) => tell?.({ share }), workplace),
    infer: async ({ basis }, { lesson, tell }) =>
      infer(await at(lesson, basis), (share) => tell?.({ share }), workplace),
    race: async (task) => race(task),
    lag: async (steered) => lagOf(steered),
  };
}

test.each(scenarios)("$name", async ({ play, seen }) => {
  const log = new MemoryLog();
  const setting: Setting = {
    digest,
    open: async () => log.another(),
    work: workOn,
    damage: async (lesson, seq) => log.damage(lesson, seq),
  };
  expect(await play(setting)).toEqual(seen);
});
