import { expose } from "comlink";
import type { NewLesson } from "../../shared/lesson/events/created.ts";
import { BadFile, tooLong } from "../../shared/lesson/file.ts";
import { NotStored, Unreadable } from "../../shared/lesson/log.ts";
import { BadNetwork } from "../../shared/lesson/network.ts";
import { eventsOfFile } from "../../shared/lesson/networkFile.ts";
import type { Progress } from "../../shared/lesson/protocol.ts";
import { isRefusal, type Refusal, refusal } from "../../shared/lesson/refusal.ts";
import type { RequestName } from "../../shared/lesson/requests.ts";
import { LessonMemory } from "../../shared/lesson/service/lessonMemory.ts";
import type { Audience, Caller, Platform } from "../../shared/lesson/service/platform.ts";
import { LessonService } from "../../shared/lesson/service/service.ts";
import { longestFile } from "../../shared/lesson/sizes.ts";
import { clock, sha256 } from "../browser/platform.ts";
import { IndexedDbLog } from "./indexedDbLog.ts";
import { LocalWork } from "./work.ts";

/** A worker that has this browser's lessons, one of them open for the page that started it. */

/** What the page is told, in the order in which it happens, answers to its calls included. */
export type Told =
  | { readonly event: string }
  | { readonly progress: Progress }
  /** Another page, of a later version, has written what this one cannot read. */
  | { readonly isTooOld: true };

/** Largest lesson, bytes of its events. */
const lessonSize = 32e6;
/** Milliseconds that it stays in memory. */
const idle = 5 * 60_000;

/** Everyone here may teach. */
const me: Caller = { owner: true, address: "here", spend() {}, isReading: false };

/** The lesson that is open, if any. */
let open: { readonly service: LessonService; readonly others: BroadcastChannel } | null = null;

/** Number of the event that the page was told last. */
let lastTold = 0;

const calls = {
  /** Why this browser would keep no lesson; null where it would. */
  async whyNothingIsKept(): Promise<string | null> {
    return inWords(async () => {
      const log = await IndexedDbLog.open();
      await log.tryOut();
      await log.close();
      return null;
    });
  },

  /** Begins a lesson; resolves to its address, or to why there is none. */
  async begin(lesson: NewLesson): Promise<{ readonly id: string } | string> {
    return inWords(async () => {
      const { id } = await (await IndexedDbLog.open()).create(lesson);
      return { id };
    });
  },

  /** Makes a file a lesson of this browser, unless it is; resolves to its address, or to why there is none. */
  async takeIn(file: Blob): Promise<{ readonly id: string } | string> {
    return inWords(async () => {
      // Not even read: no character that a string counts once takes more than three bytes.
      if (file.size > 3 * longestFile) throw tooLong;
      const events = eventsOfFile(await file.text(), Date.now());
      return { id: await (await IndexedDbLog.open()).adopt(events) };
    });
  },

  /** Opens a lesson for {@link calls.ask}; resolves to why it cannot be, or null. */
  async open(id: string): Promise<string | null> {
    return inWords(async () => {
      const log = await IndexedDbLog.open();
      const others = new BroadcastChannel(`dagger-dojo.${id}`);
      const service = await LessonService.open(id, platformOn(log), audience(others), me.spend);
      if (!service)
        return "There is no such lesson in this browser. It was begun in another browser, or it was deleted.";
      open = { service, others };
      others.onmessage = ({ data: seq }: MessageEvent<number>) => {
        if (seq > lastTold) void catchUp(service);
      };
      return null;
    });
  },

  async ask(name: RequestName, body: object): Promise<object> {
    const { service } = open!;
    const asked = () => service.ask(name, body, me);
    const isWork = name === "train" || name === "infer";
    // Of all pages that have the lesson open, one works at a time. Web locks come with https only.
    const answer =
      isWork && !service.isWorking && navigator.locks
        ? await navigator.locks.request(`dagger-dojo.work.${service.id}`, asked)
        : await asked();
    return isRefusal(answer) ? ofBrowser(answer) : answer;
  },

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await open?.service.close();
  },
};

export type LessonCalls = typeof calls;

expose(calls);

function platformOn(log: IndexedDbLog): Platform {
  return {
    log,
    work: new LocalWork(log),
    clock,
    digest: sha256,
    memory: new LessonMemory(lessonSize),
    bounds: { lessonSize, idle },
  };
}

function audience(others: BroadcastChannel): Audience {
  return {
    isVacant: false,
    wrote({ seq }, event) {
      lastTold = seq;
      tell({ event });
      others.postMessage(seq);
    },
    progressed: (progress) => tell({ progress }),
    working() {},
    failed: (name, error) => console.error(name, error),
  };
}

/** Another page has written to the lesson. */
async function catchUp(service: LessonService): Promise<void> {
  try {
    await service.catchUp(me);
  } catch (error) {
    console.error(error);
    tell({ isTooOld: true });
  }
}

function tell(told: Told): void {
  // By the port of the calls' answers, so that all of it stays in order; a call's answer has an id.
  postMessage(told);
}

/** What a task comes to, or why it could not be done, where that can be said in words. */
async function inWords<T>(task: () => Promise<T>): Promise<T | string> {
  try {
    return await task();
  } catch (error) {
    const isSaid = [NotStored, Unreadable, BadFile, BadNetwork].some(
      (kind) => error instanceof kind,
    );
    if (isSaid) return (error as Error).message;
    throw error;
  }
}

/** A refusal of the service's in which there is no server. */
function ofBrowser(answer: Refusal): Refusal {
  return answer.code === "failed" ? refusal("failed", "This browser could not do this.") : answer;
}
