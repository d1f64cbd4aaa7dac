/** Rows under a heading, words to the left and figures to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, k) => Math.max(...rows.map((row) => row[k]!.length)));
  return rows
    .map((row) =>
      row.map((cell, k) => (k === 0 ? cell.padEnd(widths[k]!) : cell.padStart(widths[k]!))),
    )
    .map((cells) => `${cells.join("  ").trimEnd()}\n`)
    .join("");
}

/** Milliseconds, with as many digits as count. */
export function ms(value: number): string {
  return Number.isNaN(value) ? "–" : `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`;
}
