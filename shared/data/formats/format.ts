import type { LessonRecord } from "../lessonRecord.ts";

/** A new file, written from its beginning to its end. */
export interface OutFile {
  /** Bytes written so far. */
  readonly size: number;
  /** Takes what it is given at once: the caller may change the bytes afterwards. A text is written in UTF-8. */
  write(data: string | Uint8Array): void;
  close(): void;
}

/** Where the files of an export go: a folder on a disk, or an archive. */
export interface OutFolder {
  /** @param name with `/` between folders */
  file(name: string): OutFile;
}

/** An export under way. */
export interface Export {
  add(lesson: LessonRecord): void | Promise<void>;
  /** Writes what is left, and closes all files. */
  finish(): void | Promise<void>;
}

/** A way to write lessons down for other programs: an entry of a registry of formats. */
export interface Format<Folder extends OutFolder = OutFolder> {
  /** What is written, and what opens it, in a line. */
  readonly words: string;
  /** That it has nothing of what learners would have done, so that none is trained again for it. */
  readonly withoutLearners?: true;
  begin(folder: Folder): Export;
}
