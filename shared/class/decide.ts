import { type Refusal, refusal } from "../lesson/refusal.ts";
import type { ClassEventBody } from "./events.ts";
import { ended, isTimeUp } from "./pace.ts";
import type { PupilRequest, TeacherRequest } from "./requests.ts";
import type { SchoolClass } from "./schoolClass.ts";
import { stepsOf } from "./steps.ts";

/** Of a request that came a second time: nothing is done. */
export type Nothing = null;

/** Times that somebody may call themselves something else, or guess anew: each is kept. */
const mostChanges = 100;
/** Events that pupils bring about, and likewise the teacher: what each page can do is bounded, and so is their number. */
const mostEvents = 20_000;
/** Times that a class's learner is trained: what comes of it is large. */
const mostComparisons = 500;

/** Who came, those who were removed with them, for each pupil that a class can have. */
const comings = 2;

/** Within this time a request for the same time is taken for the same one, which came twice, ms. */
const repeated = 15_000;

/** How long a code is good for, ms: whoever has come by then has a link of their own. */
const codeLasts = 24 * 3_600_000;

const runOut = refusal(
  "ended",
  "The letters of this class no longer work. If you were in the class, come back with your own link.",
);
export const takenOut = refusal("not-yours", "Your teacher has removed you from this class.");
const taken = refusal("taken", "Somebody in this class has this name; choose another one.");
const shut = refusal(
  "full",
  "Your teacher lets nobody else into this class; ask them to let you in.",
);
const unknown = refusal("malformed", "There is no such pupil in this class.");
const tooMuch = refusal("full", "This class has reached its largest size; begin another.");

/** Somebody who comes to a class. */
export interface Newcomer {
  readonly nickname: string;
  /** SHA-256, hex. */
  readonly key: string;
}

/** Whether one can come to a class by its letters. @param clock ms since 1970 */
export function isOpen(now: SchoolClass, clock: number): boolean {
  return !now.isEnded && clock - now.began < codeLasts;
}

/**
 * What comes of somebody who comes.
 * @param most pupils in a class
 * @param clock ms since 1970
 */
export function decideToJoin(
  now: SchoolClass,
  { nickname, key }: Newcomer,
  most: number,
  clock: number,
): Extract<ClassEventBody, { type: "joined" }> | Refusal | Nothing {
  const known = now.byKey(key);
  if (known) return known.isRemoved ? takenOut : null;
  if (now.isEnded) return ended;
  if (!isOpen(now, clock)) return runOut;
  if (now.isShut) return shut;
  if (now.present.length >= most)
    return refusal("full", `This class is full: it has ${most} pupils.`);
  if (now.pupils.size >= comings * most || now.nByPupils >= mostEvents)
    return refusal("full", "Too many pupils have joined this class and been removed.");
  return now.isTaken(nickname) ? taken : { type: "joined", nickname, key };
}

/** What a pupil's request becomes, but for that by which they come back. */
export function decideForPupil(
  now: SchoolClass,
  pupil: number,
  request: Exclude<PupilRequest, { type: "enter" }>,
  /** Times that their learner has been trained. */
  trained: number,
): ClassEventBody | Refusal | Nothing {
  const one = now.pupils.get(pupil);
  if (!one) return unknown;
  if (one.isRemoved) return takenOut;
  if (now.isEnded) return ended;
  if (now.nByPupils >= mostEvents) return tooMuch;
  // "too-many" would be asked for again.
  if (one.changes >= mostChanges) return refusal("full", "You have changed this too often.");
  if (request.type === "rename") return rename(now, pupil, request.nickname, "pupil");
  const { about, score } = request;
  const said = one.guesses[about];
  if (said === score) return null;
  // Who guesses only before it is seen has their say once it is trained, and whoever guessed before has had it.
  const before = about === "clone" ? 0 : 1;
  if (trained > before + 1 || (trained > before && said !== undefined))
    return refusal("stale-round", "You cannot guess any more: the result is known.");
  // Servers of before, which may run beside this one, read no guess that has no score.
  if (score === null) return { type: "guessed", pupil, about, score: 0, without: true };
  return { type: "guessed", pupil, about, score };
}

/** What a teacher's request becomes, but for those that only look or compute. */
export function decideForTeacher(
  now: SchoolClass,
  request: Exclude<TeacherRequest, { type: "look" | "tables" | "compare" }>,
  /** ms since 1970. */
  clock: number,
): ClassEventBody | Refusal | Nothing {
  if (now.isEnded) {
    const stillDone: readonly TeacherRequest["type"][] = ["names", "show", "rename", "remove"];
    if (request.type === "end") return null;
    if (!stillDone.includes(request.type)) return ended;
  }
  if (now.seq - now.nByPupils >= mostEvents && !isAlwaysDone(request)) return tooMuch;
  switch (request.type) {
    case "freeze":
      // A time that is over has stopped them as well, and it is the same who lets them go on.
      if (now.isFrozen === request.frozen && (request.frozen || !isTimeUp(now, clock))) return null;
      return { type: request.frozen ? "frozen" : "released" };
    case "step": {
      const { step } = request;
      if (step === now.step) return null;
      const { length } = stepsOf(now.level!, now.rounds);
      if (step !== null && step >= length)
        return refusal("malformed", `This plan has ${length} steps, and the first is 0.`);
      return { type: "stepped", step };
    }
    case "rounds":
      if (!now.level!.learner)
        return refusal("malformed", "Nothing is trained in this class, so it has no rounds.");
      if (!now.level!.corrections)
        return refusal("malformed", "This plan has no way of correcting, so it has no rounds.");
      if (request.rounds === now.rounds) return null;
      return request.rounds < now.rounds
        ? refusal("malformed", "You can add rounds, but you cannot take any away.")
        : { type: "prolonged", rounds: request.rounds };
    case "time": {
      const { seconds } = request;
      if (seconds === null && now.endsAt === null) return null;
      // A page asks again where it had no answer.
      if (
        seconds !== null &&
        now.endsAt === now.timedAt + 1000 * seconds &&
        clock - now.timedAt < Math.min(repeated, 500 * seconds)
      )
        return null;
      return { type: "timed", until: seconds === null ? null : clock + 1000 * seconds };
    }
    case "door":
      return request.open === !now.isShut ? null : { type: "door", open: request.open };
    case "names":
      return request.hidden === now.areNamesHidden
        ? null
        : { type: "names", hidden: request.hidden };
    case "show":
      if (request.pupil === now.shown) return null;
      return request.pupil !== null && !isPresent(now, request.pupil)
        ? unknown
        : { type: "shown", pupil: request.pupil };
    case "rename":
      return now.pupils.has(request.pupil)
        ? rename(now, request.pupil, request.nickname, "teacher")
        : unknown;
    case "remove": {
      const { pupil, removed } = request;
      const one = now.pupils.get(pupil);
      if (!one) return unknown;
      if (one.isRemoved === removed) return null;
      if (!removed && now.isTaken(one.nickname, pupil))
        return refusal("taken", "Somebody else has this name now; give one of them another name.");
      return { type: removed ? "removed" : "readmitted", pupil };
    }
    case "end":
      return { type: "ended" };
  }
}

/** What has pupils go on, or out: it is done however much has been done in a class. */
function isAlwaysDone(request: TeacherRequest): boolean {
  switch (request.type) {
    case "end":
      return true;
    case "remove":
      return request.removed;
    case "freeze":
      return !request.frozen;
    case "step":
      return request.step === null;
    default:
      return false;
  }
}

/** Why the class's learner is not trained once more; null where it is. */
export function refuseToCompare(now: SchoolClass): Refusal | null {
  return now.nComparisons >= mostComparisons ? tooMuch : null;
}

function rename(
  now: SchoolClass,
  pupil: number,
  nickname: string,
  by: "pupil" | "teacher",
): ClassEventBody | Refusal | Nothing {
  const one = now.pupils.get(pupil)!;
  if (one.nickname === nickname) return null;
  if (now.isTaken(nickname, pupil)) return taken;
  return { type: "renamed", pupil, nickname, by };
}

function isPresent(now: SchoolClass, pupil: number): boolean {
  return now.pupils.get(pupil)?.isRemoved === false;
}
