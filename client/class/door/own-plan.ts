import type { NewClass } from "../../../shared/class/requests.ts";
import { canAsk } from "../../../shared/lesson/asking.ts";
import { emptyLesson } from "../../../shared/lesson/lesson.ts";
import type { WayName } from "../../../shared/lesson/plan.ts";
import { worlds } from "../../../shared/worlds/index.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { suggestedPlan } from "../../lesson/plan.ts";

/** What a teacher chooses of a plan of their own. */
export interface OwnPlan {
  readonly world: string;
  readonly way: WayName;
  /** Corrections in a round. */
  readonly questions: number;
  readonly rounds: number;
}

/** From the same start for all, so that what differs are the pupils. */
const firstSeed = 50_001;
const seeds = [firstSeed];

/** Whether a way of correcting can be used in a world: in one that waits for each move nobody is late, and nobody has to be asked. */
export function suits(way: WayName, world: Level): boolean {
  if (way === "shadow") return world.steering.pace === "runs";
  return way !== "when-asked" || canAsk(world);
}

/** The class that is asked for, as a study's file would have it. */
export function classOf({ world, way, questions, rounds }: OwnPlan): NewClass {
  const level = worlds[world]!;
  const { policy, query, drives } = suggestedPlan(emptyLesson, level);
  const isAsked = way === "time-stop";
  return {
    level: {
      title: level.title,
      world,
      taste: null,
      demonstrations: { least: 1, most: 1, seeds },
      learner: { policy, query, drives, budget: questions, spare: 0, repeats: isAsked ? 0.2 : 0 },
      rounds,
      // Of drives that are corrected whole, one is a round's work.
      corrections: {
        ways: [way],
        least: isAsked ? Math.ceil(0.8 * questions) : 1,
        most: questions,
      },
      tools: ["undo", "delete", "race"],
      numbers: true,
      skippable: false,
    },
  };
}
