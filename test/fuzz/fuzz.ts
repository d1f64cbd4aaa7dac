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

/** A fault of the server. */
export interface Finding {
  readonly what: string;
  /** The input, or after a crash all inputs that were on their way. */
  readonly inputs: readonly string[];
}

/** An input with the delay that it caused for others. */
export interface SlowInput {
  readonly ms: number;
  readonly input: string;
}

type Input =
  | { readonly kind: "request"; readonly name: string; readonly body: unknown }
  | { readonly kind: "frame" | "websocket" | "http"; readonly bytes: Uint8Array };

/** Inputs that are generated together, from one seed of fast-check. */
const batch = 250;
/** Number of inputs of each kind in a batch. */
const shares = { request: 90, frame: 70, websocket: 10, http: 80 } as const;
/** Inputs after which a new lesson is begun, so that none gets larger than a person's. */
const inputsALesson = 2000;
/** Findings after which it stops. */
const enough = 25;
/** Crashes whose cause is searched for; further ones are only counted. */
const autopsies = 5;
/** Crashes after which it stops, as each takes long. */
const downsEnough = 8;
/** Longest delay that one input may cause, ms. */
const mostStill = 1000;
/** Most memory growth that one input may cause, bytes. */
const mostGrown = 256e6;
/** Number of the slowest inputs that are sent again, alone. */
const slowest = 12;
/** Longest sentence of a refusal, characters. */
const longestReason = 2000;
/** Last inputs before a crash, one of which is the cause: a crash may come late. */
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

/** All inputs of one kind for a seed. */
function* inputsOf(kind: Input["kind"], { inputs, seed }: FuzzOptions): Generator<Input> {
  let left = Math.round((inputs * shares[kind]) / batch);
  for (let i = 0; left > 0; i++) {
    const numRuns = Math.min(shares[kind], left);
    yield* fc.sample(kinds[kind], { seed: seed * 1_000_003 + i, numRuns });
    left -= numRuns;
  }
}

/**
 * Sends a server random and malformed input while a normal lesson goes on.
 * @param say called now and then with the number of inputs so far
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
  // Random requests for work must not take minutes.
  readonly #server = new RunningServer(temporaryFolder(), {
    STUDIES_DIR: "studies/examples",
    ...this.#gauge.env,
    ...unlimited,
    MAX_WORK_SECONDS: "10",
  });
  #pulse!: Pulse;
  readonly #findings = new Map<string, Finding>();
  /** Inputs that were on their way during the longest delays and the largest growth; others may be the cause. */
  #suspects: { readonly input: Input; readonly felt: ProcessPulse }[] = [];
  /** Number of inputs before the first crash. */
  #downAfter: number | null = null;
  #hangs = 0;
  /** Whether the server's process was ended because it did not answer any more. */
  #hung = false;
  /** The last inputs, the latest first. */
  #recent: Input[] = [];
  readonly #tally = newTally();
  #bystander!: Player;
  #lesson!: Begun;
  #done = 0;
  #downs = 0;
  #over = false;
  #revived: Promise<void> = Promise.resolve();
  /** Number of starts of the server. Connections belong to one start. */
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
    // Vacant rooms are closed after a moment.
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
        // A crashing server may go on answering for a moment.
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

  /** Sends the suspects again, each alone, to measure the delay that it causes. */
  async #lineUp(): Promise<SlowInput[]> {
    const all: SlowInput[] = [];
    for (const { input } of this.#suspects) {
      const life = this.#life;
      await this.#gauge.read("collect").catch(() => {});
      // Takes a while itself.
      await this.#pulse.watch()();
      const watched = this.#pulse.watch();
      try {
        await this.#sender(input.kind)(input);
      } catch {
        // Only its duration matters.
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
      return; // The SDK cannot send this.
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
    // Work in a worker is not awaited: the next inputs come during it.
    const long = name === "train" || name === "infer" || name === "race";
    await (long ? Promise.race([answered, pause(20)]) : answered);
  }

  #look(input: Input, answer: string): void {
    for (const [, status] of answer.matchAll(/HTTP\/1\.1 (5\d\d)/g)) {
      // A limit, or HTTP's own status for an unknown method or header.
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

  /** Whether the server still runs since that start, after the moment that a crash takes. */
  async #isAlive(life: number): Promise<boolean> {
    try {
      const headers = { connection: "close" };
      for (let i = 0; i < 3; i++) {
        const { ok } = await fetch(`${this.#server.address}/api/health`, { headers });
        if (ok) return life === this.#life && this.#server.isUp;
        // After a long delay, its threads seem not to answer for a moment.
        await pause(1000);
      }
      return false;
    } catch {
      return false;
    }
  }

  /** Restarts a crashed server, and searches for the cause. */
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

  /** Sends the suspects again, one by one, to find the one with which it crashes. */
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

  /** The normal lesson: a label now and then. */
  async #behave(): Promise<void> {
    while (!this.#over) {
      await this.#revived;
      await this.#bystander.answer(this.#tally, performance.now());
      await pause(20);
    }
  }
}

/**
 * Whether a text reveals internals: paths or a stack. Parts of the input itself may be quoted.
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
