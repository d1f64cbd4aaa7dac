import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type Axe from "axe-core";
import type { Page } from "playwright-core";

/** As a script that is evaluated: the page's policy allows no tags but its own. */
const axe = `${readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")};0`;

/** What may be wrong in one theme and right in the other. */
const ofColours = ["color-contrast", "link-in-text-block"];

/**
 * What axe finds wrong on the page, in one line each.
 * @param again whether everything was looked at in the other theme: then only what colours can do wrong is
 */
export async function findings(page: Page, again = false): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const violations = await page.evaluate(async (rules) => {
    const options: Axe.RunOptions = rules ? { runOnly: { type: "rule", values: rules } } : {};
    const { violations } = await (globalThis as unknown as { axe: typeof Axe }).axe.run(options);
    return violations.map(({ id, impact, nodes }) => ({ id, impact, at: nodes[0]!.html }));
  }, again && ofColours);
  return violations.map(({ id, impact, at }) => `${impact} ${id}: ${at}`);
}
