import { rolloutAsking } from "../../shared/imitation/asking.ts";
import { type Driver, rollout } from "../../shared/imitation/rollout.ts";
import { lessonGate, usualRate } from "../../shared/lesson/asking.ts";
import { apply } from "../../shared/lesson/fold.ts";
import { emptyLesson, type Lesson } from "../../shared/lesson/lesson.ts";
import { policyOf } from "../../shared/policies/index.ts";
import type { Policy } from "../../shared/policies/policy.ts";
import type { Random } from "../../shared/random.ts";
import { width } from "../../shared/spaces.ts";
import type { ParticipantRequest, StudyView } from "../../shared/study/requests.ts";
import { Controller, type Episode, replay } from "../../shared/worlds/episode.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { demonstrationWorld } from "../../shared/worlds/level.ts";
import {
  enter,
  eventsOf,
  newKey,
  type Participant,
  refusal,
  type ServerAddress,
} from "../server/server.ts";

/** What becomes of a bot: how it goes through the study, or where it leaves. */
export const fates = [
  "plain",
  /** Loads the page again before each thing it does. */
  "reloads",
  /** Comes in twice at the same time, and does some things twice. */
  "twice",
  /** Goes on on another device in the middle of each task. */
  "moves",
  /** Leaves its second task where that may be. */
  "skips",
  "drops",
  "declines",
  "fails the check",
] as const;
export type Fate = (typeof fates)[number];

/** Fates at whose end a bot has done everything. */
export const finishing: readonly Fate[] = ["plain", "reloads", "twice", "moves", "skips"];

/** A change that a bot asked for, and that was acknowledged. */
export interface Sent {
  readonly type: string;
  readonly body: object;
}

const patience = { timeout: 120_000 }; // ms
/** After so many in which nobody is asked for anything, something is wrong. */
const mostDrives = 50;

/** A simulated participant, with hands of its own. */
export class Bot {
  readonly id: string;
  readonly fate: Fate;
  readonly #server: ServerAddress;
  readonly #study: string;
  readonly #random: Random;
  /** Probability of an action that has nothing to do with the state. */
  readonly #noise: number;
  /** What it did in each lesson, by the lesson's address. */
  readonly sent = new Map<string, Sent[]>();
  answers: Readonly<Record<string, number | string | null>> | null = null;
  /** Changes that its plan does not have and that were not refused as locked. */
  unlocked = 0;
  last: StudyView | null = null;

  constructor(server: ServerAddress, study: string, id: string, fate: Fate, random: Random) {
    this.#server = server;
    this.#study = study;
    this.id = id;
    this.fate = fate;
    this.#random = random;
    this.#noise = 0.4 * random.uniform();
  }

  /** Goes through the study, or as far as it goes. */
  async run(): Promise<void> {
    const [view] = await Promise.all(
      Array.from({ length: this.fate === "twice" ? 3 : 1 }, () =>
        this.#ask({ type: "enter", study: "st", session: `s-${this.id}` }),
      ),
    );
    this.last = view!;
    while (this.last.ending === undefined) {
      if (this.fate === "reloads" || this.fate === "moves")
        this.last = await this.#ask({ type: "enter", study: null, session: null });
      const dropsAt = this.last.step === "task" && this.last.task!.number === 1;
      if (this.fate === "drops" && dropsAt) return;
      this.last = await this.#step(this.last);
    }
  }

  async #step(view: StudyView): Promise<StudyView> {
    switch (view.step) {
      case "consent":
        return this.fate === "declines"
          ? this.#ask({ type: "decline" })
          : this.#often({ type: "consent", version: view.consent!.version });
      case "instructions":
        return this.#often({ type: "instructed" });
      case "check": {
        const fails =
          this.fate === "fails the check" || (view.check!.tries === 0 && this.#lot(0.3));
        return this.#often({ type: "check", tries: view.check!.tries, answers: [fails ? 0 : 1] });
      }
      case "task":
        return this.#task(view);
      case "questions":
        this.answers = {
          easier: this.#random.below(2),
          trust: 1 + this.#random.below(7),
          remarks: `=HYPERLINK("x") <b>${this.id}</b> ‏مرحبا, “${this.#random.below(1000)}”\n`,
        };
        return this.#often({ type: "answer", answers: this.answers });
      default:
        throw new Error(`a bot knows nothing to do at "${view.step}"`);
    }
  }

  async #task(view: StudyView): Promise<StudyView> {
    const { number: task, lesson } = view.task!;
    if (!lesson) return this.#often({ type: "begin", task });
    if (!this.sent.has(lesson.id)) this.sent.set(lesson.id, []);
    const sent = this.sent.get(lesson.id)!;
    let here = await enter(this.#server, { lesson: lesson.id, secret: lesson.secret });
    const now = async () => (await eventsOf(here)).reduce(apply, emptyLesson);
    const ask = async (name: string, body: object) => {
      const asked = { key: newKey(), ...body } as never;
      await here.room.request(name as "train", asked, patience);
      // The same request once more, as a page sends it that has heard nothing: it is done once.
      if (this.fate === "twice") await here.room.request(name as "train", asked, patience);
      if (name !== "train") sent.push({ type: name, body });
    };
    const learner = async () => policyOf(JSON.parse((await here.room.request("policy", {})).json));
    const move = async () => {
      if (this.fate !== "moves") return;
      await here.room.leave();
      here = await enter(this.#server, { lesson: lesson.id, secret: lesson.secret });
    };
    try {
      const { plan, ...started } = await now();
      if (task === 0 && started.demonstrations.length === 0) await this.#tryLocks(here, started);
      await ask("demonstrate", {
        episode: this.#drive(started.world, plan!.demonstrations.seeds![0]!),
      });
      await move();
      await ask("train", { plan: plan!.learner });
      const skips = this.fate === "skips" && view.task!.isSkippable;
      for (let round = 0; round < plan!.rounds && !skips; round++) {
        const lesson = await now();
        switch (plan!.corrections.ways[0]) {
          case "time-stop":
            await this.#answer(lesson, ask);
            break;
          case "when-asked":
            await ask("intervene", { round, ...this.#helped(lesson, await learner()) });
            break;
          default:
            await ask("intervene", { round, episode: this.#drive(lesson.world, this.#seed()) });
        }
        await move();
        await ask("train", { plan: plan!.learner });
      }
      return await this.#often({ type: "finish", task, skip: skips });
    } finally {
      await here.room.leave();
    }
  }

  async #answer(lesson: Lesson, ask: (name: string, body: object) => Promise<void>): Promise<void> {
    const world = worlds[lesson.world]!;
    const round = lesson.rounds.length - 1;
    const { queries, episodes, answers } = lesson.rounds[round]!;
    const action = new Float64Array(width(world.action));
    const most = lesson.plan!.corrections.most;
    for (let index = answers.length; index < Math.min(queries.length, most); index++) {
      const [drive, t] = queries[index]!;
      const { states } = replay(world, episodes[drive]!);
      this.#act(lesson.world, states.subarray(t * world.stateSize), action);
      const recording = { input: "keys", ms: 200 + this.#random.below(3000) };
      await ask("label", { round, index, action: [...action], recording });
    }
  }

  /** A drive in which the learner asked for the wheel; where it had no need to, another one, as a page offers. */
  #helped({ world: name, rounds }: Lesson, policy: Policy) {
    const world = worlds[name]!;
    const own = rounds.at(-1)!.episodes.map((episode) => replay(world, episode));
    for (let drives = 0; drives < mostDrives; drives++) {
      const gate = lessonGate(world, policy, usualRate, own);
      const look = () => this.#driver(name);
      const { episode, asked } = rolloutAsking(world, policy, look, gate, this.#seed());
      if (asked.length > 0) return { episode, asking: { rate: usualRate, turns: asked } };
    }
    throw new Error(`the learner asked for nothing in ${mostDrives} drives`);
  }

  /** What no plan has is refused, whoever asks for it. */
  async #tryLocks({ room }: Participant, lesson: Pick<Lesson, "world">): Promise<void> {
    const episode = this.#drive(lesson.world, this.#seed());
    const plan = { policy: "tabular", query: "every", budget: 4, drives: 2 };
    for (const [name, body] of [
      ["demonstrate", { episode }],
      ["train", { plan }],
      ["note", { step: "demonstrate", text: "hello" }],
      ["infer", {}],
    ] as const) {
      const asked = room.request(name as "train", { key: newKey(), ...body } as never);
      if ((await refusal(asked)).code !== "locked") this.unlocked++;
    }
  }

  #drive(world: string, seed: number): Episode {
    const place = demonstrationWorld(worlds[world]!);
    return rollout(place, this.#driver(world), Controller.expert, seed);
  }

  #driver(world: string): Driver {
    return (state, action) => this.#act(world, state, action);
  }

  #act(world: string, state: Float64Array, action: Float64Array): void {
    const { expert, action: space } = worlds[world]!;
    expert(state, action);
    if (space.kind === "discrete" && this.#lot(this.#noise))
      action[0] = this.#random.below(space.names.length);
  }

  #seed(): number {
    return 5000 + this.#random.below(1e6);
  }

  #lot(probability: number): boolean {
    return this.#random.uniform() < probability;
  }

  /** Asks once or, where two pages are open, twice at the same time. */
  async #often(request: ParticipantRequest): Promise<StudyView> {
    const [view] = await Promise.all(
      Array.from({ length: this.fate === "twice" ? 2 : 1 }, () => this.#ask(request)),
    );
    return view!;
  }

  async #ask(request: ParticipantRequest): Promise<StudyView> {
    for (;;) {
      const response = await fetch(`${this.#server.address}/api/studies/${this.#study}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ participant: this.id, request }),
      });
      if (response.ok) return (await response.json()) as StudyView;
      // All bots have one address, so that they wait for each other; pages do the same.
      if (response.status !== 429) throw new Error(`${request.type}: ${await response.text()}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
