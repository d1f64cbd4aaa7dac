import type { Refusal } from "../../shared/lesson/refusal.ts";

/** Why a POST brought no answer, in words for a person. */
export class NoAnswer extends Error {
  /** Of the server's own refusal; null where it was not the server that said no. */
  readonly status: number | null;

  constructor(words: string, status: number | null = null) {
    super(words);
    this.name = "NoAnswer";
    this.status = status;
  }
}

/**
 * Sends `body`, which becomes JSON unless it is a file, and returns the JSON that the server answers.
 * @param path on the server, as in /api/lessons; the page itself may be in a folder there
 * @param patience milliseconds. A browser itself would wait for ever on a line that has died
 * @throws NoAnswer where there is none, or it says no
 */
export async function post<Answer>(path: string, body: object, patience: number): Promise<Answer> {
  const { ok, status, text } = await send(path, body, patience);
  const answer = parse(text);
  if (ok && answer !== null) return answer as Answer;
  if (isRefusal(answer)) throw new NoAnswer(answer.reason, status);
  // A proxy says so in HTML.
  if (status >= 500) throw new NoAnswer(`The server cannot be reached (${status}).`);
  throw new NoAnswer(
    "The answer did not come from the server. Your network may want you to log in first.",
  );
}

async function send(path: string, body: object, patience: number) {
  try {
    const response = await fetch(`.${path}`, {
      method: "POST",
      ...(body instanceof Blob
        ? { body }
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(patience),
    });
    const { ok, status } = response;
    return { ok, status, text: await response.text() };
  } catch {
    throw new NoAnswer("The server cannot be reached.");
  }
}

function parse(text: string): object | null {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" ? json : null;
  } catch {
    return null;
  }
}

function isRefusal(answer: object | null): answer is Refusal {
  const { code, reason } = (answer ?? {}) as Partial<Refusal>;
  return typeof code === "string" && typeof reason === "string";
}
