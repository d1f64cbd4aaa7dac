import type { Answer } from "./events.ts";
import type { Question } from "./protocolFile.ts";

/** Why these are no answers to the questions; null where they are. */
export function refuseAnswers(
  questions: readonly Question[],
  answers: Readonly<Record<string, Answer>>,
): string | null {
  const known = new Set(questions.map(({ id }) => id));
  for (const id of Object.keys(answers)) if (!known.has(id)) return `There is no question "${id}".`;
  for (const question of questions) {
    const given = Object.hasOwn(answers, question.id) ? answers[question.id]! : null;
    const isEmpty = given === null || (typeof given === "string" && given.trim() === "");
    if (isEmpty && question.required) return `"${question.text}" has no answer.`;
    if (given !== null && !isAnswer(question, given))
      return `"${question.text}" has another kind of answer.`;
  }
  return null;
}

function isAnswer(question: Question, given: string | number): boolean {
  if (question.kind === "text")
    return typeof given === "string" && given.length <= question.longest;
  if (typeof given !== "number") return false;
  return question.kind === "choice"
    ? given < question.options.length
    : given >= 1 && given <= question.points;
}
