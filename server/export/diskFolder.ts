import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import type { OutFile, OutFolder } from "../../shared/data/formats/format.ts";

/** Bytes that are gathered before they are written. */
const bufferSize = 1 << 16;

/** A folder on a disk, in which every file is new. */
export class DiskFolder implements OutFolder {
  readonly #root: string;
  readonly #open = new Set<DiskFile>();

  constructor(root: string) {
    this.#root = root;
  }

  file(name: string): OutFile {
    const file = new DiskFile(this.pathOf(name), () => this.#open.delete(file));
    this.#open.add(file);
    return file;
  }

  /** Where a file of this name is to be, for programs that write it themselves; its folder is made. */
  pathOf(name: string): string {
    const path = join(this.#root, name);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  }

  /** Gives up what is still open: it is not to be kept. */
  abandon(): void {
    for (const file of this.#open) file.abandon();
  }
}

class DiskFile implements OutFile {
  size = 0;
  readonly #descriptor: number;
  readonly #buffer = Buffer.allocUnsafe(bufferSize);
  readonly #closed: () => void;
  #filled = 0;

  constructor(path: string, closed: () => void) {
    this.#descriptor = openSync(path, "wx");
    this.#closed = closed;
  }

  write(data: string | Uint8Array): void {
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    this.size += bytes.length;
    if (this.#filled + bytes.length > bufferSize) this.#flush();
    if (bytes.length > bufferSize) this.#put(bytes);
    else {
      this.#buffer.set(bytes, this.#filled);
      this.#filled += bytes.length;
    }
  }

  close(): void {
    this.#flush();
    this.abandon();
  }

  abandon(): void {
    closeSync(this.#descriptor);
    this.#closed();
  }

  #flush(): void {
    this.#put(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }

  #put(bytes: Uint8Array): void {
    // A disk that is nearly full takes a part, and then says so.
    for (let done = 0; done < bytes.length; )
      done += writeSync(this.#descriptor, bytes, done, bytes.length - done);
  }
}
