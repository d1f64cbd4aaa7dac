import { type Protocol, planOf } from "./protocol.ts";
import type { Ending } from "./protocolFile.ts";
import type { EndingView, StudyView, TaskView } from "./requests.ts";
import { type Participant, type Step, type Study, taskOf } from "./study.ts";
import type { StudyWords } from "./words.ts";

/** Titles and texts of the endings among a study's words. */
const said: Readonly<Record<Ending, readonly [keyof StudyWords, keyof StudyWords]>> = {
  completed: ["completed", "completedText"],
  declined: ["declined", "declinedText"],
  screened: ["screened", "screenedText"],
  "timed-out": ["timedOut", "timedOutText"],
  full: ["full", "fullText"],
  closed: ["closed", "closedText"],
};

/** What a page shows to whoever has no place in the study. */
export function turnedAway(protocol: Protocol, kind: "full" | "closed"): StudyView {
  return { ...frame(protocol), step: kind, progress: 0, ending: endingView(protocol, kind) };
}

/** What a participant's page shows. @param lesson of the task that they are at, where it has begun */
export function viewOf(
  study: Study,
  participant: Participant,
  lesson: TaskView["lesson"],
): StudyView {
  const protocol = study.protocolOf(participant);
  const { step } = participant;
  const view = { ...frame(protocol), step, progress: progressOf(protocol, participant) };
  switch (step) {
    case "consent":
      return { ...view, consent: protocol.consent };
    case "instructions":
      return { ...view, instructions: protocol.instructions };
    case "check":
      return {
        ...view,
        // They are read once more where the answers were not right.
        instructions: protocol.instructions,
        check: {
          tries: participant.tries.length,
          questions: protocol.check!.questions.map(({ text, options }) => ({ text, options })),
        },
      };
    case "task":
      return { ...view, task: taskView(protocol, participant, lesson) };
    case "questions":
      return { ...view, questions: protocol.questions };
    default:
      return { ...view, ending: endingView(protocol, step) };
  }
}

function frame({ title, language, direction, words }: Protocol) {
  return { title, language, direction, words };
}

function taskView(
  protocol: Protocol,
  participant: Participant,
  lesson: TaskView["lesson"],
): TaskView {
  const number = taskOf(participant);
  const { level } = planOf(protocol, { ...participant.cell!, task: number }, () => 0);
  return {
    number,
    of: protocol.orders[0]!.length,
    title: level.title ?? null,
    instructions: level.instructions ?? [],
    isSkippable: level.skippable,
    lesson,
  };
}

function endingView({ endings, words }: Protocol, kind: Ending): EndingView {
  const { text, code, redirect } = endings[kind] ?? {};
  const [title, standard] = said[kind];
  return {
    kind,
    title: words[title],
    text: text ?? [words[standard]],
    code: code ?? null,
    redirect: redirect ?? null,
  };
}

function progressOf(protocol: Protocol, participant: Participant): number {
  const steps: readonly Step[] = [
    "consent",
    ...(protocol.instructions.length > 0 ? (["instructions"] as const) : []),
    ...(protocol.check ? (["check"] as const) : []),
    ...protocol.orders[0]!.map(() => "task" as const),
    ...(protocol.questions.length > 0 ? (["questions"] as const) : []),
  ];
  const { step } = participant;
  if (!steps.includes(step)) return 1;
  const at = steps.indexOf(step) + (step === "task" ? taskOf(participant) : 0);
  return at / steps.length;
}
