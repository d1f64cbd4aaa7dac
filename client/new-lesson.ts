import type { Begun, NewLesson } from "../shared/protocol.ts";
import { keepSecret } from "./memory.ts";

/** Starts a lesson, keeps what lets one teach in it, and returns its address. */
export async function createLesson(lesson: NewLesson): Promise<string> {
  const response = await fetch("/api/lessons", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(lesson),
  });
  if (!response.ok) throw new Error(await whyNot(response));
  const { id, secret } = (await response.json()) as Begun;
  keepSecret(id, secret);
  return id;
}

async function whyNot(response: Response): Promise<string> {
  const otherwise = `The server would not start a lesson (${response.status}).`;
  const { reason } = await response.json().catch(() => ({ reason: null }));
  return typeof reason === "string" ? reason : otherwise;
}
