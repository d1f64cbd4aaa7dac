import { type Remote, wrap } from "comlink";
import type { Page } from "../../shared/lesson/protocol.ts";
import { isRefusal } from "../../shared/lesson/refusal.ts";
import type { RequestName } from "../../shared/lesson/requests.ts";
import { CopiedSession } from "../net/copiedSession.ts";
import { eventsOf } from "../net/copy.ts";
import { type Failure, Refused } from "../net/session.ts";
import { missing, newKeeper } from "./keeper.ts";
import type { LessonCalls, Told } from "./lesson.worker.ts";

/** A lesson that this browser keeps: the same service that a server runs, in a worker of the page. */
export class LocalSession extends CopiedSession {
  override readonly keptIn = "browser";
  readonly #worker: Worker;
  readonly #calls: Remote<LessonCalls>;
  readonly #opened: Promise<void>;

  constructor(id: string) {
    super(id);
    this.#worker = newKeeper();
    this.#worker.addEventListener("error", () => this.#fail({ ...partMissing, reason: missing }));
    this.#worker.addEventListener("message", ({ data }: MessageEvent<Told>) => this.#hear(data));
    this.#calls = wrap<LessonCalls>(this.#worker);
    this.#opened = this.#open(id);
    // Whoever asks for something sees it.
    this.#opened.catch(() => {});
    this.sending.sendLeftovers();
  }

  /** What it computes ends here, and is begun again by the next page that has the lesson. */
  override close(): void {
    this.closed = true;
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
      const since = events.at(-1)?.seq ?? this.copy.seq;
      const page = (await this.#calls.ask("events", { since })) as Page;
      if (isRefusal(page)) throw new Refused(page);
      events.push(...eventsOf(page.events));
      ({ more } = page);
    }
    this.copy.take(events);
  }

  protected override async send<Answer>(name: RequestName, body: object): Promise<Answer> {
    await this.#opened;
    const answer = await this.#calls.ask(name, body);
    if (isRefusal(answer)) throw new Refused(answer);
    return answer as Answer;
  }

  #hear(told: Told): void {
    if ("event" in told) {
      try {
        this.copy.take(eventsOf(`[${told.event}]`));
      } catch {
        this.#fail(tooOld);
      }
    } else if ("progress" in told) {
      this.tellWork(told.progress);
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
    "Another tab has this lesson open in a newer version of this page. The lesson is safe, but this tab cannot read it.",
};
