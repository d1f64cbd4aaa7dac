import { createHmac } from "node:crypto";
import type { StudyEvent } from "../../shared/study/events.ts";
import type { IdChoice } from "../../shared/study/requests.ts";

/** What stands for something that the panel gave; null where it is left out. */
export type Named = (panelId: string) => string | null;

/** @param seed of the study: a hash of another study's, or of a guessed id, is another one */
export function namer(ids: IdChoice, seed: string): Named {
  if (ids === "keep") return (id) => id;
  if (ids === "omit") return () => null;
  return (id) => createHmac("sha256", seed).update(`panel ${id}`).digest("hex").slice(0, 32);
}

/** An event with what stands for what the panel calls people. */
export function renamed(event: StudyEvent, named: Named): object {
  if (event.type !== "arrived") return event;
  const { id, study, session } = event;
  const of = (one: string | null) => one && named(one);
  return { ...event, id: named(id), study: of(study), session: of(session) };
}
