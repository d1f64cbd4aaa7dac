import * as z from "zod";
import type { EventKind, Outdated } from "./event.ts";

export const outdated: EventKind<Outdated> = {
  stored: z.object({ type: z.literal("outdated") }),
  apply: (lesson) => lesson,
};
