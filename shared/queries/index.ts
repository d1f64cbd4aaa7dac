import { betaMixture } from "./betaMixture.ts";
import { every } from "./every.ts";
import { novel } from "./novel.ts";
import type { Query } from "./query.ts";
import { random } from "./random.ts";
import { takeover } from "./takeover.ts";

/** Every query strategy there is, by name. */
export const queries: Readonly<Record<string, Query>> = Object.fromEntries(
  [every, novel, random, betaMixture, takeover].map((query) => [query.name, query]),
);

/** Those that a lesson may offer: the server drives the learner alone, and the person answers later. */
export const lessonQueries: Readonly<Record<string, Query>> = Object.fromEntries(
  Object.entries(queries).filter(([, { needs }]) => needs === "answers"),
);
