import { matchMaker } from "colyseus";
import * as z from "zod";
import { progress } from "../../shared/class/progress.ts";
import { refusal } from "../../shared/lesson/refusal.ts";

/** What processes say to each other of a class. */
export const said = z.discriminatedUnion("kind", [
  /** One has written an event of the class. */
  z.object({ kind: z.literal("wrote"), process: z.string(), seq: z.number() }),
  /** How a pupil's lesson stands, and whether something is trained in it. */
  z.object({
    kind: z.literal("news"),
    pupil: z.number(),
    progress: progress.nullable(),
    isTraining: z.boolean(),
  }),
  /** The teacher wants the class's learner to be trained. */
  z.object({ kind: z.literal("compare") }),
  /** The class is being deleted. */
  z.object({ kind: z.literal("forgotten") }),
]);
export type Words = z.infer<typeof said>;
export type News = Extract<Words, { kind: "news" }>;

/** Said of a class that has been deleted. */
export const forgotten = refusal("ended", "This class has been deleted, with its lessons.");

/** Tells all processes that a class is being deleted. */
export function sayForgotten(id: string): void {
  void matchMaker.presence.publish(topicOf(id), { kind: "forgotten" } satisfies Words);
}

/** Where processes speak of a class. */
export function topicOf(id: string): string {
  return `class:${id}`;
}
