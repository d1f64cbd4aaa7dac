import { setTimeout as pause } from "node:timers/promises";
import * as fc from "fast-check";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import type { Begun } from "../../shared/lesson/protocol.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { Gauge, type ProcessUsage } from "../load/gauge.ts";
import { unlimited } from "../load/limits.ts";
import { Player } from "../load/player.ts";
import { newTally } from "../load/tally.ts";
import { megabytes } from "../load/text.ts";
import {
  enter,
  newKey,
  type Participant,
  RunningServer,
  temporaryFolder,
} from "../server/server.ts";
import { frames, websocketBytes } from "./frames.ts";
import { httpBytes } from "./http.ts";
import { type ProcessPulse, Pulse } from "./pulse.ts";
import { mutated, nasty, requestsAllowed } from "./values.ts";
import { exchange, Wire } from "./wire.ts";

export interface FuzzOptions {
  readonly inputs: number;
  readonly seed: number;
}

/** Something that the server should not have done. */
export interface Finding {
  readonly what: string;
  /** What it was sent, or, where it went down, all that was on its way to it. */
  readonly inputs: readonly string[];
}

/** An input, and for how long it held up everyone else. */
export interface SlowInput {
  readonly ms: number;
  readonly input: string;
}

type Input =
  | { readonly kind: "request"; readonly name: string; readonly body: unknown }
  | { readonly kind: "frame" | "websocket" | "http"; readonly bytes: Uint8Array };

/** Inputs that are made at once: fast-check's seed is that of a batch. */
const batch = 250;
/** How many of `batch` are of each kind. */
const shares = { request: 90, frame: 70, websocket: 10, http: 80 } as const;
/** Inputs after which another lesson is begun, as one is no more to be filled than a person would. */
const inputsALesson = 2000;
/** Findings after which there is enough to mend. */
const enough = 25;
/** How often it is looked for what brought the server down; after that it is only counted. */
const autopsies = 5;
/** Times that it goes down after which there is enough to mend, likewise: each takes a while. */
const downsEnough = 8;
/** Milliseconds for which one input may hold up everyone else. */
const mostStill = 1000;
/** Bytes by which one input may let the server's memory grow. */
const mostGrown = 256e6;
/** How many of the inputs that held it up longest are sent again, alone. */
const slowest = 12;
/** Longest sentence in which a request is refused, characters. */
const longestReason = 2000;
/** Inputs one of which is to blame when the server goes down: it may take a moment to. */
const suspects = 40;

const asked: fc.Arbitrary<Input> = requestsAllowed
  .chain(([name, body]) =>
    fc.tuple(
      fc.oneof(
        { weight: 12, arbitrary: fc.constant(name) },
        fc.constantFrom("_", "*", "__proto__", "", "nothing"),
      ),
      fc.oneof(fc.constant(body), mutated(body), mutated(body).chain(mutated), nasty),
    ),
  )
  .map(([name, body]) => ({ kind: "request", name, body }));
const raw = (kind: "frame" | "websocket" | "http", bytes: fc.Arbitrary<Uint8Array>) =>
  bytes.map((each): Input => ({ kind, bytes: each }));
const kinds: Record<Input["kind"], fc.Arbitrary<Input>> = {
  request: asked,
  frame: raw("frame", frames),
  websocket: raw("websocket", websocketBytes),
  http: raw("http", httpBytes),
};

/** Everything of one kind that a seed comes to. */
function* inputsOf(kind: Input["kind"], { inputs, seed }: FuzzOptions): Generator<Input> {
  let left = Math.round((inputs * shares[kind]) / batch);
  for (let i = 0; left > 0; i++) {
    const numRuns = Math.min(shares[kind], left);
    yield* fc.sample(kinds[kind], { seed: seed * 1_000_003 + i, numRuns });
    left -= numRuns;
  }
}

/**
 * Sends a server all kinds of things, while a well-behaved lesson goes on beside them.
 * @param say told how many inputs have been sent, now and then
 */
export async function fuzz(asked: FuzzOptions, say: (done: number) => void = () => {}) {
  const run = new FuzzRun();
  await run.begin();
  try {
    return await run.through(asked, say);
  } finally {
    await run.end();
  }
}

class FuzzRun {
  readonly #gauge = new Gauge();
  // Work that is asked for at random is not to take the machine for minutes.
  readonly #server = new RunningServer(temporaryFolder(), {
    ...this.#gauge.env,
    ...unlimited,
    MAX_WORK_SECONDS: "10",
  });
  #pulse!: Pulse;
  readonly #findings = new Map<string, Finding>();
  /** Those that were on their way when it stood still for longest or grew most; others may be to blame. */
  #suspects: { readonly input: Input; readonly felt: ProcessPulse }[] = [];
  /** Inputs that had been sent when it went down first. */
  #downAfter: number | null = null;
  #hangs = 0;
  /** Whether this life of the server ended because it did not answer any more. */
  #hung = false;
  /** The last inputs that were sent, the latest first. */
  #recent: Input[] = [];
  readonly #tally = newTally();
  #bystander!: Player;
  #lesson!: Begun;
  #done = 0;
  #downs = 0;
  #over = false;
  #revived: Promise<void> = Promise.resolve();
  /** Grows with each start of the server, whose connections are none of the next one's. */
  #life = 0;

  async begin(): Promise<void> {
    await this.#start();
    this.#bystander = new Player(this.#server, { index: 1, n: 2 });
    await this.#bystander.begin(this.#tally);
    await this.#beginLesson();
  }

  async end(): Promise<void> {
    this.#over = true;
    this.#pulse.end();
    await this.#server.kill();
  }

  async #start(): Promise<void> {
    await this.#server.start();
    this.#hung = false;
    // Asked to end, it would go on. What comes after this is what comes after any other end.
    this.#pulse = await Pulse.of(this.#gauge, () => {
      this.#hung = true;
      void this.#server.kill();
    });
  }

  async through(asked: FuzzOptions, say: (done: number) => void) {
    const readings: ProcessUsage[] = [];
    const beside = this.#behave();
    const lanes = (["request", "frame", "websocket", "http"] as const).map((kind) =>
      this.#lane(kind, asked),
    );
    let over = false;
    const all = Promise.all(lanes).finally(() => {
      over = true;
    });
    const marks = [0.1, 0.55].map((share) => share * asked.inputs);
    while (!over) {
      await Promise.race([all, pause(200)]);
      say(this.#done);
      if (this.#done >= (marks[0] ?? Number.POSITIVE_INFINITY)) {
        marks.shift();
        await this.#read(readings);
      }
    }
    await all;
    this.#over = true;
    await beside;
    await this.#revived;
    if (!(await this.#isAlive(this.#life))) await this.#down(this.#life);
    const alone = await this.#lineUp();
    // Rooms that nobody is in any more are given up after a moment.
    await pause(1500);
    await this.#read(readings);
    const { lost, twice, unheard, acknowledged } = await this.#bystander.reconcile();
    if (lost + twice + unheard > 0) {
      this.#find(`the lesson beside: ${lost} lost, ${twice} twice, ${unheard} not told`, []);
    }
    for (const [code, n] of Object.entries(this.#tally.refused)) {
      this.#find(`the lesson beside was refused ${n} times: ${code}`, []);
    }
    if (this.#downs === 0 && this.#tally.unanswered > 0) {
      this.#find(`the lesson beside was not answered: ${this.#tally.complaints[0]}`, []);
    }
    return {
      ...asked,
      sent: this.#done,
      downs: this.#downs,
      hangs: this.#hangs,
      downAfter: this.#downAfter,
      longestStill: Math.max(0, ...this.#suspects.map(({ felt }) => felt.still)),
      slowest: alone,
      acknowledged,
      memory: readings.map(({ rss, heapUsed, external }) => ({ rss, heapUsed, external })),
      findings: [...this.#findings.values()],
    };
  }

  async #read(readings: ProcessUsage[]): Promise<void> {
    await this.#gauge.read("collect").then(
      (reading) => readings.push(reading),
      () => {},
    );
  }

  /** Sends everything of one kind, one after another. */
  async #lane(kind: Input["kind"], asked: FuzzOptions): Promise<void> {
    const send = this.#sender(kind);
    let sent = 0;
    for (const input of inputsOf(kind, asked)) {
      if (this.#findings.size >= enough || this.#downs >= downsEnough) return;
      await this.#revived;
      this.#recent = [input, ...this.#recent.slice(0, suspects - 1)];
      const life = this.#life;
      const watched = this.#pulse.watch();
      try {
        if (kind === "request" && ++sent % inputsALesson === 0) await this.#beginLesson();
        await send(input);
        this.#suspect(input, await watched());
      } catch (error) {
        // A server that goes down answers for a while, with less and less.
        await pause(1000);
        if (await this.#isAlive(life)) this.#find(`${kind}: ${(error as Error).message}`, [input]);
        else await this.#down(life);
      }
      this.#done++;
    }
  }

  #suspect(input: Input, felt: ProcessPulse): void {
    const last = this.#suspects.at(-1);
    const full = this.#suspects.length >= slowest;
    if (full && last && felt.still <= last.felt.still && felt.grown < mostGrown) return;
    this.#suspects.push({ input, felt });
    const guilt = ({ still, grown }: ProcessPulse) => still + (grown < mostGrown ? 0 : mostStill);
    this.#suspects.sort((one, other) => guilt(other.felt) - guilt(one.felt)).splice(slowest);
  }

  /** Sends the suspects again with nothing else under way, to see for how long each holds it up. */
  async #lineUp(): Promise<SlowInput[]> {
    const all: SlowInput[] = [];
    for (const { input } of this.#suspects) {
      const life = this.#life;
      await this.#gauge.read("collect").catch(() => {});
      // Which takes a while itself.
      await this.#pulse.watch()();
      const watched = this.#pulse.watch();
      try {
        await this.#sender(input.kind)(input);
      } catch {
        // What matters is what it takes.
      }
      const { still, grown } = await watched();
      if (!(await this.#isAlive(life))) {
        this.#findDown(input);
        await this.#down(life);
        continue;
      }
      all.push({ ms: still, input: shown(input) });
      if (still > mostStill)
        this.#find(`it stands still for ${Math.round(still)} ms`, [input], "still");
      if (grown > mostGrown) this.#find(`it grows by ${megabytes(grown)}`, [input], "grown");
    }
    return all.sort((one, other) => other.ms - one.ms);
  }

  #sender(kind: Input["kind"]): (input: Input) => Promise<void> {
    let wire: Wire | null = null;
    let someone: Participant | null = null;
    let life = 0;
    let lesson: Begun | null = null;
    return async (input) => {
      if (input.kind === "http") {
        this.#look(input, await exchange(this.#server, input.bytes, 3000));
        return;
      }
      const stale = life !== this.#life || lesson !== this.#lesson;
      life = this.#life;
      lesson = this.#lesson;
      const { id, secret } = lesson;
      if (input.kind === "request") {
        if (stale && someone?.room.connection.isOpen) someone.room.connection.close();
        if (stale || !someone?.room.connection.isOpen)
          someone = await enter(this.#server, { lesson: id, secret });
        await this.#ask(someone, input);
        return;
      }
      if (stale) wire?.end();
      if (stale || !wire?.isOpen) wire = await Wire.open(this.#server, { lesson: id, secret });
      wire.heard = [];
      if (kind === "frame") {
        wire.send(input.bytes);
        await wire.settled();
      } else {
        wire.write(input.bytes);
        await Promise.race([wire.gone, pause(20)]);
        wire.end();
      }
      this.#look(input, Buffer.concat(wire.heard).toString("latin1"));
    };
  }

  async #ask({ room }: Participant, input: Input & { kind: "request" }): Promise<void> {
    const { name, body } = input;
    let answer: Promise<unknown>;
    try {
      answer = room.request(name as "label", body as never, { timeout: 20_000 });
    } catch {
      return; // The SDK cannot say this.
    }
    const answered = answer.then(
      () => {},
      (error: Error & { reason?: { code: string; reason: string } }) => {
        const { message, reason } = error;
        if (/timed out/.test(message)) this.#find(`no answer to "${name}"`, [input]);
        if (reason?.code === "failed") this.#find(`"${name}" failed`, [input]);
        const long = (reason?.reason ?? message).length;
        if (long > longestReason)
          this.#find(`"${name}" is refused in ${long} characters`, [input], `"${name}" at length`);
        if (isTelling(`${message} ${reason?.reason}`, input))
          this.#find(`"${name}" tells: ${message} ${reason?.reason}`, [input]);
      },
    );
    // What takes a worker is not waited for, and what comes next comes in the middle of it.
    const long = name === "train" || name === "infer" || name === "race";
    await (long ? Promise.race([answered, pause(20)]) : answered);
  }

  #look(input: Input, answer: string): void {
    for (const [, status] of answer.matchAll(/HTTP\/1\.1 (5\d\d)/g)) {
      // A limit, and what HTTP itself has for what it does not know.
      if (!["501", "503", "505"].includes(status!))
        this.#find(`HTTP ${status}: ${answer.slice(-120)}`, [input], `HTTP ${status}`);
    }
    const page = /content-type: (text\/html|text\/javascript|text\/css)/i.test(answer);
    if (!page && isTelling(answer, input))
      this.#find(`tells: ${answer.slice(-300)}`, [input], "tells");
  }

  #find(what: string, inputs: readonly Input[], name = what): void {
    if (this.#findings.has(name)) return;
    this.#findings.set(name, { what, inputs: inputs.map(shown) });
  }

  #findDown(input: Input): void {
    const how = this.#hung ? "hangs" : "goes down";
    this.#find(`the server ${how}`, [input], `down: ${shown(input)}`);
  }

  /** Whether the server is as it was in that life of its: it takes a moment to go down. */
  async #isAlive(life: number): Promise<boolean> {
    try {
      const headers = { connection: "close" };
      for (let i = 0; i < 3; i++) {
        const { ok } = await fetch(`${this.#server.address}/api/health`, { headers });
        if (ok) return life === this.#life && this.#server.isUp;
        // One that stood still for a while finds for a moment that its threads did not answer.
        await pause(1000);
      }
      return false;
    } catch {
      return false;
    }
  }

  /** The server is gone: starts it anew, and finds out whose fault it was. */
  async #down(life: number): Promise<void> {
    if (life === this.#life) {
      this.#life++;
      this.#downs++;
      this.#downAfter ??= this.#done;
      if (this.#hung) this.#hangs++;
      const recent = this.#recent;
      const looks = this.#downs <= autopsies;
      this.#revived = this.#revive().then(() => (looks ? this.#blame(recent) : undefined));
    }
    await this.#revived;
  }

  async #revive(): Promise<void> {
    for (let i = 0; i < 100 && this.#server.isUp; i++) await pause(100);
    this.#pulse.end();
    await this.#server.kill();
    await this.#start();
    await this.#bystander.comeBack();
  }

  /** Sends the suspects again, one by one, to see with which it goes down. */
  async #blame(recent: readonly Input[]): Promise<void> {
    for (const input of recent) {
      try {
        await this.#sender(input.kind)(input);
      } catch {
        // What matters is whether it is still there.
      }
      await pause(50);
      if (await this.#isAlive(this.#life)) continue;
      this.#findDown(input);
      this.#life++;
      await this.#revive();
      return;
    }
    this.#find("the server went down, and not again", recent.slice(0, 8));
  }

  async #beginLesson(): Promise<void> {
    const response = await fetch(`${this.#server.address}/api/lessons`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ world: "garden" }),
    });
    const lesson = (await response.json()) as Begun;
    const { room } = await enter(this.#server, { lesson: lesson.id, secret: lesson.secret });
    const episode = demonstrate(worlds.garden!, 5000);
    await room.request("demonstrate", { key: newKey(), episode });
    const plan = { policy: "tabular", query: "every", budget: 50, drives: 2 };
    await room.request("train", { key: newKey(), plan }, { timeout: 60_000 });
    room.connection.close();
    this.#lesson = lesson;
  }

  /** The lesson beside all of this: an answer every now and then, whatever happens. */
  async #behave(): Promise<void> {
    while (!this.#over) {
      await this.#revived;
      await this.#bystander.answer(this.#tally, performance.now());
      await pause(20);
    }
  }
}

/**
 * Whether this says what is none of a stranger's business: where a program stands and what it called.
 * What a stranger said may be said back to them.
 */
function isTelling(text: string, input: Input): boolean {
  const tells = /\n\s+at .+:\d+:\d+|node_modules|node:internal|file:\/\/|dist\/server|lessons\.db/g;
  const told = [...text.matchAll(tells)];
  if (told.length === 0) return false;
  const sent =
    input.kind === "request"
      ? `${input.name} ${printed(input.body)}`
      : Buffer.from(input.bytes).toString("latin1");
  return told.some(([words]) => !sent.includes(words));
}

function shown(input: Input): string {
  if (input.kind !== "request")
    return `${input.kind} of ${input.bytes.length} bytes ${JSON.stringify(Buffer.from(input.bytes).toString("latin1")).slice(0, 600)}`;
  return `request ${JSON.stringify(input.name)} ${printed(input.body).slice(0, 600)}`;
}

function printed(value: unknown): string {
  try {
    return fc.stringify(value);
  } catch {
    return "(too deep to print)";
  }
}
