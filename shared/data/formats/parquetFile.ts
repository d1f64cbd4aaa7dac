import {
  ByteWriter,
  type ColumnSource,
  type KeyValue,
  ParquetWriter,
  type SchemaElement,
} from "hyparquet-writer";
import type { OutFile } from "./format.ts";

/** How a column is stored; of a list, each of its elements. "float" has 32 bits, as in Parquet. */
export type StoredType = "text" | "integer" | "double" | "float" | "boolean";

export interface StoredColumn {
  readonly name: string;
  readonly type: StoredType;
  readonly isList?: boolean;
}

/** A cell, of which integers are whole numbers. */
export type StoredCell = string | number | boolean | readonly (string | number)[] | null;

/** Rows that are held in memory before they are written. */
const groupSize = 20_000;

/** A Parquet file that is written row by row; all columns may be null. */
export class ParquetFile {
  readonly #out: OutFile;
  readonly #columns: readonly StoredColumn[];
  readonly #writer: ParquetWriter;
  /** Of the rows that are not yet written, by column. */
  #cells: unknown[][];

  constructor(out: OutFile, columns: readonly StoredColumn[], metadata: readonly KeyValue[] = []) {
    this.#out = out;
    this.#columns = columns;
    this.#cells = columns.map(() => []);
    this.#writer = new ParquetWriter({
      writer: new PassingWriter(out),
      schema: [{ name: "root", num_children: columns.length }, ...columns.flatMap(elementsOf)],
      kvMetadata: [...metadata],
      createdBy: "DAgger Dojo (hyparquet-writer)",
    });
  }

  /** @param cells one for each column */
  add(cells: readonly StoredCell[]): void {
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i]!;
      const isInteger = this.#columns[i]!.type === "integer" && cell !== null;
      this.#cells[i]!.push(isInteger ? BigInt(cell as number) : cell);
    }
    if (this.#cells[0]!.length === groupSize) this.#write();
  }

  close(): void {
    this.#write();
    this.#writer.finish();
    this.#out.close();
  }

  #write(): void {
    if (this.#cells[0]!.length === 0) return;
    const columnData = this.#columns.map(
      ({ name }, i): ColumnSource => ({ name, data: this.#cells[i]! }),
    );
    this.#writer.write({ columnData, rowGroupSize: groupSize });
    this.#cells = this.#columns.map(() => []);
  }
}

/** Hands on what has been written after each group of rows. */
class PassingWriter extends ByteWriter {
  readonly #out: OutFile;

  constructor(out: OutFile) {
    super();
    this.#out = out;
  }

  flush(): void {
    this.#out.write(this.getBytes());
    this.index = 0;
  }

  override finish(): void {
    this.flush();
  }
}

const stored: Readonly<Record<StoredType, Omit<SchemaElement, "name">>> = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  integer: { type: "INT64" },
  double: { type: "DOUBLE" },
  float: { type: "FLOAT" },
  boolean: { type: "BOOLEAN" },
};

function elementsOf({ name, type, isList = false }: StoredColumn): SchemaElement[] {
  const element = (name: string): SchemaElement => ({
    name,
    ...stored[type],
    repetition_type: "OPTIONAL",
  });
  if (!isList) return [element(name)];
  return [
    { name, repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST" },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    element("element"),
  ];
}
