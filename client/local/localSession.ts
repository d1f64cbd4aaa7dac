import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type Remote, wrap } from "comlink";
import type { Lesson } from "../../shared/lesson/lesson.ts";
import type { Done, LearnedPolicy, Page, Progress, Race } from "../../shared/lesson/protocol.ts";
import { isRefusal } from "../../shared/lesson/refusal.ts";
import type { ChangeName, Request, RequestName } from "../../shared/lesson/requests.ts";
import { eventsOf, LessonCopy } from "../net/copy.ts";
import { Sending } from "../net/sending.ts";
import { type Failure, type LessonSession, Refused } from "../net/session.ts";
import { missing, newKeeper } from "./keeper.ts";
import type { LessonCalls, Told } from "./lesson.worker.ts";

/** A lesson that this browser keeps: the same service that a server runs, in a worker of the page. */
export class LocalSession implements LessonSession {
  readonly keptIn = "browser";
  readonly status = signal<"connecting" | "open" | "lost">("connecting");
  readonly owner = signal(true);
  readonly failure = signal<Failure | null>(null);
  readonly obstacle = signal<string | null>(null);
  readonly work = signal<Progress | null>(null);
  readonly #worker: Worker;
  readonly #calls: Remote<LessonCalls>;
  readonly #copy = new LessonCopy();
  readonly #sending: Sending;
  readonly #opened: Promise<void>;
  #closed = false;

  constructor(id: string) {
    this.#worker = newKeeper();
    this.#worker.addEventListener("error", () => this.#fail({ ...partMissing, reason: missing }));
    this.#worker.addEventListener("message", ({ data }: MessageEvent<Told>) => this.#hear(data));
    this.#calls = wrap<LessonCalls>(this.#worker);
    this.#sending = new Sending(id, {
      send: (name, body) => this.#send(name, body),
      isGone: () => this.#closed || this.failure.peek() !== null,
    });
    this.#opened = this.#open(id);
    // Whoever asks for something sees it.
    this.#opened.catch(() => {});
    this.#sending.sendLeftovers();
  }

  get lesson(): Signal<Lesson> {
    return this.#copy.lesson;
  }

  get trouble(): ReadonlySignal<string | null> {
    return this.#sending.trouble;
  }

  get mishap(): ReadonlySignal<string | null> {
    return this.#sending.mishap;
  }

  get unsent(): ReadonlySignal<number> {
    return this.#sending.unsent;
  }

  get unkept(): ReadonlySignal<number> {
    return this.#sending.unkept;
  }

  request<K extends ChangeName>(name: K, body: Omit<Request<K>, "key">): Promise<Done> {
    return this.#sending.request(name, body);
  }

  events(since: number): Promise<Page> {
    return this.#sending.insist<Page>("events", { since });
  }

  policy(): Promise<LearnedPolicy> {
    return this.#sending.insist<LearnedPolicy>("policy", {});
  }

  race(seed: number): Promise<Race> {
    return this.#sending.insist<Race>("race", { seed });
  }

  async stop(): Promise<void> {
    const { key } = this.work.peek() ?? {};
    if (key) await this.#sending.insist<object>("stop", { key });
  }

  /** What it computes ends here, and is begun again by the next page that has the lesson. */
  close(): void {
    this.#closed = true;
    void this.#calls.close().finally(() => this.#worker.terminate());
  }

  async #open(id: string): Promise<void> {
    try {
      const reason = await this.#calls.open(id);
      if (reason !== null) this.#fail({ reason });
      else {
        await this.#catchUp();
        this.status.value = "open";
      }
    } catch (error) {
      this.#fail({ ...notOpened, reason: (error as Error).message });
    }
    if (this.failure.peek()) throw new Error("the lesson is not open");
  }

  /** Reads what is not known here, all at once: a lesson that is half read is not one that ever was. */
  async #catchUp(): Promise<void> {
    const events = [];
    for (let more = true; more; ) {
      const since = events.at(-1)?.seq ?? this.#copy.seq;
      const page = (await this.#calls.ask("events", { since })) as Page;
      if (isRefusal(page)) throw new Refused(page);
      events.push(...eventsOf(page.events));
      ({ more } = page);
    }
    this.#copy.take(events);
  }

  async #send<Answer>(name: RequestName, body: object): Promise<Answer> {
    await this.#opened;
    const answer = await this.#calls.ask(name, body);
    if (isRefusal(answer)) throw new Refused(answer);
    return answer as Answer;
  }

  #hear(told: Told): void {
    if ("event" in told) {
      try {
        this.#copy.take(eventsOf(`[${told.event}]`));
      } catch {
        this.#fail(tooOld);
      }
    } else if ("progress" in told) {
      this.work.value = told.progress.share === null ? null : told.progress;
    } else if ("isTooOld" in told) this.#fail(tooOld);
  }

  #fail(failure: Failure): void {
    this.failure.value ??= failure;
  }
}

const partMissing = { title: "Part of this page is missing" };
const notOpened = { title: "The lesson is not open" };
const tooOld: Failure = {
  title: "Load the page again",
  reason:
    "This lesson goes on in another tab, with a later version of this page. It is safe; this tab cannot read it.",
};
