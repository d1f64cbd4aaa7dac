import { article } from "./index.ts";
import { textOf } from "./print.ts";

/** What `npm run article` writes. */
export function report(json: boolean): string {
  const results = article();
  return json ? `${JSON.stringify(results, null, 2)}\n` : textOf(results);
}
