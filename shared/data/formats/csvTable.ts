import type { Cell, FlatColumn } from "../table.ts";
import type { OutFile } from "./format.ts";
import type { TableFile } from "./tableFiles.ts";

/** A table in a file. */
export function csvTable(file: OutFile, columns: readonly FlatColumn<unknown>[]): TableFile {
  file.write(`${columns.map(({ name }) => name).join(",")}\n`);
  return {
    add: (cells) => file.write(lineOf(cells, columns)),
    close: () => file.close(),
  };
}

function lineOf(cells: readonly Cell[], columns: readonly FlatColumn<unknown>[]): string {
  let line = "";
  for (let i = 0; i < cells.length; i++)
    line += (i === 0 ? "" : ",") + cellOf(cells[i]!, columns[i]!.column.isTyped ?? false);
  return `${line}\n`;
}

/** @param isTyped whether people typed it */
function cellOf(cell: Cell, isTyped: boolean): string {
  if (cell === null) return "";
  if (typeof cell === "number") return Object.is(cell, -0) ? "-0.0" : `${cell}`;
  if (typeof cell === "boolean") return `${cell}`;
  if (typeof cell === "string") return quoted(isTyped && isFormula(cell) ? `'${cell}` : cell);
  return quoted(JSON.stringify(cell));
}

/** Whether a spreadsheet may take a text for a formula: its sign may be a full-width one, or come after space. */
function isFormula(text: string): boolean {
  return /^\s*[=+\-@|%＝＋－＠]|^[\t\r\n]/.test(text);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
