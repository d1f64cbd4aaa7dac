import { sha256 } from "../../../server/sha256.ts";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { lagOf } from "../../../shared/lesson/events/shadowed.ts";
import { apply, type LessonEvent, type NewEvent, read } from "../../../shared/lesson/fold.ts";
import { emptyLesson } from "../../../shared/lesson/lesson.ts";
import { isRefusal, type Refusal } from "../../../shared/lesson/refusal.ts";
import {
  changes,
  decide,
  type InstantName,
  type Request,
} from "../../../shared/lesson/requests.ts";
import { train, type Workplace } from "../../../shared/lesson/service/tasks.ts";
import { inferReward } from "../../../shared/lesson/training.ts";
import { Controller } from "../../../shared/worlds/episode.ts";
import { worlds } from "../../../shared/worlds/index.ts";
import { demonstrationWorld } from "../../../shared/worlds/level.ts";
import { restOf } from "../../../shared/worlds/steering.ts";

const key = "any-key-will-do";
const workplace: Workplace = { now: () => 0, digest: (text) => sha256(text).toString("hex") };

/** A lesson's log as it comes about, without a service: what is asked for is decided, and what has to be done is done. */
export class History {
  readonly events: LessonEvent[] = [];
  lesson = emptyLesson;

  /** @param events what happened before, the creation first; none: nothing but the creation */
  constructor(world: string, events: readonly LessonEvent[] = []) {
    if (events.length === 0) this.add({ type: "created", world, taste: null });
    this.events.push(...events);
    this.lesson = events.reduce(apply, this.lesson);
  }

  add(event: NewEvent | Refusal): void {
    if (isRefusal(event)) throw new Error(event.reason);
    const seq = this.lesson.seq + 1;
    const told = read(JSON.parse(JSON.stringify({ seq, at: 1e12 + seq, ...event })));
    this.events.push(told);
    this.lesson = apply(this.lesson, told);
  }

  ask<N extends InstantName>(name: N, body: Omit<Request<N>, "key">): void {
    this.add(decide(name, this.lesson, { key, ...body } as Request<N>));
  }

  show(seed: number): void {
    const world = demonstrationWorld(worlds[this.lesson.world]!);
    this.ask("demonstrate", { episode: demonstrate(world, seed) });
  }

  async train(meanwhile = () => {}): Promise<void> {
    const { seq: basis, world } = this.lesson;
    const policy = worlds[world]!.action.kind === "continuous" ? "fourier" : "softmax";
    const plan = { policy, query: "novel", budget: 6, drives: 2, spare: 1, repeats: 0.2 };
    const { round } = await train(this.lesson, { basis, plan, seed: basis }, () => {}, workplace);
    meanwhile();
    this.add(changes.train.decide(this.lesson, { plan }, { basis, ...round }));
  }

  infer(): void {
    const inference = { ...inferReward(this.lesson), basis: this.lesson.seq, ms: 5 };
    this.add(changes.infer.decide(this.lesson, {}, inference));
  }

  /** Takes the wheel at the beginning of a drive of its own. */
  takeOver(seed: number): void {
    const episode = demonstrate(worlds[this.lesson.world]!, seed);
    const controllers = episode.controllers.map((_, t) =>
      t < 20 ? Controller.expert : Controller.learner,
    );
    const round = this.lesson.rounds.length - 1;
    this.ask("intervene", { round, episode: { ...episode, controllers } });
  }

  /** Steers beside a drive of the learner's as that was steered, but for a moment at the beginning. */
  shadow(drive: number): void {
    const round = this.lesson.rounds.length - 1;
    const episode = this.lesson.rounds[round]!.episodes[drive]!;
    const rest = restOf(worlds[this.lesson.world]!.steering);
    const actions = episode.actions.map((value, i) =>
      i < 3 * rest.length ? rest[i % rest.length]! : value,
    );
    const request = { round, drive, actions, speed: 1 as const };
    const lag = lagOf({ episode, actions, speed: 1 });
    this.add(changes.shadow.decide(this.lesson, request, lag));
  }
}

/** Of each world, the events of {@link eventful}. */
const made = new Map<string, Promise<readonly LessonEvent[]>>();

/** A lesson in which everything has happened that can; it is taught once for all tests that a process runs. */
export async function eventful(world: string): Promise<History> {
  if (!made.has(world))
    made.set(
      world,
      teach(world).then(({ events }) => events),
    );
  return new History(world, await made.get(world)!);
}

async function teach(world: string): Promise<History> {
  const history = new History(world);
  const [taste] = Object.keys(worlds[world]!.tastes ?? {});
  if (taste) history.ask("deal", { taste });
  history.show(5000);
  history.show(5001);
  history.ask("forget", { demonstration: history.lesson.seq });
  history.show(5002);
  history.ask("note", { step: "clone", text: "What it does is what I did." });
  await history.train(() => history.show(5003));
  const [first] = history.lesson.rounds[0]!.episodes;
  const action = first!.actions.slice(0, first!.actions.length / first!.controllers.length);
  history.ask("label", { round: 0, index: 0, action });
  history.ask("undo", { round: 0, index: 0 });
  history.ask("label", { round: 0, index: 0, action });
  history.takeOver(6000);
  history.takeOver(6001);
  history.ask("retract", { correction: history.lesson.seq });
  if (worlds[world]!.steering.pace === "runs") history.shadow(1);
  await history.train();
  history.infer();
  return history;
}
