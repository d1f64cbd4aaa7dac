import type { NewLesson } from "../../shared/lesson/events/created.ts";
import { withKeeper } from "./keeper.ts";
import { askToPersist } from "./storage.ts";

/**
 * Starts a lesson in this browser, and returns its address: what the static build has in place of its
 * namesake in `client/net/`.
 * @throws Error where it is not kept
 */
export async function createLesson(lesson: NewLesson): Promise<string> {
  void askToPersist();
  const begun = await withKeeper(async (calls) => calls.begin(lesson));
  if (typeof begun === "string") throw new Error(begun);
  return begun.id;
}
