import { inverseOf } from "../irl/inverse.ts";
import { Controller } from "../worlds/episode.ts";
import { worlds } from "../worlds/index.ts";
import { episode, refuseEpisode } from "./episodes.ts";
import { newLesson } from "./events/created.ts";
import * as kinds from "./events/index.ts";
import { refuseTraining } from "./events/trained.ts";
import { apply, type LessonEvent } from "./fold.ts";
import { emptyLesson, type Lesson, learningSeedOf, nPairs, type TrainingPlan } from "./lesson.ts";
import { refuseByPlan } from "./locks.ts";
import { nHeldOut } from "./protocol.ts";
import { isRefusal } from "./refusal.ts";
import { changes } from "./requests.ts";

/**
 * Which histories can have happened. What a service has written needs no such look; what comes from
 * elsewhere does, as pages, learners and the fold rely on all that was once refused.
 */

type Event<T extends LessonEvent["type"]> = Extract<LessonEvent, { readonly type: T }>;
type Demonstrations = Lesson["demonstrations"];

/** Of what was inferred, whatever its unit. */
const largestNumber = 1e6;
/** As in `stdlib-1`, and those to come. */
const arithmeticName = /^[A-Za-z][A-Za-z0-9 ._-]{0,63}$/;
/** Questions for each state that is asked about: of eight, at most two are repeats. */
const mostAsked = 4 / 3;
/** Numbers in the error over a drive. */
const mostErrors = 2048;
/** The kinds of events that are decided as soon as they are asked for, by type, and a few more. */
const kindOf = new Map(Object.entries(kinds)) as unknown as ReadonlyMap<string, InstantKind>;

/** Any key will do: nothing of it is stored. */
const key = "admission";

/** What had been shown by some point of a lesson. */
interface Shown {
  /** By event that work was based on. */
  readonly at: ReadonlyMap<number, Demonstrations>;
  /** Number of the first event by which something was; infinite where nothing ever was. */
  readonly since: number;
}

/**
 * The first event that its lesson did not allow, and why; null where all were allowed. Times may go
 * backwards, as clocks are set.
 */
export function refuseHistory(
  events: readonly LessonEvent[],
): { readonly seq: number; readonly reason: string } | null {
  const bases = new Set(events.flatMap((event) => ("basis" in event ? [event.basis] : [])));
  const at = new Map<number, Demonstrations>();
  const since = events.find(({ type }) => type === "demonstrated")?.seq ?? Number.POSITIVE_INFINITY;
  let lesson = emptyLesson;
  for (const event of events) {
    const reason = refuseEvent(lesson, event, { at, since });
    if (reason !== null) return { seq: event.seq, reason };
    lesson = apply(lesson, event);
    if (bases.has(lesson.seq)) at.set(lesson.seq, lesson.demonstrations);
  }
  return null;
}

function refuseEvent(lesson: Lesson, event: LessonEvent, shown: Shown): string | null {
  const isFirst = lesson.seq === 0;
  if (event.type === "created") {
    const { world, taste, plan } = event;
    if (!isFirst) return "a lesson begins once";
    if (!newLesson.safeParse({ world, taste }).success) return "there is no such world";
    return plan?.learner && !canBeAsked(plan.learner) ? noLearner : null;
  }
  if (isFirst) return "a lesson begins with its world";
  if (lesson.isFinished) return "nothing comes after its end";
  if (event.type === "finished") return lesson.plan ? null : "only a task is finished";
  // What is left of an inference.
  if (event.type === "outdated")
    return event.seq > shown.since ? null : "nothing had been shown yet";
  if (event.type === "trained") return refuseTrained(lesson, event, shown.at.get(event.basis));
  if (event.type === "inferred") return refuseInferred(lesson, event, shown.at.get(event.basis));
  if (event.type === "shadowed") return refuseShadowed(lesson, event);
  return refuseInstant(lesson, event);
}

/** An event that is what its request becomes. */
function refuseInstant(
  lesson: Lesson,
  {
    seq: _,
    at: __,
    type,
    ...asked
  }: Exclude<LessonEvent, Event<"created" | "finished" | "outdated" | WorkType>>,
): string | null {
  const { request, decide } = kindOf.get(type)!;
  const parsed = request.schema.safeParse({ key, ...asked });
  if (!parsed.success) return "nobody could have asked for it";
  const locked = refuseByPlan(lesson, request.name, parsed.data);
  if (locked) return locked.reason;
  const decided = decide(lesson, parsed.data);
  return isRefusal(decided) ? (decided as { readonly reason: string }).reason : null;
}

type WorkType = "trained" | "inferred" | "shadowed";
interface InstantKind {
  readonly request: typeof changes.note.request;
  decide(lesson: Lesson, request: unknown): object;
}

function refuseTrained(
  lesson: Lesson,
  event: Event<"trained">,
  demonstrations: Demonstrations | undefined,
): string | null {
  if (!demonstrations) return noBasis;
  const { plan, basis, seed, episodes, uncertainty, heldOut, errors = [] } = event;
  if (!canBeAsked(plan)) return noLearner;
  // What was shown may have been deleted while the learner trained.
  const refused = refuseTraining({ ...lesson, demonstrations }, plan);
  if (refused) return refused.reason;
  if (seed !== basis) return "its seed is the number of the event that it was trained on";
  const rounds = lesson.rounds.filter((round) => round.seq <= basis);
  const { learningSeed = null } = event;
  if (
    learningSeed !== null &&
    learningSeed !== learningSeedOf({ ...lesson, rounds }, plan.policy, seed)
  )
    return "it learns from the seed of the first of its kind";
  if (!(event.pairs >= nPairs({ ...lesson, demonstrations, rounds: [] })))
    return "it learned from all that was shown";
  if (episodes.length !== plan.drives) return `the learner drove ${plan.drives} times`;
  for (const drive of episodes) {
    if (!episode.safeParse(drive).success) return "one of its drives is none";
    const refusal = refuseEpisode(lesson, drive);
    if (refusal) return refusal.reason;
    if (drive.controllers.some((who) => who !== Controller.learner))
      return "its drives are the learner's alone";
  }
  const steps = episodes.map(({ controllers }) => controllers.length);
  const isCertain = (row: readonly number[], i: number) =>
    row.length === steps[i] && row.every((share) => share >= 0 && share <= 1);
  if (uncertainty.length !== steps.length || !uncertainty.every(isCertain))
    return "it has an uncertainty in [0, 1] for each step";
  const refusedQuestions = refuseQuestions(event, steps);
  if (refusedQuestions) return refusedQuestions;
  if (heldOut.length !== nHeldOut) return `there are ${nHeldOut} held-out drives`;
  if (errors.length > mostErrors) return "its error has too many steps";
  if (!arithmeticName.test(event.arithmetic)) return "its arithmetic is called like none";
  return /^[0-9a-f]{64}$/.test(event.digest) && event.ms >= 0 ? null : "its digest is none";
}

const noLearner = "nobody could have asked for this learner";

function canBeAsked(plan: TrainingPlan): boolean {
  return changes.train.request.schema.safeParse({ key, plan }).success;
}

/** @param steps of each drive */
function refuseQuestions(
  { plan, queries }: Event<"trained">,
  steps: readonly number[],
): string | null {
  const isVisited = ([drive, t]: readonly [number, number]) =>
    isIndex(drive, steps.length) && isIndex(t, steps[drive]!);
  if (!queries.every(isVisited)) return "its questions are about its drives";
  const states = new Set(queries.map(([drive, t]) => t * steps.length + drive)).size;
  if (states > plan.budget * (1 + (plan.spare ?? 0))) return "it asks more than it may";
  return queries.length > (plan.repeats ? mostAsked : 1) * states
    ? "it repeats more questions than it may"
    : null;
}

function refuseInferred(
  lesson: Lesson,
  event: Event<"inferred">,
  demonstrations: Demonstrations | undefined,
): string | null {
  if (!demonstrations) return noBasis;
  const refused = changes.infer.refuse({ ...lesson, demonstrations }, {});
  if (refused) return refused.reason;
  const { nFeatures: k, tiles } = worlds[lesson.world]!.lattice;
  const { weights, covariance, deviation = 1, undetermined, matched, visits, agreement } = event;
  const isInFeatures = ({ length }: readonly number[]) => length === k;
  if (![weights, matched, ...undetermined].every(isInFeatures) || undetermined.length > k)
    return `a reward here has ${k} features`;
  if (covariance.length !== k * k) return `a covariance here has ${k * k} numbers`;
  const isBounded = (value: number) => Math.abs(value) <= largestNumber;
  if (![...weights, ...covariance, ...visits, ...matched, ...undetermined.flat()].every(isBounded))
    return "no reward is that large";
  if (!(deviation > 0 && deviation <= largestNumber)) return "no prior is that wide";
  const isSymmetric = covariance.every((value, i) => {
    const other = covariance[(i % k) * k + Math.floor(i / k)]!;
    return Math.abs(value - other) <= 1e-9 * Math.max(1, Math.abs(value));
  });
  if (!isSymmetric || !inverseOf(Float64Array.from(covariance), k, 0))
    return "no covariance is like that";
  if (visits.length !== tiles.length) return `the map has ${tiles.length} tiles`;
  return agreement >= 0 && agreement <= 1 && event.demonstrations <= demonstrations.length
    ? null
    : "it does not fit what was shown";
}

function refuseShadowed(lesson: Lesson, event: Event<"shadowed">): string | null {
  const { type: _, seq: __, at: ___, lag, ...request } = event;
  const asked = changes.shadow.request.schema.safeParse({ key, ...request });
  if (!asked.success) return "nobody could have asked for it";
  const refused = changes.shadow.refuse(lesson, asked.data);
  if (refused) return refused.reason;
  const { length } = lesson.rounds.at(-1)!.episodes[event.drive]!.controllers;
  return isIndex(lag, length) ? null : "hands are no later than the drive is long";
}

const noBasis = "it is based on an event before it";

function isIndex(value: number, length: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < length;
}
