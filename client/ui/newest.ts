/**
 * Makes of `ask` one that may be called at any rate: while an answer is awaited, of all further
 * questions only the newest is kept.
 * @param answered told each answer, in order
 */
export function newest<Question, Answer>(
  ask: (question: Question) => Promise<Answer>,
  answered: (answer: Answer) => void,
): (question: Question) => void {
  let waiting: { question: Question } | null = null;
  let busy = false;
  return async (question) => {
    waiting = { question };
    if (busy) return;
    busy = true;
    try {
      while (waiting) {
        const next: Question = waiting.question;
        waiting = null;
        answered(await ask(next));
      }
    } finally {
      busy = false;
    }
  };
}
