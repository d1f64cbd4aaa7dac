import { type EventRecord, Store } from "../../../client/local/database.ts";
import { IndexedDbLog } from "../../../client/local/indexedDbLog.ts";
import { clock, sha256 } from "../../../client/local/platform.ts";
import { LocalWork } from "../../../client/local/work.ts";
import { scenarios } from "../../shared/lesson/service/scenarios.ts";
import { newKey, opened, platformOn, type Setting } from "../../shared/lesson/service/stage.ts";

/** What a page may have this worker do; it says one thing at a time, and waits for the answer. */
const calls: Readonly<Record<string, (...args: never[]) => Promise<unknown>>> = {
  /** Plays a scenario on a database of its own; resolves to what was seen. */
  play: (name: string) =>
    scenarios.find((scenario) => scenario.name === name)!.play(settingOn(`scenario: ${name}`)),

  /** Begins a lesson and resolves to its address. */
  begin: async (database: string) =>
    (await (await IndexedDbLog.open(database)).create({ world: "garden" })).id,

  /** Writes `n` events to a lesson that others write to as well; resolves to what each heard. */
  write: async (database: string, lesson: string, n: number) => {
    const setting = settingOn(database);
    const log = await setting.open();
    const { ask, listeners } = await opened(lesson, platformOn(setting, log, { clock }));
    for (let i = 0; i < n; i++) await ask("deal", { key: crypto.randomUUID(), taste: null });
    await ask("forget", { key: newKey(), demonstration: 1 });
    return listeners.heard;
  },
};

function settingOn(database: string): Setting {
  return {
    digest: sha256,
    open: () => IndexedDbLog.open(database),
    work: (log) => new LocalWork(log),
    damage: (lesson, seq) =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open(database);
        opening.onsuccess = () => {
          const transaction = opening.result.transaction(Store.events, "readwrite");
          const events = transaction.objectStore(Store.events);
          const asking = events.get([lesson, seq]);
          asking.onsuccess = () => {
            const record: EventRecord = asking.result;
            events.put({ ...record, body: record.body.replace("{", "{ ") });
          };
          transaction.oncomplete = () => resolve();
          transaction.onabort = () => reject(transaction.error);
        };
      }),
  };
}

addEventListener("message", async ({ data }: MessageEvent<[string, ...never[]]>) => {
  const [name, ...args] = data;
  try {
    postMessage({ answer: await calls[name]!(...args) });
  } catch (error) {
    postMessage({ error: (error as Error).stack });
  }
});
