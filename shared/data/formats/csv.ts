import { csvTable } from "./csvTable.ts";
import type { Format } from "./format.ts";
import { tableFiles } from "./tableFiles.ts";

/** Comma-separated values (RFC 4180, with line feeds), numbers in as many digits as it takes to read the same bits. */
export const csv: Format = {
  words: "the tables as CSV, for everything",
  begin: (folder) => tableFiles(folder, "csv", csvTable),
};
