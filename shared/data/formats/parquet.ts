import type { ColumnType } from "../table.ts";
import type { Format } from "./format.ts";
import { ParquetFile, type StoredColumn } from "./parquetFile.ts";
import { tableFiles } from "./tableFiles.ts";

/** The tables as Parquet: the same as in CSV, with types and nulls, and smaller. */
export const parquet: Format = {
  words: "the tables as Parquet, for pandas, Polars, DuckDB, R and Spark",
  begin: (folder) =>
    tableFiles(folder, "parquet", (file, columns) => {
      const stored = columns.map(({ name, column }) => ({ name, ...storedAs[column.type] }));
      return new ParquetFile(file, stored);
    }),
};

const storedAs: Readonly<Record<ColumnType, Omit<StoredColumn, "name">>> = {
  text: { type: "text" },
  integer: { type: "integer" },
  number: { type: "double" },
  boolean: { type: "boolean" },
  numbers: { type: "double", isList: true },
};
