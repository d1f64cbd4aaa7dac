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

/**
 * An event with what stands for what the panel calls people. Who may not know them may not know either by which codes and
 * addresses they are paid: these are left out of the study's files, whose digests stay those of the files as they were.
 */
export function renamed(event: StudyEvent, named: Named, ids: IdChoice): object {
  if (event.type === "protocol" && ids !== "keep")
    return { ...event, text: withoutCodes(event.text) };
  if (event.type !== "arrived") return event;
  const { id, study, session } = event;
  const of = (one: string | null) => one && named(one);
  return { ...event, id: named(id), study: of(study), session: of(session) };
}

function withoutCodes(text: string): string {
  const file = JSON.parse(text) as { readonly endings?: Readonly<Record<string, object>> };
  const endings = Object.entries(file.endings ?? {}).map(([name, ending]) => [
    name,
    { ...ending, code: undefined, redirect: undefined },
  ]);
  return JSON.stringify({ ...file, ...(file.endings && { endings: Object.fromEntries(endings) }) });
}
