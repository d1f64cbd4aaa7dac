import * as z from "zod";
import { worlds } from "../worlds/index.ts";

/** Key in a world's tastes. */
export const taste = z.string().max(32);

export function hasTaste(world: string, taste: string): boolean {
  return Object.hasOwn(worlds[world]!.tastes ?? {}, taste);
}
