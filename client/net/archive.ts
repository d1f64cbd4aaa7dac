import { Zip, ZipDeflate } from "fflate";
import type { OutFile, OutFolder } from "../../shared/data/formats/format.ts";

/** Characters that are gathered before they are compressed. */
const gathered = 1 << 16;

/** Most bytes of all files before they are compressed: a page has them all in memory, and a zip has 32 bits for each. */
const largest = 2e9;

/** A zip that is made in memory, part by part, as a browser keeps it. */
export class Archive implements OutFolder {
  readonly #most: number;
  #size = 0;
  readonly #chunks: Uint8Array<ArrayBuffer>[] = [];
  readonly #zip = new Zip((error, chunk) => {
    if (error) throw error;
    this.#chunks.push(chunk as Uint8Array<ArrayBuffer>);
  });

  /** @param most bytes of all files before they are compressed */
  constructor(most = largest) {
    this.#most = most;
  }

  file(name: string): OutFile {
    const entry = new ZipDeflate(name, { level: 6 });
    this.#zip.add(entry);
    return new ArchivedFile(entry, (bytes) => this.#grow(bytes));
  }

  close(): Blob {
    this.#zip.end();
    return new Blob(this.#chunks, { type: "application/zip" });
  }

  /** @throws RangeError where it is more than there may be */
  #grow(bytes: number): void {
    this.#size += bytes;
    if (this.#size > this.#most)
      throw new RangeError(
        "These tables are too large for a page; save the lesson as a file, and make the tables with `npm run export`.",
      );
  }
}

class ArchivedFile implements OutFile {
  size = 0;
  readonly #entry: ZipDeflate;
  readonly #grow: (bytes: number) => void;
  readonly #encoder = new TextEncoder();
  #text = "";

  constructor(entry: ZipDeflate, grow: (bytes: number) => void) {
    this.#entry = entry;
    this.#grow = grow;
  }

  write(data: string | Uint8Array): void {
    if (typeof data === "string") {
      this.#text += data;
      if (this.#text.length > gathered) this.#flush();
    } else {
      this.#flush();
      // The archive keeps what it is given.
      this.#push(data.slice());
    }
  }

  close(): void {
    this.#flush();
    this.#entry.push(new Uint8Array(0), true);
  }

  #flush(): void {
    this.#push(this.#encoder.encode(this.#text));
    this.#text = "";
  }

  #push(bytes: Uint8Array): void {
    this.#grow(bytes.length);
    this.size += bytes.length;
    this.#entry.push(bytes);
  }
}
