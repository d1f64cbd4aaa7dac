import { expose } from "comlink";
import { codebookFiles } from "../../shared/data/codebook.ts";
import { formats } from "../../shared/data/formats/index.ts";
import { learnersOf } from "../../shared/data/learners.ts";
import { recordOf } from "../../shared/data/lessonRecord.ts";
import { sha256 } from "../browser/platform.ts";
import { Archive } from "./archive.ts";

/** For how long a lesson's learners are trained again, ms; those that are left have no proposals in the tables. */
const longestTraining = 30_000;

function inTime(): () => Promise<boolean> {
  const until = performance.now() + longestTraining;
  return async () => performance.now() < until;
}

const tasks = {
  /**
   * A lesson in every format that is plain files, a folder for each, and the codebook.
   * @param log its events as they are stored
   * @throws RangeError in words for whoever asked, where it is too large
   */
  async archive(id: string, log: readonly object[]): Promise<Blob> {
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
    return archive.close();
  },
};

export type DataTasks = typeof tasks;

expose(tasks);
