import type { Level } from "../worlds/level.ts";

/**
 * What a cell holds. `null` is "not known", "not asked" or "not recorded": an empty cell in CSV, a null
 * in Parquet, NaN in arrays of numbers.
 */
export type Cell = string | number | boolean | readonly number[] | null;

/** What the cells of a column are; "numbers" is a list of them, whose length may differ by row. */
export type ColumnType = "text" | "integer" | "number" | "boolean" | "numbers";

/** A column, or several of one meaning that are numbered: `state_0`, `state_1`, … */
export interface ColumnOf<Row> {
  readonly name: string;
  readonly type: ColumnType;
  /** Left out where a number is a count, an index or has none. */
  readonly unit?: string;
  /** In a sentence or two, for whoever has never seen the project. */
  readonly meaning: string;
  /** How many columns it is in the data of a level; one, without a number, where it is left out. */
  width?(level: Level): number;
  /** The cell of a row. @param i which of the numbered columns */
  of(row: Row, i: number): Cell;
  /** Whether people typed what it says, so that no program may take it for anything but text. */
  readonly isTyped?: true;
}

/** A column without what makes its cells: what a codebook says of it. */
export type ColumnWords = Omit<ColumnOf<never>, "of">;

export interface TableOf<Row, Source> {
  readonly name: string;
  /** What a row is. */
  readonly row: string;
  readonly columns: readonly ColumnOf<Row>[];
  /** All rows of a lesson, one at a time: none is kept. */
  rows(source: Source): Iterable<Row>;
}

/** One column of a file. */
export interface FlatColumn<Row> {
  readonly name: string;
  readonly column: ColumnOf<Row>;
  /** Which of the numbered columns; 0 where they have no number. */
  readonly i: number;
}

/** The columns of a table in the data of a level, one by one. */
export function flatColumns<Row>(
  columns: readonly ColumnOf<Row>[],
  level: Level,
): FlatColumn<Row>[] {
  return columns.flatMap((column) =>
    column.width
      ? Array.from({ length: column.width(level) }, (_, i) => ({
          name: `${column.name}_${i}`,
          column,
          i,
        }))
      : [{ name: column.name, column, i: 0 }],
  );
}

/** Whether a table has other columns in the data of another level: then each level has a file of its own. */
export function isByLevel({ columns }: { readonly columns: readonly ColumnWords[] }): boolean {
  return columns.some(({ width }) => width !== undefined);
}
