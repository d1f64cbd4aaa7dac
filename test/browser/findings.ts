import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type Axe from "axe-core";
import type { Page } from "playwright-core";

/** As a script that is evaluated: the page's policy allows no tags but its own. */
const axe = `${readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")};0`;

/** What axe finds wrong on the page, in one line each. */
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof Axe }).axe.run();
    return violations.map(({ id, impact, nodes }) => ({ id, impact, at: nodes[0]!.html }));
  });
  return violations.map(({ id, impact, at }) => `${impact} ${id}: ${at}`);
}
