import { signal } from "@preact/signals";
import type { ParticipantRequest, StudyView } from "../../shared/study/requests.ts";
import { NoAnswer, post } from "../net/post.ts";
import { keepSecret } from "../net/secrets.ts";
import { recordAway, recordDevice } from "./recordings.ts";

/** Who comes to which study, as the address says it. */
export interface Entry {
  readonly study: string;
  readonly participant: string;
  readonly panelStudy: string | null;
  readonly panelSession: string | null;
}

/** Milliseconds to wait for an answer, and between attempts. */
const patience = 15_000;
const firstPause = 500;
const longestPause = 8000;

/** Statuses by which the server says that there is no use in asking again. */
const isFinal = (status: number | null) =>
  status !== null && status >= 400 && status < 500 && status !== 429;

/**
 * A participant's way, as the server has it. What is asked for is asked again until there is an answer: each
 * request says where the participant was, so that it is done once.
 */
export class StudySession {
  readonly entry: Entry;
  /** Where the participant is; null before the first answer. */
  readonly view = signal<StudyView | null>(null);
  /** Whether something is under way. */
  readonly busy = signal(false);
  /** Why nothing goes on, where nothing more is tried; null otherwise. */
  readonly failure = signal<string | null>(null);
  /** Why the last thing was not taken, in the server's words. */
  readonly refusal = signal<string | null>(null);
  /** Why the server wants one to wait, in its words. */
  readonly waiting = signal<string | null>(null);
  /** Whether the server has not answered for a while. */
  readonly isOffline = signal(false);
  #closed = false;
  #records = false;
  readonly #stop: (() => void)[] = [];

  constructor(entry: Entry) {
    this.entry = entry;
    void this.#enter();
  }

  /** Asks for something, and shows where the participant is then. Returns whether it was taken. */
  async ask(request: ParticipantRequest): Promise<boolean> {
    if (this.busy.peek()) return false;
    this.busy.value = true;
    this.refusal.value = null;
    try {
      this.#show(await this.#insist(request));
      return true;
    } catch (error) {
      this.refusal.value = (error as Error).message;
      return false;
    } finally {
      this.busy.value = false;
    }
  }

  close(): void {
    this.#closed = true;
    for (const stop of this.#stop) stop();
  }

  async #enter(): Promise<void> {
    const { panelStudy: study, panelSession: session } = this.entry;
    try {
      this.#show(await this.#insist({ type: "enter", study, session }));
    } catch (error) {
      this.failure.value = (error as Error).message;
    }
  }

  /** Records of this visit what people have agreed to. */
  async #record(): Promise<void> {
    this.#records = true;
    this.#stop.push(recordAway((recording) => this.#tell({ type: "away", recording })));
    this.#tell({ type: "device", recording: await recordDevice() });
  }

  /** Tells what nobody waits for. */
  #tell(request: ParticipantRequest): void {
    if (!this.#closed) this.#insist(request).catch(() => {});
  }

  #show(view: StudyView): void {
    const { lesson } = view.task ?? {};
    if (lesson) keepSecret(lesson.id, lesson.secret);
    document.documentElement.lang = view.language;
    document.documentElement.dir = view.direction;
    document.title = view.title;
    this.view.value = view;
    // Nothing is recorded of who has not agreed, or is not let in.
    if (!this.#records && view.step !== "consent" && !view.ending) void this.#record();
  }

  /** @throws NoAnswer where the server says no for good */
  async #insist(request: ParticipantRequest): Promise<StudyView> {
    const { study, participant } = this.entry;
    for (let pause = firstPause; ; pause = Math.min(longestPause, 2 * pause)) {
      try {
        const path = `/api/studies/${encodeURIComponent(study)}`;
        const view = await post<StudyView>(path, { participant, request }, patience);
        this.isOffline.value = false;
        this.waiting.value = null;
        return view;
      } catch (error) {
        const { status } = error as NoAnswer;
        if (!(error instanceof NoAnswer) || isFinal(status) || this.#closed) throw error;
        // What the server itself says passes, and is waited for as long as it takes.
        this.isOffline.value = status === null;
        this.waiting.value = status === null ? null : error.message;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
