import type { LessonRecord } from "../lessonRecord.ts";
import { type Cell, type FlatColumn, flatColumns, isByLevel } from "../table.ts";
import { tables } from "../tables/index.ts";
import type { Export, OutFile, OutFolder } from "./format.ts";

/** A file of one table. */
export interface TableFile {
  /** @param cells one for each column */
  add(cells: readonly Cell[]): void;
  close(): void;
}

/**
 * A file for each table or, where a table's columns are the world's, for each table and world.
 * @param extension of the files' names
 */
export function tableFiles(
  folder: OutFolder,
  extension: string,
  open: (file: OutFile, columns: readonly FlatColumn<unknown>[]) => TableFile,
): Export {
  const files = new Map<
    string,
    { readonly columns: readonly FlatColumn<unknown>[]; readonly file: TableFile }
  >();
  return {
    add(lesson: LessonRecord) {
      for (const table of tables) {
        const name = isByLevel(table) ? `${table.name}-${lesson.level.name}` : table.name;
        let known = files.get(name);
        if (!known) {
          const columns = flatColumns(table.columns, lesson.level);
          known = { columns, file: open(folder.file(`${name}.${extension}`), columns) };
          files.set(name, known);
        }
        const { columns, file } = known;
        for (const row of table.rows(lesson))
          file.add(columns.map(({ column, i }) => column.of(row, i)));
      }
    },
    finish() {
      for (const { file } of files.values()) file.close();
    },
  };
}
