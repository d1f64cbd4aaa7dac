import { LessonConnection } from "./connection.ts";
import type { LessonSession } from "./session.ts";

/** Opens a lesson that the server keeps. The static build has its namesake in `client/local/` instead. */
export function openSession(id: string): LessonSession {
  return new LessonConnection(id);
}
