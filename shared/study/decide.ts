import { type Refusal, refusal } from "../lesson/refusal.ts";
import { refuseAnswers } from "./answers.ts";
import { assign } from "./assignment.ts";
import type { StudyEventBody } from "./events.ts";
import type { Protocol } from "./protocol.ts";
import type { ParticipantRequest } from "./requests.ts";
import { type Participant, type Study, takesPart, taskOf } from "./study.ts";

/** Of these recordings a participant has no more. */
const mostDevices = 50;
const mostAway = 500;

/** What a decision needs beside the study. */
export interface Circumstances {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** In [0, 1). */
  readonly draw: number;
}

/** Why nobody new can take part; null where they can. */
export function turnAway(study: Study, protocol: Protocol, now: number): "full" | "closed" | null {
  const { opens, closes, participants } = protocol;
  if (study.isClosed) return "closed";
  if ((opens && now < Date.parse(opens)) || (closes && now >= Date.parse(closes))) return "closed";
  let taken = 0;
  for (const one of study.participants.values()) if (study.counts(one, now)) taken++;
  return taken >= participants ? "full" : null;
}

/**
 * Why somebody who has come, and not agreed yet, cannot take part any more: by the newest protocol, whichever is theirs.
 * Null where they can, and for whoever has agreed.
 */
export function shutOut(
  study: Study,
  { step }: Participant,
  now: number,
): "full" | "closed" | null {
  return step === "consent" ? turnAway(study, study.protocols.at(-1)!.protocol, now) : null;
}

/** Of a request that came a second time, or from a page that is behind: nothing is done. */
export type Nothing = null;

/**
 * What a participant's request becomes, but for those by which they come in, and begin and finish a task.
 * Whoever is late is timed out, whatever they ask for.
 */
export function decide(
  study: Study,
  participant: Participant,
  request: Exclude<ParticipantRequest, { type: "begin" | "finish" }>,
  { now, draw }: Circumstances,
): StudyEventBody | Refusal | Nothing {
  const { number, step } = participant;
  const of = { participant: number };
  const protocol = study.protocolOf(participant);
  if (study.isLate(participant, now)) return { type: "timed-out", ...of };
  switch (request.type) {
    case "enter":
      return null;
    case "consent": {
      if (step !== "consent") return null;
      // Others may have come since they were shown the text.
      if (shutOut(study, participant, now)) return null;
      const { version } = protocol.consent;
      if (request.version !== version)
        return refusal(
          "stale-round",
          "This is not the text that you were shown; load the page again.",
        );
      const { condition, order } = assign(protocol, study.taken(participant.protocol, now), draw);
      return { type: "consented", ...of, version, condition, order };
    }
    case "decline":
      return step === "consent" ? { type: "declined", ...of } : null;
    case "instructed":
      return step === "instructions" ? { type: "instructed", ...of } : null;
    case "check":
      return step === "check" && request.tries === participant.tries.length
        ? checked(protocol, number, request.answers)
        : null;
    case "answer": {
      if (step !== "questions") return null;
      const refused = refuseAnswers(protocol.questions, request.answers);
      return refused
        ? refusal("malformed", refused)
        : { type: "answered", ...of, answers: request.answers };
    }
    case "device":
      return takesPart(participant) && participant.devices.length < mostDevices
        ? { type: "device", ...of, recording: request.recording }
        : null;
    case "away":
      return takesPart(participant) && participant.away.length < mostAway
        ? { type: "away", ...of, recording: request.recording }
        : null;
  }
}

function checked(
  { check }: Protocol,
  participant: number,
  answers: readonly number[],
): StudyEventBody | Refusal {
  const { questions } = check!;
  const isAnswered =
    answers.length === questions.length &&
    answers.every((at, i) => at < questions[i]!.options.length);
  if (!isAnswered) return refusal("malformed", "Each question has one answer.");
  const passed = questions.every(({ correct }, i) => answers[i] === correct);
  return { type: "checked", participant, answers, passed };
}

/** The task that a participant may begin or finish now; null where `task` is not the one they are at. */
export function taskAt(participant: Participant, task: number): number | null {
  return participant.step === "task" && taskOf(participant) === task ? task : null;
}
