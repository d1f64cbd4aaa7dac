import { lessonFile } from "../../lesson/file.ts";
import type { Format } from "./format.ts";

/** Each lesson's log, as the page takes it out and in: nothing is computed, and nothing is left out. */
export const jsonl: Format = {
  words: "each lesson's log as JSON Lines, which the page opens again",
  withoutLearners: true,
  begin: (folder) => ({
    add({ id, log }) {
      const file = folder.file(`lessons/${id}.jsonl`);
      file.write(lessonFile(log));
      file.close();
    },
    finish() {},
  }),
};
