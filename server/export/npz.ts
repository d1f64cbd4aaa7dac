import { closeSync, openSync, readSync, rmSync } from "node:fs";
import { Zip, ZipPassThrough } from "fflate";
import type { OutFile } from "../../shared/data/formats/format.ts";
import type { DiskFolder } from "./diskFolder.ts";

/** How an array's elements are stored: a NumPy type, or the fields of a record as Python writes them. */
export type Descr = string;

/** An array that is written row by row, and whose length is known at its end. */
interface Member {
  readonly descr: Descr;
  /** Of a row. */
  readonly shape: readonly number[];
  readonly path: string;
  readonly body: OutFile;
  rows: number;
}

/** Largest archive that readers without ZIP64 open, bytes. */
const largest = 2 ** 32 - 2 ** 20;

/** A NumPy archive whose arrays grow side by side. They are gathered in files of their own until the end. */
export class Npz {
  readonly #folder: DiskFolder;
  readonly #name: string;
  readonly #members = new Map<string, Member>();

  constructor(folder: DiskFolder, name: string) {
    this.#folder = folder;
    this.#name = name;
  }

  /** An array of rows of this shape, where there is none of this name yet. */
  array(name: string, descr: Descr, shape: readonly number[]): void {
    const file = `${this.#name}.${name}.part`;
    const member = { descr, shape, path: this.#folder.pathOf(file), rows: 0 };
    this.#members.set(name, { ...member, body: this.#folder.file(file) });
  }

  /** @param bytes of whole rows, little-endian */
  add(name: string, bytes: Uint8Array, rows: number): void {
    const member = this.#members.get(name)!;
    member.body.write(bytes);
    member.rows += rows;
  }

  /** @throws RangeError where it is larger than NumPy's readers of plain ZIP files take */
  close(): void {
    const size = [...this.#members.values()].reduce((sum, { body }) => sum + body.size, 0);
    if (size > largest)
      throw new RangeError(
        `${this.#name} would be larger than 4 GB; export fewer lessons at a time`,
      );
    const out = this.#folder.file(this.#name);
    const zip = new Zip((error, data) => {
      if (error) throw error;
      out.write(data);
    });
    for (const [name, member] of this.#members) {
      member.body.close();
      const entry = new ZipPassThrough(`${name}.npy`);
      zip.add(entry);
      entry.push(headerOf(member));
      for (const chunk of chunksOf(member.path)) entry.push(chunk);
      entry.push(new Uint8Array(0), true);
      rmSync(member.path);
    }
    zip.end();
    out.close();
  }
}

/** NumPy's format 1.0: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
function headerOf({ descr, rows, shape }: Member): Uint8Array {
  const sizes = [rows, ...shape].map((n) => `${n},`).join(" ");
  const words = `{'descr': ${descr}, 'fortran_order': False, 'shape': (${sizes}), }`;
  const length = 64 * Math.ceil((10 + words.length + 1) / 64);
  const header = Buffer.alloc(length, " ");
  header.write("\x93NUMPY\x01\x00", "latin1");
  header.writeUInt16LE(length - 10, 8);
  header.write(words, 10, "latin1");
  header[length - 1] = 10;
  return header;
}

function* chunksOf(path: string): Generator<Uint8Array> {
  const descriptor = openSync(path, "r");
  try {
    for (;;) {
      const chunk = new Uint8Array(1 << 16);
      const n = readSync(descriptor, chunk);
      if (n === 0) return;
      yield chunk.subarray(0, n);
    }
  } finally {
    closeSync(descriptor);
  }
}
