import { setTimeout as wait } from "node:timers/promises";
import { firstPause, longestPause } from "../../client/net/sending.ts";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { type LessonEvent, lessonAt } from "../../shared/lesson/fold.ts";
import type { Request } from "../../shared/lesson/requests.ts";
import type { Episode } from "../../shared/worlds/episode.ts";
import { worlds } from "../../shared/worlds/index.ts";
import {
  createLesson,
  eventsOf,
  join,
  newKey,
  type Participant,
  type ServerAddress,
} from "../server/server.ts";
import { agenda, type LessonIndex, until } from "./agenda.ts";
import { counted, type Tally } from "./tally.ts";

/** A lesson's log compared with its acknowledged requests. */
export interface Reconciliation {
  readonly acknowledged: number;
  /** Acknowledged requests that are not in the log at their place, or differ there. */
  readonly lost: number;
  /** Events that are in the log more often than they were asked for. */
  readonly twice: number;
  /** Events that were not told to the room, or not in order. */
  readonly unheard: number;
}

const mixes = [
  { world: "garden", policy: "softmax", drives: 10 },
  { world: "garden", policy: "tabular", drives: 10 },
  { world: "road", policy: "fourier", drives: 2 },
] as const;

type Asked = "demonstrate" | "label" | "undo" | "train";

const patience = { timeout: 120_000 }; // ms

/** Plays a whole lesson over the real protocol, and remembers what was acknowledged. */
export class Player {
  readonly #server: ServerAddress;
  readonly #place: LessonIndex;
  readonly #world: string;
  readonly #plan;
  readonly #comesBack: boolean;
  readonly #acknowledged = new Map<number, object>();
  /** How long it was away each time, ms. */
  readonly #away: number[] = [];
  /** Resolves once this connection was closed and it is in the lesson again. */
  #back: Promise<void> = Promise.resolve();
  #hasLeft = false;
  #doubly = 0;
  #unanswered = 0;
  #lesson = "";
  #someone!: Participant;
  #episodes = 0;
  #answers = 0;
  #turns = 0;
  #sinceUndo = 0;

  /** @param comesBack whether it joins again when its connection is closed, and sends again what had no answer, as the page does */
  constructor(server: ServerAddress, place: LessonIndex, comesBack = false) {
    const { world, policy, drives } = mixes[place.index % mixes.length]!;
    this.#server = server;
    this.#place = place;
    this.#comesBack = comesBack;
    this.#world = world;
    // Lessons run out of questions one by one, not all in the same second.
    const budget = 60 + ((place.index * 37) % 400);
    this.#plan = { policy, query: "every", budget, drives };
  }

  /** Begins a lesson, shows two episodes and lets the learner train. */
  async begin(tally: Tally): Promise<void> {
    this.#lesson = await createLesson(this.#server, this.#world);
    await this.#enter();
    for (let i = 0; i < 2; i++) await this.#show(tally, performance.now());
    await this.#train(tally, performance.now());
  }

  /** Follows its agenda from `begin` on, a time of `performance.now()`. */
  async play(tally: Tally, begin: number, seconds: number): Promise<void> {
    this.#away.length = 0;
    /** Time until which the learner trained; answers due before are skipped. */
    let trained = 0;
    for (const item of agenda(this.#place, seconds)) {
      const due = begin + item.due;
      await until(due);
      if (item.kind === "episode") {
        await this.#show(tally, Math.max(due, trained));
      } else if (due >= trained) {
        if (await this.answer(tally, due)) trained = performance.now();
      }
    }
    if (!this.#someone.room.connection.isOpen) await this.#back;
    tally.away.push(...this.#away);
  }

  /** Compares the lesson's log to what was acknowledged. */
  async reconcile(): Promise<Reconciliation> {
    const events = await eventsOf(this.#someone);
    const { heard } = this.#someone;
    let lost = 0;
    for (const [seq, sent] of this.#acknowledged) {
      const event = events[seq - 1];
      if (event?.seq !== seq || !holds(event, sent)) lost++;
    }
    // All events but the first are this player's.
    const more = events.length - 1 - this.#acknowledged.size;
    return {
      acknowledged: this.#acknowledged.size,
      lost,
      twice: this.#doubly + Math.max(0, more - this.#unanswered),
      unheard: events.slice(1).filter(({ seq }, i) => heard[i]?.seq !== seq).length,
    };
  }

  async leave(): Promise<void> {
    this.#hasLeft = true;
    if (this.#someone.room.connection.isOpen) await this.#someone.room.leave();
  }

  /** Joins again after the connection was closed. */
  async comeBack(): Promise<void> {
    await this.#enter();
    const events = await eventsOf(this.#someone);
    // Requests without an acknowledgement may have been done too.
    const { rounds } = lessonAt(events, events.length);
    this.#turns = rounds.length;
    this.#answers = rounds.at(-1)?.answers.length ?? 0;
  }

  /** Joins, and reads what it lacks of the lesson's log. */
  async #enter(): Promise<void> {
    const someone = await join(this.#server, this.#lesson);
    // What it knows it need not read again, and what was told meanwhile may be in what is read.
    const known = this.#someone?.heard ?? [];
    const read = await eventsOf(someone, known.at(-1)?.seq ?? 1);
    const { heard, room } = someone;
    const last = (read.at(-1) ?? known.at(-1))?.seq ?? 1;
    const since = heard.filter(({ seq }) => seq > last);
    heard.splice(0, Number.POSITIVE_INFINITY, ...known, ...read, ...since);
    this.#someone = someone;
    if (this.#comesBack) {
      this.#back = new Promise((resolve) => {
        const left = () => resolve(this.#return());
        if (someone.left.length > 0) left();
        else room.onLeave(left);
      });
    }
  }

  /** Joins again, with the pauses that the page makes between two attempts. */
  async #return(): Promise<void> {
    const began = performance.now();
    for (let pause = firstPause; !this.#hasLeft; pause = Math.min(longestPause, 2 * pause)) {
      try {
        await this.#enter();
        this.#away.push(performance.now() - began);
        return;
      } catch {
        await wait(pause);
      }
    }
  }

  /** Answers the next question, or takes back an answer; where none is left, lets the learner train. */
  async answer(tally: Tally, due: number): Promise<boolean> {
    const round = this.#turns - 1;
    const n = this.#answers;
    if (n >= this.#questions()) {
      await this.#train(tally, due);
      return true;
    }
    if (n > 0 && this.#sinceUndo >= 16) {
      this.#sinceUndo = 0;
      const undo = { round, index: n - 1 };
      const sent = this.#send("undo", { key: newKey(), ...undo });
      if (await this.#note(tally, "undo", due, sent, { type: "undone", ...undo })) this.#answers--;
      return false;
    }
    const label = { round, index: n, action: this.#action() };
    const sent = this.#send("label", { key: newKey(), ...label });
    if (await this.#note(tally, "label", due, sent, { type: "labelled", ...label })) {
      this.#answers++;
      this.#sinceUndo++;
    }
    return false;
  }

  async #train(tally: Tally, due: number): Promise<void> {
    const sent = this.#send("train", { key: newKey(), plan: this.#plan }, patience);
    if (!(await this.#note(tally, "train", due, sent, { type: "trained", plan: this.#plan })))
      return;
    this.#turns++;
    this.#answers = 0;
  }

  async #show(tally: Tally, due: number): Promise<void> {
    const episode = episodeOf(this.#world, this.#episodes++);
    const sent = this.#send("demonstrate", { key: newKey(), episode });
    await this.#note(tally, "episode", due, sent, { type: "demonstrated", episode });
  }

  /** Sends a request, also again in the next connection where this one is closed before the answer. */
  async #send<Name extends Asked>(
    name: Name,
    body: Request<Name>,
    options?: { timeout: number },
  ): Promise<{ seq: number }> {
    for (;;) {
      const { room, left } = this.#someone;
      const back = this.#back;
      try {
        return (await room.request(name as Asked, body as never, options)) as { seq: number };
      } catch (error) {
        if (!this.#comesBack || (left.length === 0 && room.connection.isOpen)) throw error;
        await back;
      }
    }
  }

  async #note(
    tally: Tally,
    kind: string,
    due: number,
    sent: Promise<{ seq: number }>,
    event: object,
  ): Promise<boolean> {
    const unanswered = tally.unanswered;
    const done = await counted(tally, kind, due, sent);
    if (!done) {
      if (tally.unanswered > unanswered) this.#unanswered++;
      return false;
    }
    if (this.#acknowledged.has(done.seq)) this.#doubly++;
    this.#acknowledged.set(done.seq, event);
    return true;
  }

  /** Number of questions in the round. */
  #questions(): number {
    const turns = this.#someone.heard.filter((event) => event.type === "trained");
    return turns.at(-1)?.queries.length ?? 0;
  }

  /** A different action each time, so that labels can be told apart. */
  #action(): number[] {
    const { action } = worlds[this.#world]!;
    const n = this.#acknowledged.size;
    return action.kind === "discrete"
      ? [n % action.names.length]
      : action.low.map((low, k) => low + (0.5 + 0.4 * Math.sin(n)) * (action.high[k]! - low));
  }
}

/** Whether an event has all the fields of what was sent. */
function holds(event: LessonEvent, sent: object): boolean {
  const read = event as unknown as Record<string, unknown>;
  return Object.entries(sent).every(
    ([name, value]) => JSON.stringify(read[name]) === JSON.stringify(value),
  );
}

const driven = new Map<string, Episode>();

/** Demonstration number `i` of the scripted expert; a few are reused, as their cost is not measured. */
function episodeOf(world: string, i: number): Episode {
  const name = `${world} ${i % 8}`;
  const episode = driven.get(name) ?? demonstrate(worlds[world]!, 5000 + (i % 8));
  driven.set(name, episode);
  return episode;
}
