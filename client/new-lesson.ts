import type { NewLesson } from "../shared/protocol.ts";

/** Starts a lesson; returns its address. */
export async function createLesson(lesson: NewLesson): Promise<string> {
  const response = await fetch("/api/lessons", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(lesson),
  });
  if (!response.ok) throw new Error(`The server would not start a lesson (${response.status}).`);
  return ((await response.json()) as { id: string }).id;
}
