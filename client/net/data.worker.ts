import { expose, transfer } from "comlink";
import { Zip, ZipDeflate } from "fflate";
import { codebookFiles } from "../../shared/data/codebook.ts";
import type { OutFile, OutFolder } from "../../shared/data/formats/format.ts";
import { formats } from "../../shared/data/formats/index.ts";
import { learnersOf } from "../../shared/data/learners.ts";
import { recordOf } from "../../shared/data/lessonRecord.ts";
import { sha256 } from "../browser/platform.ts";

/** For how long a lesson's learners are trained again, ms; those that are left have no proposals in the tables. */
const longestTraining = 30_000;

function inTime(): () => Promise<boolean> {
  const until = performance.now() + longestTraining;
  return async () => performance.now() < until;
}

/** Characters that are gathered before they are compressed. */
const gathered = 1 << 16;

/** A zip that is made in memory. */
class Archive implements OutFolder {
  readonly #chunks: Uint8Array[] = [];
  readonly #zip = new Zip((error, chunk) => {
    if (error) throw error;
    this.#chunks.push(chunk);
  });

  file(name: string): OutFile {
    const entry = new ZipDeflate(name, { level: 6 });
    this.#zip.add(entry);
    return new ArchivedFile(entry);
  }

  close(): Uint8Array<ArrayBuffer> {
    this.#zip.end();
    const bytes = new Uint8Array(this.#chunks.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  }
}

class ArchivedFile implements OutFile {
  size = 0;
  readonly #entry: ZipDeflate;
  readonly #encoder = new TextEncoder();
  #text = "";

  constructor(entry: ZipDeflate) {
    this.#entry = entry;
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
    this.size += bytes.length;
    this.#entry.push(bytes);
  }
}

const tasks = {
  /**
   * A lesson in every format that is plain files, a folder for each, and the codebook.
   * @param log its events as they are stored
   */
  async archive(id: string, log: readonly object[]): Promise<Uint8Array<ArrayBuffer>> {
    const record = recordOf(id, log);
    const lesson = { ...record, learners: await learnersOf(record, sha256, inTime()) };
    const archive = new Archive();
    for (const [name, format] of Object.entries(formats)) {
      const inside = { file: (file: string) => archive.file(`${name}/${file}`) };
      const writing = format.begin(inside);
      await writing.add(lesson);
      await writing.finish();
    }
    for (const [name, text] of Object.entries(codebookFiles)) {
      const file = archive.file(name);
      file.write(text);
      file.close();
    }
    const bytes = archive.close();
    return transfer(bytes, [bytes.buffer]);
  },
};

export type DataTasks = typeof tasks;

expose(tasks);
