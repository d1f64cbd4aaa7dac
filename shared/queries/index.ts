import { every } from "./every.ts";
import { novel } from "./novel.ts";
import type { Query } from "./query.ts";

/** Every query strategy there is, by name. */
export const queries: Readonly<Record<string, Query>> = Object.fromEntries(
  [every, novel].map((query) => [query.name, query]),
);
