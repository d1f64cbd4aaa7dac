import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { Client, type Room } from "colyseus.js";
import type {
  BegunClass,
  NewClass,
  PupilRequest,
  PupilView,
  TeacherRequest,
  TeacherView,
} from "../../shared/class/requests.ts";
import type { ClassEntry, ClassState } from "../../shared/class/room.ts";
import { apply } from "../../shared/lesson/fold.ts";
import { emptyLesson, type Lesson } from "../../shared/lesson/lesson.ts";
import { isFulfilled } from "../../shared/lesson/locks.ts";
import { type Random, Stream, seeded } from "../../shared/random.ts";
import { width } from "../../shared/spaces.ts";
import { replay } from "../../shared/worlds/episode.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { demonstrationWorld } from "../../shared/worlds/level.ts";
import { enter, eventsOf, type Participant, type ServerAddress } from "../server/server.ts";
import { handsOf, type PupilHands } from "./hands.ts";

/** Refusals that pass: a page asks again. */
const passing = ["not-stored", "too-many", "held", "not-yet", "busy"];
/** Until one asks again, ms. */
const patience = 100;

/** 128 random bits, base64url, as a page makes them. */
export function newSecret(): string {
  return randomBytes(16).toString("base64url");
}

/** What a route answers to a body, with its status. */
export async function post(
  server: ServerAddress,
  path: string,
  body: unknown,
): Promise<{ readonly status: number; readonly answer: unknown }> {
  const response = await fetch(`${server.address}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, answer: await response.json() };
}

/** The same, once it is done: where the server is away, or wants one to wait, it is asked again. @throws Error where it refuses */
export async function insist<T>(server: ServerAddress, path: string, body: unknown): Promise<T> {
  for (;;) {
    const said = await post(server, path, body).catch(() => null);
    if (said && said.status < 300) return said.answer as T;
    if (said && said.status < 500 && said.status !== 429)
      throw new Error(`${path}: ${JSON.stringify(said.answer)}`);
    await pause(patience);
  }
}

export function beginClass(server: ServerAddress, plan: unknown): Promise<BegunClass> {
  return insist(server, "/api/classes", plan as NewClass);
}

/** What a teacher asks for. @throws Error where it is refused */
export function lead(
  server: ServerAddress,
  { id, secret }: Pick<BegunClass, "id" | "secret">,
  request: TeacherRequest,
): Promise<TeacherView> {
  return insist(server, `/api/classes/${id}`, { secret, request });
}

/** A class's room, as its pages have it. */
export type Attended = Room<ClassState>;

/** Comes into a class's room. */
export async function attend(server: ServerAddress, entry: ClassEntry): Promise<Attended> {
  const room = await new Client(server.address).joinOrCreate<ClassState>("class", entry);
  room.reconnection.enabled = false;
  return room;
}

/** A simulated pupil, who asks again until there is an answer, as a page does. */
export class PupilBot {
  readonly nickname: string;
  /** What let them in. */
  place: PupilView | null = null;
  /** Milliseconds from each change that was asked for to its acknowledgement, by name. */
  readonly acknowledged: { readonly name: string; readonly ms: number; readonly seq: number }[] =
    [];
  readonly #server: ServerAddress;
  readonly #code: string;
  readonly #key = newSecret();
  readonly #random: Random;
  readonly #hands: PupilHands;
  #inside: Participant | null = null;
  #keys = 0;

  constructor(server: ServerAddress, code: string, nickname: string, seed: number) {
    this.#server = server;
    this.#code = code;
    this.nickname = nickname;
    this.#random = seeded(seed, Stream.expert);
    this.#hands = handsOf(this.#random);
  }

  async join(): Promise<PupilView> {
    const asked = { code: this.#code, nickname: this.nickname, key: this.#key };
    this.place = await insist<PupilView>(this.#server, "/api/classes/join", asked);
    return this.place;
  }

  /** Asks what a pupil's page asks, with the link that is theirs. */
  tell(request: PupilRequest): Promise<PupilView> {
    const { class: id, pupil, secret } = this.place!;
    return insist(this.#server, `/api/classes/${id}/pupil`, { pupil, secret, request });
  }

  /** Does the next thing of the plan. Returns false where it is done. */
  async step(): Promise<boolean> {
    const lesson = await this.lesson();
    const { plan, demonstrations, rounds } = lesson;
    if (isFulfilled(lesson)) return false;
    if (demonstrations.length < plan!.demonstrations.least)
      await this.ask("demonstrate", { episode: this.#show(lesson) });
    else if (rounds.length === 0) await this.train(lesson);
    else {
      const { answers, queries } = rounds.at(-1)!;
      const most = Math.min(queries.length, plan!.corrections.most);
      if (answers.length < most) await this.#answer(lesson, answers.length);
      else await this.train(lesson);
    }
    return true;
  }

  async train(lesson: Lesson): Promise<void> {
    await this.ask("train", { plan: lesson.plan!.learner });
  }

  /** The lesson as the server has it. */
  async lesson(): Promise<Lesson> {
    for (;;) {
      try {
        return (await eventsOf(await this.#enter())).reduce(apply, emptyLesson);
      } catch {
        await this.#comeBack();
      }
    }
  }

  /** Asks for a change until it is acknowledged. @throws what the server refuses for good */
  async ask(name: string, body: object): Promise<void> {
    const asked = { key: `pupil-key-${this.#keys++}`, ...body } as never;
    const began = performance.now();
    for (;;) {
      try {
        const { room } = await this.#enter();
        const { seq } = await room.request(name as "train", asked, { timeout: 60_000 });
        this.acknowledged.push({ name, ms: performance.now() - began, seq });
        return;
      } catch (error) {
        const { name: kind, reason } = error as { name: string; reason?: { code: string } };
        if (kind === "rejected" && reason) {
          if (!passing.includes(reason.code)) throw error;
          await pause(patience);
        } else await this.#comeBack();
      }
    }
  }

  async leave(): Promise<void> {
    const inside = this.#inside;
    this.#inside = null;
    if (inside && inside.left.length === 0) await inside.room.leave();
  }

  async #enter(): Promise<Participant> {
    if (this.#inside && this.#inside.left.length > 0) this.#inside = null;
    this.#inside ??= await enter(this.#server, {
      lesson: this.place!.lesson.id,
      secret: this.place!.lesson.secret,
    });
    return this.#inside;
  }

  async #comeBack(): Promise<void> {
    this.#inside = null;
    await pause(patience);
  }

  #show({ world, plan, demonstrations }: Lesson) {
    const place = demonstrationWorld(worlds[world]!);
    const seed = plan!.demonstrations.seeds?.[demonstrations.length] ?? 60_000;
    return this.#hands.shows(place, seed);
  }

  async #answer({ world: name, rounds }: Lesson, index: number): Promise<void> {
    const world = worlds[name]!;
    const { episodes, queries } = rounds.at(-1)!;
    const [drive, t] = queries[index]!;
    const { states } = replay(world, episodes[drive]!);
    const action = new Float64Array(width(world.action));
    const state = states.subarray(t * world.stateSize, (t + 1) * world.stateSize);
    this.#hands.answers(world, index)(state, action);
    await this.ask("label", { round: rounds.length - 1, index, action: [...action] });
  }
}
