import * as z from "zod";
import type { EventKind } from "./event.ts";

/** Somebody finished the task that the lesson was: from now on nothing comes to it. No request of its own brings it. */
export interface Finished {
  readonly type: "finished";
}

export const finished: EventKind<Finished> = {
  stored: z.object({ type: z.literal("finished") }),

  apply: (lesson) => ({ ...lesson, isFinished: true }),
};
