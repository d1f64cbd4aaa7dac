import type { Lesson } from "../../../../shared/lesson/lesson.ts";
import type { LessonPlan } from "../../../../shared/lesson/plan.ts";
import { type Refusal, refusal } from "../../../../shared/lesson/refusal.ts";
import type { ChangeName } from "../../../../shared/lesson/requests.ts";
import type { Leader } from "../../../../shared/lesson/service/platform.ts";
import { walks } from "./requests.ts";
import { newKey, opened, owner, platformOn, type Scenario, storedIn } from "./stage.ts";

const learner = { policy: "softmax", query: "novel", budget: 2, drives: 1, spare: 0, repeats: 0 };
const plan: LessonPlan = {
  demonstrations: { least: 1, most: 2, seeds: null },
  learner,
  rounds: 1,
  corrections: { ways: ["time-stop"], least: 1, most: 2 },
  tools: [],
};

/** Holds everything while it is told to. */
class Teacher implements Leader {
  isHolding = false;
  readonly heard: number[] = [];

  hold(_lesson: Lesson, _name: ChangeName, refused: Refusal | null) {
    return this.isHolding && !refused ? refusal("held", "Wait.") : null;
  }

  hear({ seq }: Lesson): void {
    this.heard.push(seq);
  }
}

/** A lesson that somebody leads. */
export const leadingScenarios: readonly Scenario[] = [
  {
    name: "what whoever leads a lesson holds is refused until it is let go, and what was done stays done",
    async play(setting) {
      const log = await setting.open();
      const { id } = await log.create({ world: "garden", plan } as never);
      const teacher = new Teacher();
      const { ask } = await opened(id, platformOn(setting, log), teacher);
      const key = newKey();
      const show = { key, episode: walks[0]! };
      const train = () => ask("train", { key: newKey(), plan: learner });
      teacher.isHolding = true;
      const held = await ask("demonstrate", show);
      teacher.isHolding = false;
      const done = await ask("demonstrate", show);
      teacher.isHolding = true;
      return {
        held,
        done,
        again: await ask("demonstrate", show),
        // No waiting would help.
        never: await ask("note", { key: newKey(), step: "watch", text: "x" }),
        train: await train(),
        trained: await (async () => {
          teacher.isHolding = false;
          return train();
        })(),
        heard: teacher.heard,
      };
    },
    seen: {
      held: "held",
      done: { seq: 2 },
      again: { seq: 2 },
      never: "locked",
      train: "held",
      trained: { seq: 3 },
      heard: [2, 3],
    },
  },
  {
    name: "a lesson gets more rounds once, whoever gives them, and never fewer",
    async play(setting) {
      const log = await setting.open();
      const { id } = await log.create({ world: "garden", plan } as never);
      const one = await opened(id, platformOn(setting, log));
      const other = await opened(id, platformOn(setting, await setting.open()));
      await Promise.all([one, other].map(({ service }) => service.prolong(3, owner)));
      await one.service.prolong(2, owner);
      const types = (await storedIn(log, id)).map(({ type }) => type);
      return { types, rounds: (await other.service.look(owner)).plan!.rounds };
    },
    seen: { types: ["created", "prolonged"], rounds: 3 },
  },
];
