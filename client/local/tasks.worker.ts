import { expose } from "comlink";
import { lagOf } from "../../shared/lesson/events/shadowed.ts";
import type { Lesson } from "../../shared/lesson/lesson.ts";
import { infer, race, train, type Workplace } from "../../shared/lesson/service/tasks.ts";
import type { TrainTask } from "../../shared/lesson/service/work.ts";
import { sha256 } from "../browser/platform.ts";

type Tell = (share: number) => void;

const workplace: Workplace = { now: () => performance.now(), digest: sha256 };

/** What runs in a worker of its own: the calls of `shared/` that the server's threads make as well. */
const tasks = {
  train: (lesson: Lesson, task: TrainTask, tell: Tell) => train(lesson, task, tell, workplace),
  infer: (lesson: Lesson, tell: Tell) => infer(lesson, tell, workplace),
  race,
  lag: lagOf,
};

export type Tasks = typeof tasks;

expose(tasks);
