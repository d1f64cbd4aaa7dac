import { wrap } from "comlink";
import type { DataTasks } from "./data.worker.ts";

/**
 * A zip of a lesson's tables, its log and the codebook.
 * @param id what the lesson is called in them
 * @param log its events as they are stored
 * @throws Error with why it cannot be made
 */
export async function dataArchive(id: string, log: readonly object[]): Promise<Blob> {
  const worker = new Worker(new URL("./data.worker.ts", import.meta.url), { type: "module" });
  const failed = new Promise<never>((_, fail) => {
    worker.addEventListener("error", () => fail(new Error("The data could not be made.")));
  });
  try {
    return await Promise.race([wrap<DataTasks>(worker).archive(id, log), failed]);
  } finally {
    worker.terminate();
  }
}
