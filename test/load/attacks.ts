import { setTimeout as pause } from "node:timers/promises";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { type Begun, pageSize } from "../../shared/lesson/protocol.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { msgpack } from "../fuzz/msgpack.ts";
import { post } from "../fuzz/wire.ts";
import { enter, newKey, type ServerAddress } from "../server/server.ts";
import { Asker } from "./asker.ts";

/** The attackers' knowledge of a server. */
export interface Target extends ServerAddress {
  /** A lesson of the largest size; they know its id only. */
  readonly largest: { readonly id: string; readonly sizes: readonly number[] };
  /** Lessons of their own with the most demonstrations. */
  readonly heavy: readonly Begun[];
  /** Lessons of their own with one demonstration each, more than there may be open at once. */
  readonly small: readonly Begun[];
}

/** The outcome of an attack. */
export interface AttackOutcome {
  /** Requests of the attackers that succeeded. */
  readonly done: number;
  /** Requests that were refused or failed. */
  readonly refused: number;
  /** Seconds that it took. */
  readonly seconds: number;
}

/** Runs a prepared attack until `over` is aborted, or until it ends by itself. */
export type Attack = (over: AbortSignal) => Promise<AttackOutcome>;

export type AttackName = keyof typeof attacks;

/** The attackers' addresses. */
const addresses = ["127.0.0.1", "127.0.0.3"] as const;
const [address] = addresses;

const many = (n: number) => Array.from({ length: n }, (_, i) => i);

/** Each prepares an attack and returns it. */
export const attacks = {
  /** Fifty come at the same moment. */
  joins:
    async (target: Target): Promise<Attack> =>
    () =>
      counted(async (count) => {
        const { largest } = target;
        const come = many(50).map(() => Asker.open(target, { lesson: largest.id }, address));
        await Promise.all(
          come.map((coming) =>
            coming.then(
              () => count(true),
              () => count(false),
            ),
          ),
        );
      }),

  /** Ten read from the beginning to the end, and again, as fast as they are answered. */
  pages: async (target: Target): Promise<Attack> => {
    const { largest } = target;
    const readers = await oneByOne(target, 10, largest.id);
    const bodies = beginnings(largest.sizes).map((since) => msgpack({ since }));
    return (over) =>
      counted(async (count) => {
        const read = async (reader: Asker, i: number) => {
          for (let page = i; !over.aborted; page++) {
            const answer = await reader.send("events", bodies[page % bodies.length]!);
            count(answer === "done");
            if (answer === "gone") return;
            if (answer !== "done") await pause(100);
          }
        };
        await Promise.all(readers.map(read));
      });
  },

  shadows: (target: Target) => shadows(target, false),
  repeated: (target: Target) => shadows(target, true),

  /** Ten send a body with twelve thousand unknown names, five times a second each. */
  wide: async (target: Target): Promise<Attack> => {
    const all = await oneByOne(target, 10, target.small[0]!.id);
    const body = msgpack(Object.fromEntries(many(12_000).map((i) => [i.toString(36), true])));
    return rhythm(all, (asker) => asker.send("events", body));
  },

  heavy: (target: Target) => trainings(target, [address, address]),
  heavyFromTwo: (target: Target) => trainings(target, addresses),

  /** Fills all rooms with long trainings, then leaves them. */
  rooms:
    async (target: Target): Promise<Attack> =>
    () =>
      counted(async (count) => {
        const plan = { policy: "mlpEnsemble", query: "every", budget: 20, drives: 10 };
        const left = [...target.small];
        const abreast = many(20).map(async () => {
          for (let lesson = left.pop(); lesson; lesson = left.pop()) {
            try {
              const entry = { lesson: lesson.id, secret: lesson.secret };
              const asker = await Asker.open(target, entry, address);
              const answer = asker.ask("train", { key: newKey(), plan });
              await asker.settled();
              // Refusals are told at once.
              count((await Promise.race([answer, pause(50, "training")])) === "training");
              asker.end();
            } catch {
              count(false);
            }
          }
        });
        await Promise.all(abreast);
      }),
} satisfies Record<string, (target: Target) => Promise<Attack>>;

/** Forty clients that shadow an episode five times a second each, five of them in a lesson. */
async function shadows(target: Target, again: boolean): Promise<Attack> {
  const lessons = await Promise.all(many(8).map(() => trainedOnce(target)));
  const all = await Promise.all(
    many(40).map(async (i) => {
      const { entry, steps } = lessons[i % lessons.length]!;
      // Valid steering, or it would be refused unread.
      const actions = many(steps).map((t) => (t % 7) / 40);
      const body = { round: 0, drive: 0, speed: 1, actions };
      return { asker: await Asker.open(target, entry, address), body, key: newKey() };
    }),
  );
  return rhythm(all, ({ asker, body, key }) =>
    asker.ask("shadow", { ...body, key: again ? key : newKey() }),
  );
}

/** `n` spectators of a lesson, who joined one by one. */
async function oneByOne(target: Target, n: number, lesson: string): Promise<Asker[]> {
  const all: Asker[] = [];
  while (all.length < n) all.push(await Asker.open(target, { lesson }, address));
  return all;
}

/** A lesson on the road with one round. */
async function trainedOnce(target: Target) {
  const { id, secret } = (await post(target, "/api/lessons", { world: "road" }, address)) as Begun;
  const entry = { lesson: id, secret };
  const someone = await enter(target, entry);
  const episode = demonstrate(worlds.road!, 5000);
  await someone.room.request("demonstrate", { key: newKey(), episode });
  const plan = { policy: "fourier", query: "random", budget: 10, drives: 1 };
  await someone.room.request("train", { key: newKey(), plan }, { timeout: 60_000 });
  const trained = someone.heard.find((event) => event.type === "trained");
  await someone.room.leave();
  return { entry, steps: trained!.episodes[0]!.controllers.length };
}

/** Trainings on the largest data set, one after another, of policies that count as fast. */
async function trainings(target: Target, from: readonly string[]): Promise<Attack> {
  const plan = { query: "random", budget: 10, drives: 10 };
  // In turn: one learns where another has learned all that there is.
  const policies = ["fourier", "gaussianProcess"];
  const all = await Promise.all(
    target.heavy.map(({ id, secret }, i) =>
      Asker.open(target, { lesson: id, secret }, from[i % from.length]!),
    ),
  );
  return (over) =>
    counted(async (count) => {
      await Promise.all(
        all.map(async (asker) => {
          for (let i = 0; !over.aborted; i++) {
            const policy = policies[i % policies.length]!;
            const asked = asker.ask("train", { key: newKey(), plan: { ...plan, policy } });
            const answer = await Promise.race([asked, stopped(over)]);
            if (answer) count(answer === "done");
            if (answer !== "done") await pause(200);
          }
        }),
      );
    });
}

/** Lets each of `all` ask five times a second, without waiting for answers. */
function rhythm<One>(all: readonly One[], ask: (one: One) => Promise<string>): Attack {
  const step = 200; // ms
  return (over) =>
    counted(async (count) => {
      const one = async (each: One, i: number) => {
        await pause((step * i) / all.length);
        while (!over.aborted) {
          void ask(each).then((answer) => count(answer === "done"));
          await pause(step);
        }
      };
      await Promise.all(all.map(one));
    });
}

async function counted(
  attack: (count: (done: boolean) => void) => Promise<void>,
): Promise<AttackOutcome> {
  const began = performance.now();
  const all = { done: 0, refused: 0 };
  await attack((done) => {
    if (done) all.done++;
    else all.refused++;
  });
  return { ...all, seconds: (performance.now() - began) / 1000 };
}

/** The event after which each page begins, for events of these sizes. */
function beginnings(sizes: readonly number[]): number[] {
  const all: number[] = [];
  let room = 0;
  sizes.forEach((size, i) => {
    if (room <= 0) {
      all.push(i);
      room = pageSize;
    }
    room -= size;
  });
  return all;
}

function stopped(over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (over.aborted) resolve();
    else over.addEventListener("abort", () => resolve(), { once: true });
  });
}
