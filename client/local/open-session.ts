import type { LessonSession } from "../net/session.ts";
import { LocalSession } from "./localSession.ts";

/** Opens a lesson that this browser keeps: what the static build has in place of its namesake in `client/net/`. */
export function openSession(id: string): LessonSession {
  return new LocalSession(id);
}
