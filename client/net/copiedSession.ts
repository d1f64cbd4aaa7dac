import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Lesson } from "../../shared/lesson/lesson.ts";
import type {
  Done,
  LearnedPolicy,
  Outside,
  Page,
  Progress,
  Race,
} from "../../shared/lesson/protocol.ts";
import type { ChangeName, Request, RequestName } from "../../shared/lesson/requests.ts";
import { LessonCopy } from "./copy.ts";
import { Sending } from "./sending.ts";
import type { Failure, Keeper, LessonSession } from "./session.ts";

/** What is the same of a session whoever keeps the lesson: the page's copy, and what waits to be answered. */
export abstract class CopiedSession implements LessonSession {
  abstract readonly keptIn: Keeper;
  readonly status = signal<"connecting" | "open" | "lost">("connecting");
  readonly owner = signal(true);
  readonly failure = signal<Failure | null>(null);
  readonly obstacle = signal<string | null>(null);
  readonly work = signal<Progress | null>(null);
  readonly outside = signal<Outside | null>(null);
  protected readonly copy = new LessonCopy();
  /** To be told to send what an earlier page left, once there is a way to send it. */
  protected readonly sending: Sending;
  /** Whether the page has left. */
  protected closed = false;

  constructor(id: string) {
    this.sending = new Sending(id, {
      send: (name, body) => this.send(name, body),
      isGone: () => this.closed || this.failure.peek() !== null,
    });
  }

  get lesson(): Signal<Lesson> {
    return this.copy.lesson;
  }

  get trouble(): ReadonlySignal<string | null> {
    return this.sending.trouble;
  }

  get mishap(): ReadonlySignal<string | null> {
    return this.sending.mishap;
  }

  get unsent(): ReadonlySignal<number> {
    return this.sending.unsent;
  }

  get unkept(): ReadonlySignal<number> {
    return this.sending.unkept;
  }

  request<K extends ChangeName>(name: K, body: Omit<Request<K>, "key">): Promise<Done> {
    return this.sending.request(name, body);
  }

  events(since: number): Promise<Page> {
    return this.sending.insist<Page>("events", { since });
  }

  policy(): Promise<LearnedPolicy> {
    return this.sending.insist<LearnedPolicy>("policy", {});
  }

  race(seed: number): Promise<Race> {
    return this.sending.insist<Race>("race", { seed });
  }

  async stop(): Promise<void> {
    const { key } = this.work.peek() ?? {};
    if (key) await this.sending.insist<object>("stop", { key });
  }

  abstract close(): void;

  /** Sends a request once. @throws Refused where the answer is no, anything else where there is none */
  protected abstract send<Answer>(name: RequestName, body: object): Promise<Answer>;

  /** Takes what is told of a work that goes on. */
  protected tellWork(progress: Progress): void {
    this.work.value = progress.share === null ? null : progress;
  }
}
