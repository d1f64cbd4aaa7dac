import { escaped, style, svgOf } from "./figure.ts";
import { figuresOf } from "./studyFigures.ts";
import type { Result } from "./summary.ts";
import { type Table, tablesOf, verdict } from "./table.ts";
import { commandOf, methodOf, titleOf } from "./words.ts";

const pageStyle = `
:root { color-scheme: light dark; --paper: #fdfcfa; --ink: #22252a; --faint: #6a6f78; --rule: #e3e1dc }
@media (prefers-color-scheme: dark) { :root { --paper: #17181b; --ink: #e9e7e2; --faint: #a3a8b1; --rule: #34373d } }
body { margin: 3rem auto; max-width: 54rem; padding: 0 1.25rem; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem } h2 { font-size: 1.1rem; margin: 2.5rem 0 .5rem }
.verdict { font-size: 1.15rem } .faint { color: var(--faint) }
svg { display: block; width: 100%; height: auto; margin: 2rem 0 }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-variant-numeric: tabular-nums; white-space: nowrap }
th, td { text-align: right; padding: .3rem 1.2rem .3rem 0; border-bottom: 1px solid var(--rule) } th { font-weight: 500; color: var(--faint) }
code { font: .9em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere }
`;

/** One HTML page with the figures, the tables, the method and, as JSON, the data. */
export function pageOf(result: Result): string {
  const title = escaped(titleOf(result.study));
  const sentence = verdict(result);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${pageStyle}${style}</style>
</head>
<body>
<h1>${title}</h1>
${sentence ? `<p class="verdict">${escaped(sentence)}</p>` : ""}
<p class="faint">${escaped(methodOf(result.study))}</p>
${figuresOf(result)
  .map((figure) => svgOf(figure, false))
  .join("")}
${tablesOf(result).map(html).join("\n")}
<h2>Again</h2>
<p><code>${escaped(commandOf(result.study))}</code></p>
<p class="faint">The same command gives the same numbers. They are in this page too, as JSON in its element <code>data</code>.</p>
<script type="application/json" id="data">${JSON.stringify(result).replaceAll("<", "\\u003c")}</script>
</body>
</html>
`;
}

function html({ title, heading, rows }: Table): string {
  const row = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join("")}</tr>`;
  return `<h2>${escaped(title)}</h2>
<div class="scroll"><table>
<thead>${row(heading, "th")}</thead>
<tbody>${rows.map((cells) => row(cells, "td")).join("\n")}</tbody>
</table></div>`;
}
