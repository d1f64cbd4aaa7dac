import type { Lesson } from "./lesson.ts";
import type { LessonPlan, Tool, WayName } from "./plan.ts";
import { type Refusal, refusal } from "./refusal.ts";
import type { ChangeName } from "./requests.ts";
import type { Step } from "./steps.ts";

/** Which way of correcting a request belongs to; null where it is none. */
function wayOf(name: ChangeName, request: object): WayName | null {
  switch (name) {
    case "label":
      return "time-stop";
    case "intervene":
      return (request as { readonly asking?: object }).asking ? "when-asked" : "takeover";
    case "shadow":
      return "shadow";
    default:
      return null;
  }
}

/** Which tool a request is. */
const toolOf: Partial<Record<ChangeName, Tool>> = {
  undo: "undo",
  retract: "undo",
  forget: "delete",
  infer: "reward",
  note: "notes",
};

/** Whether the lesson's plan is fulfilled; false where there is none. */
export function isFulfilled({ plan, demonstrations, rounds }: Lesson): boolean {
  if (!plan) return false;
  return plan.learner
    ? rounds.length > plan.rounds
    : demonstrations.length >= plan.demonstrations.least;
}

/** Whether the person is told how well the learner does. */
export function tellsNumbers({ plan }: Pick<Lesson, "plan">): boolean {
  return plan?.numbers !== false;
}

/** Whether the lesson's plan leaves a tool to the person; without a plan they have all. */
export function leaves({ plan }: Pick<Lesson, "plan">, tool: Tool): boolean {
  return !plan || plan.tools.includes(tool);
}

/** Whether the lesson's plan, if any, has room for another demonstration. */
export function mayDemonstrate({ plan, demonstrations, rounds }: Lesson): boolean {
  return !plan || (rounds.length === 0 && demonstrations.length < plan.demonstrations.most);
}

/** Whether a demonstration may be deleted: under a plan, until a learner was trained on it. */
export function mayForget(lesson: Pick<Lesson, "plan" | "rounds">): boolean {
  return leaves(lesson, "delete") && (!lesson.plan || lesson.rounds.length === 0);
}

/**
 * The seed that the lesson's plan has for the next demonstration, the first that none has: one may have been deleted.
 * Null where any will do.
 */
export function plannedSeed({ plan, demonstrations }: Lesson): number | null {
  const shown = demonstrations.map(({ episode }) => episode.seed);
  const left = [...(plan?.demonstrations.seeds ?? [])];
  for (const seed of shown) {
    const i = left.indexOf(seed);
    if (i >= 0) left.splice(i, 1);
  }
  return left[0] ?? null;
}

/** How many more corrections the lesson's plan, if any, has room for in the last round. */
export function correctionsLeft(lesson: Lesson): number {
  const { plan, rounds } = lesson;
  if (!plan) return Number.POSITIVE_INFINITY;
  return rounds.length > plan.rounds
    ? 0
    : Math.max(0, plan.corrections.most - nCorrections(lesson));
}

/** Whether a step has anything to do in the lesson's plan, if there is one. */
export function isPlanned({ plan }: Pick<Lesson, "plan">, step: Step): boolean {
  if (!plan || step === "demonstrate") return true;
  if (step === "reward") return plan.tools.includes("reward");
  return plan.learner !== null && (step !== "correct" || plan.rounds > 0);
}

/** Corrections in the last round, of whichever kind. */
export function nCorrections({ rounds }: Pick<Lesson, "rounds">): number {
  const last = rounds.at(-1);
  return last ? last.answers.length + last.interventions.length + last.shadows.length : 0;
}

/** How many corrections the last round has to have: where it asks fewer questions than that, all answers. */
export function leastCorrections({ plan, rounds }: Pick<Lesson, "plan" | "rounds">): number {
  const { ways, least } = plan!.corrections;
  const last = rounds.at(-1);
  const isAskedOnly = ways.every((way) => way === "time-stop");
  return last && isAskedOnly ? Math.min(least, last.queries.length) : least;
}

/** Why a change is none of those that the lesson's plan has; null where it is, and without a plan. */
export function refuseByPlan(lesson: Lesson, name: ChangeName, request: object): Refusal | null {
  const { plan } = lesson;
  if (lesson.isFinished) return finishedTask;
  if (!plan) return null;
  const tool = toolOf[name];
  if (tool && !leaves(lesson, tool)) return locked("This is not part of this task.");
  if (name === "forget" && !mayForget(lesson))
    return locked("The learner was trained on this demonstration, so the demonstration stays.");
  const way = wayOf(name, request);
  if (way) return refuseCorrecting(lesson, plan, way);
  if (name === "demonstrate")
    return refuseDemonstration(lesson, plan, request as { episode: { seed: number } });
  if (name === "train") return refuseTraining(lesson, plan, request as { plan: object });
  return tool ? null : locked("This is not part of this task.");
}

function refuseDemonstration(
  lesson: Lesson,
  plan: LessonPlan,
  { episode }: { readonly episode: { readonly seed: number } },
): Refusal | null {
  const { demonstrations, rounds } = lesson;
  const { most, seeds } = plan.demonstrations;
  if (rounds.length > 0)
    return locked("In this task you demonstrate before the learner is trained.");
  if (demonstrations.length >= most)
    return locked(
      most === 1
        ? "In this task you demonstrate once."
        : `In this task you demonstrate ${most} times.`,
    );
  return seeds === null || plannedSeed(lesson) === episode.seed
    ? null
    : locked("This task begins somewhere else; load the page again.");
}

function refuseTraining(
  lesson: Lesson,
  { learner, demonstrations, rounds }: LessonPlan,
  { plan: asked }: { readonly plan: object },
): Refusal | null {
  if (!learner) return locked("Nothing is trained in this task.");
  if (lesson.rounds.length > rounds) return done;
  const missing = demonstrations.least - lesson.demonstrations.length;
  if (missing > 0)
    return locked(`Demonstrate ${missing} more ${missing === 1 ? "time" : "times"} first.`);
  if (lesson.rounds.length > 0) {
    const rest = leastCorrections(lesson) - nCorrections(lesson);
    if (rest > 0)
      return locked(`Correct the learner ${rest} more ${rest === 1 ? "time" : "times"} first.`);
  }
  return isSame(learner, asked)
    ? null
    : locked("This task has its own learner; load the page again.");
}

function refuseCorrecting(lesson: Lesson, plan: LessonPlan, way: WayName): Refusal | null {
  if (!plan.corrections.ways.includes(way))
    return locked("This way of correcting is not part of this task.");
  if (lesson.rounds.length > plan.rounds) return done;
  return nCorrections(lesson) < plan.corrections.most
    ? null
    : locked("You have given all corrections of this round; train the learner now.");
}

/** Whether both say the same, in whatever order; what is left out is 0. */
function isSame(one: object, other: object): boolean {
  const [a, b] = [one, other] as [Record<string, unknown>, Record<string, unknown>];
  return [...Object.keys(a), ...Object.keys(b)].every((name) => (a[name] ?? 0) === (b[name] ?? 0));
}

function locked(reason: string): Refusal {
  return refusal("locked", reason);
}

const done = locked("This task is done.");
/** Of a lesson to which nothing comes any more. */
export const finishedTask = locked("This task is finished, and stays as it is.");
