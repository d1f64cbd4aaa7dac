import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  BadProtocol,
  longestProtocol,
  type Protocol,
  readProtocol,
  studyName,
} from "../../shared/study/protocol.ts";
import { digest } from "../sha256.ts";

/** The text of a study's file, and its SHA-256. */
export interface ProtocolFile {
  readonly text: string;
  readonly digest: string;
  /** What the panel calls its parameters in the address. */
  readonly names: Protocol["names"];
}

/** A file as it was at a time. */
interface Version {
  readonly mtimeMs: number;
  readonly size: number;
  readonly file: Promise<ProtocolFile>;
}

/** The protocols in a folder, each in a file of its study's name. */
export class Protocols {
  readonly #folder: string;
  /** By name; what is wrong with a file is found once, too, however many come to it. */
  readonly #known = new Map<string, Version>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The file of a study as it is now; null where there is none.
   * @throws BadProtocol where it is none of a study's, the same each time
   */
  async read(name: string): Promise<ProtocolFile | null> {
    if (!studyName.safeParse(name).success) return null;
    const path = join(this.#folder, `${name}.json`);
    const about = await stat(path).catch(() => null);
    if (!about?.isFile()) return null;
    const known = this.#known.get(name);
    if (known?.mtimeMs === about.mtimeMs && known.size === about.size) return known.file;
    const file = load(path);
    this.#known.set(name, { mtimeMs: about.mtimeMs, size: about.size, file });
    try {
      return await file;
    } catch (error) {
      // What the disk could not give now it may give later.
      if (!(error instanceof BadProtocol)) this.#known.delete(name);
      throw error;
    }
  }
}

/** @throws BadProtocol */
async function load(path: string): Promise<ProtocolFile> {
  // UTF-8 has up to four bytes for a character; one that is longer is told to be so.
  const bytes = await readFile(path);
  const text = bytes.subarray(0, 4 * longestProtocol + 1).toString("utf8");
  const { names } = readProtocol(text);
  return { text, digest: digest(text), names };
}
