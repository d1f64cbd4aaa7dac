import type { TableOf } from "../table.ts";
import { csvTable } from "./csvTable.ts";
import type { OutFolder } from "./format.ts";

/** Writes tables that are beside those of lessons, each to a file in CSV, and the files that say what they mean. */
export function writeTables<Source>(
  folder: OutFolder,
  tables: readonly TableOf<unknown, Source>[],
  source: Source,
  codebook: Readonly<Record<string, string>>,
): void {
  for (const { name, columns, rows } of tables) {
    const flat = columns.map((column) => ({ name: column.name, column, i: 0 }));
    const file = csvTable(folder.file(`${name}.csv`), flat);
    for (const row of rows(source)) file.add(columns.map((column) => column.of(row, 0)));
    file.close();
  }
  for (const [name, text] of Object.entries(codebook)) {
    const file = folder.file(name);
    file.write(text);
    file.close();
  }
}
