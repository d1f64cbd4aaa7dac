import { clock, sha256 } from "../../../client/browser/platform.ts";
import { answerTo, type EventRecord, openDatabase, Store } from "../../../client/local/database.ts";
import { hashOf, IndexedDbLog } from "../../../client/local/indexedDbLog.ts";
import { LocalWork } from "../../../client/local/work.ts";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { worlds } from "../../../shared/worlds/index.ts";
import { contractOf, type Damage } from "../../server/storage/contract.ts";
import { scenarios } from "../../shared/lesson/service/scenarios.ts";
import {
  newKey,
  opened,
  platformOn,
  type Setting,
  until,
} from "../../shared/lesson/service/stage.ts";

/** What a page may have this worker do; it says one thing at a time, and waits for the answer. */
const calls: Readonly<Record<string, (...args: never[]) => Promise<unknown>>> = {
  /** Plays a scenario on a database of its own; resolves to what was seen. */
  play: (name: string) =>
    scenarios.find((scenario) => scenario.name === name)!.play(settingOn(`scenario: ${name}`)),

  /** Requires a clause of the contract of logs. */
  require: (name: string) => {
    const database = `clause: ${name}`;
    const store = { open: () => IndexedDbLog.open(database), damage: damageOf(database) };
    return contractOf(store)
      .find((clause) => clause.name === name)!
      .run(store);
  },

  /** Asks for a training that takes long, reads while it goes on, and stops it; then for a short one. */
  train: async (database: string) => {
    const setting = settingOn(database);
    const log = await setting.open();
    const { id } = await log.create({ world: "road" });
    const { ask, listeners } = await opened(id, platformOn(setting, log, { clock }));
    for (let i = 0; i < 12; i++)
      await ask("demonstrate", { key: newKey(), episode: demonstrate(worlds.road!, 5000 + i) });
    const plan = { policy: "mlp", query: "novel", budget: 4, drives: 1 };
    const key = newKey();
    const training = ask("train", { key, plan });
    await until(() => listeners.progress.some(({ share }) => share! > 0));
    await ask("events", { since: 0 });
    await ask("stop", { key });
    const shares = listeners.progress.map(({ share }) => share ?? 0);
    const short = { key: newKey(), plan: { ...plan, policy: "fourier" } };
    return {
      stopped: await training,
      isEarly: Math.max(...shares) < 0.9,
      trained: await ask("train", short),
      failures: listeners.failures,
    };
  },

  /** Begins a lesson and resolves to its address. */
  begin: async (database: string) =>
    (await (await IndexedDbLog.open(database)).create({ world: "garden" })).id,

  /**
   * Writes `n` events to a lesson, once `writers` have opened it, all at once; resolves to what was heard.
   */
  write: async (database: string, lesson: string, n: number, writers: number) => {
    const setting = settingOn(database);
    const log = await setting.open();
    const { ask, listeners } = await opened(lesson, platformOn(setting, log, { clock }));
    await present(database, writers);
    for (let i = 0; i < n; i++) await ask("deal", { key: crypto.randomUUID(), taste: null });
    await ask("forget", { key: newKey(), demonstration: 1 });
    return listeners.heard;
  },
};

/** Resolves once `n` workers have called it. */
async function present(name: string, n: number): Promise<void> {
  const channel = new BroadcastChannel(name);
  const me = crypto.randomUUID();
  const all = new Set([me]);
  await new Promise<void>((resolve) => {
    channel.onmessage = ({ data }) => {
      // Whoever comes late has not heard of those before.
      if (!all.has(data)) channel.postMessage(me);
      all.add(data);
      if (all.size === n) resolve();
    };
    channel.postMessage(me);
  });
}

function settingOn(database: string): Setting {
  return {
    digest: sha256,
    open: () => IndexedDbLog.open(database),
    work: (log) => new LocalWork(log),
    damage: damageOf(database).flip,
  };
}

function damageOf(database: string): Damage {
  /** Puts another record in the place of one; none where `change` gives none. */
  const change = async (
    place: readonly [string, number],
    to: (record: EventRecord) => Promise<EventRecord | null>,
  ) => {
    const opened = await openDatabase(database);
    const events = () => opened.transaction(Store.events, "readwrite").objectStore(Store.events);
    const record = await to(await answerTo<EventRecord>(events().get([...place])));
    if (record) await answerTo(events().put(record));
    else await answerTo(events().delete([...place]));
    opened.close();
  };
  return {
    flip: (...place) =>
      change(place, async (record) => {
        const at = record.body.length - 3;
        const flipped = String.fromCharCode(record.body.charCodeAt(at) ^ 1);
        return { ...record, body: record.body.slice(0, at) + flipped + record.body.slice(at + 1) };
      }),
    remove: (...place) => change(place, async () => null),
    replace: (...place) =>
      change(place, async (record) => {
        const other = { ...record, key: "another-key", at: record.at - 1 };
        return { ...other, hash: await hashOf(other) };
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
