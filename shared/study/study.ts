import { type Cell, cellsOf } from "./assignment.ts";
import type { Answer, AwayRecording, DeviceRecording, StudyEvent } from "./events.ts";
import { type Protocol, readStoredProtocol } from "./protocol.ts";
import type { TaskSummary } from "./summary.ts";

/** Where a participant is. */
export type Step =
  | "consent"
  | "instructions"
  | "check"
  | "task"
  | "questions"
  | "completed"
  | "declined"
  | "screened"
  | "timed-out";

/** Steps after which nothing comes. */
const over: readonly Step[] = ["completed", "declined", "screened", "timed-out"];

/** One of a participant's tasks. */
export interface Task {
  readonly lesson: string;
  readonly began: number;
  finished: number | null;
  skipped: boolean;
  summary: TaskSummary | null;
  /** Number of the last event of the lesson that is of the task; null while it is open, and where it was not kept. */
  last: number | null;
}

export interface Participant {
  /** The number of the event by which they arrived. */
  readonly number: number;
  readonly id: string;
  readonly panelStudy: string | null;
  readonly panelSession: string | null;
  readonly protocol: number;
  step: Step;
  /** Where each thing was done, milliseconds since 1970. */
  readonly arrived: number;
  last: number;
  consented: number | null;
  consentVersion: string | null;
  cell: Cell | null;
  instructed: number | null;
  /** Answers to the check, try by try. */
  readonly tries: { readonly answers: readonly number[]; readonly passed: boolean }[];
  /** In the order in which they do them. */
  readonly tasks: Task[];
  answered: number | null;
  answers: Readonly<Record<string, Answer>> | null;
  /** When their way ended, whichever way. */
  ended: number | null;
  readonly devices: DeviceRecording[];
  readonly away: AwayRecording[];
}

/** Whether a participant has agreed to take part, and is not done yet. */
export function takesPart({ consented, step }: Participant): boolean {
  return consented !== null && !over.includes(step);
}

/** What a study's events come to. It is changed in place: a copy for each event would cost as much as the study. */
export class Study {
  /** Of the last event; 0 before the first. */
  seq = 0;
  isClosed = false;
  readonly protocols: { readonly digest: string; readonly protocol: Protocol }[] = [];
  /** By number, in the order of arrival. */
  readonly participants = new Map<number, Participant>();
  readonly #byId = new Map<string, Participant>();

  /** The participant whom the panel calls so. */
  find(id: string): Participant | undefined {
    return this.#byId.get(id);
  }

  protocolOf({ protocol }: Participant): Protocol {
    return this.protocols[protocol]!.protocol;
  }

  /** Takes in the next event. @throws RangeError where it does not follow the last */
  take(event: StudyEvent): void {
    if (event.seq !== this.seq + 1)
      throw new RangeError(`event ${event.seq} cannot follow event ${this.seq}`);
    this.seq = event.seq;
    if (event.type === "protocol")
      this.protocols.push({ digest: event.digest, protocol: readStoredProtocol(event.text) });
    else if (event.type === "closed" || event.type === "reopened")
      this.isClosed = event.type === "closed";
    else if (event.type === "arrived") this.#arrive(event);
    else if (event.type === "erased") this.#forget(event.participant);
    else if (event.type !== "deleted") {
      const one = this.participants.get(event.participant);
      // Nothing is followed of who has been deleted, even if a process that did not know it yet wrote it down.
      if (one) this.#follow(one, event);
    }
  }

  /**
   * How many have each cell of a protocol: those who are done and those who are at it.
   * @param now milliseconds since 1970: whose time is over has left
   */
  taken(protocol: number, now: number): number[] {
    const { conditions, orders } = this.protocols[protocol]!.protocol;
    const counts = cellsOf({ conditions, orders }).map(() => 0);
    for (const participant of this.participants.values()) {
      const { cell } = participant;
      if (participant.protocol !== protocol || !cell || !this.counts(participant, now)) continue;
      counts[cell.condition * orders.length + cell.order]!++;
    }
    return counts;
  }

  /** Whether a participant takes one of the study's places. */
  counts(participant: Participant, now: number): boolean {
    const { step, cell } = participant;
    if (cell === null) return false;
    return step === "completed" || (!over.includes(step) && !this.isLate(participant, now));
  }

  /** Whether a participant's time has passed before they were done. */
  isLate(participant: Participant, now: number): boolean {
    if (!takesPart(participant)) return false;
    return now - participant.consented! > 60_000 * this.protocolOf(participant).minutes;
  }

  /** As if they had never come; read from its beginning, the log has nothing else of them. */
  #forget(number: number): void {
    const one = this.participants.get(number);
    this.participants.delete(number);
    // Who was deleted may have come again.
    if (one && this.#byId.get(one.id) === one) this.#byId.delete(one.id);
  }

  #arrive(event: Extract<StudyEvent, { type: "arrived" }>): void {
    const { seq: number, at, id, study, session, protocol } = event;
    const participant: Participant = {
      number,
      id,
      panelStudy: study,
      panelSession: session,
      protocol,
      step: "consent",
      arrived: at,
      last: at,
      consented: null,
      consentVersion: null,
      cell: null,
      instructed: null,
      tries: [],
      tasks: [],
      answered: null,
      answers: null,
      ended: null,
      devices: [],
      away: [],
    };
    this.participants.set(number, participant);
    this.#byId.set(id, participant);
  }

  #follow(
    one: Participant,
    event: Exclude<
      StudyEvent,
      { type: "protocol" | "closed" | "reopened" | "arrived" | "erased" | "deleted" }
    >,
  ): void {
    const { at } = event;
    const protocol = this.protocolOf(one);
    one.last = at;
    switch (event.type) {
      case "consented":
        one.consented = at;
        one.consentVersion = event.version;
        one.cell = { condition: event.condition, order: event.order };
        one.step = protocol.instructions.length > 0 ? "instructions" : afterInstructions(protocol);
        break;
      case "instructed":
        one.instructed = at;
        one.step = afterInstructions(protocol);
        break;
      case "checked": {
        one.tries.push({ answers: event.answers, passed: event.passed });
        const isLast = one.tries.length >= protocol.check!.tries;
        one.step = event.passed ? "task" : isLast ? "screened" : "check";
        break;
      }
      case "began":
        one.tasks[event.task] = {
          lesson: event.lesson,
          began: at,
          finished: null,
          skipped: false,
          summary: null,
          last: null,
        };
        break;
      case "finished": {
        const task = one.tasks[event.task]!;
        task.finished = at;
        task.skipped = event.skipped;
        task.summary = event.summary;
        task.last = event.last ?? null;
        const isLast = event.task + 1 >= protocol.orders[0]!.length;
        if (isLast) one.step = protocol.questions.length > 0 ? "questions" : "completed";
        break;
      }
      case "answered":
        one.answered = at;
        one.answers = event.answers;
        one.step = "completed";
        break;
      case "declined":
      case "timed-out":
        one.step = event.type;
        break;
      case "device":
        one.devices.push(event.recording);
        break;
      case "away":
        one.away.push(event.recording);
    }
    if (over.includes(one.step)) one.ended ??= at;
  }
}

function afterInstructions({ check }: Protocol): Step {
  return check ? "check" : "task";
}

/** Number of the task that a participant is at, 0 for the first. */
export function taskOf({ tasks }: Participant): number {
  return tasks.filter(({ finished }) => finished !== null).length;
}
