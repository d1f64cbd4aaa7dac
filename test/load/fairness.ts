import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import {
  createLesson,
  join,
  newKey,
  type Participant,
  RunningServer,
  type ServerAddress,
  temporaryFolder,
} from "../server/server.ts";
import { frontOf } from "../server/together/front.ts";
import { unlimited } from "./limits.ts";
import { counted, newTally, type Tally, times } from "./tally.ts";
import { ms, table } from "./text.ts";
import type { Started } from "./withTrainers.ts";

const patience = { timeout: 300_000 }; // ms
const light = { policy: "softmax", query: "every", budget: 20, drives: 2 };
/** The longest training of these worlds. */
const heavyPlan = { policy: "mlpEnsemble", query: "every", budget: 20, drives: 10 };

/** A number of lessons that ask for heavy work all the time. */
interface HeavyLoad {
  readonly name: string;
  readonly heavy: number;
  readonly work: "infer" | "train";
}

const heavyLoads: readonly HeavyLoad[] = [
  { name: "nobody heavy", heavy: 0, work: "infer" },
  { name: "one infers on the road", heavy: 1, work: "infer" },
  { name: "four infer on the road", heavy: 4, work: "infer" },
  { name: "one trains an ensemble", heavy: 1, work: "train" },
  { name: "four train an ensemble", heavy: 4, work: "train" },
];

/**
 * Measures how long four lessons wait for light trainings and a label each, alone and beside heavy ones.
 * @param trainers where above zero, that many processes train in place of the server's threads
 */
export async function fair(seconds: number, trainers: number) {
  const rows = [];
  // Redis is not looked for where it is not needed.
  const start =
    trainers > 0
      ? await import("./withTrainers.ts").then((to) => () => to.startWith(trainers))
      : startAlone;
  for (const heavyLoad of heavyLoads) {
    // A new server each time, since work is limited by the hour.
    const { server, end } = await start();
    try {
      rows.push({ ...heavyLoad, ...(await beside(server, heavyLoad, seconds)) });
    } finally {
      await end();
    }
  }
  return { seconds, trainers, rows };
}

/** A server with threads, that everyone comes to from an address of their own. */
async function startAlone(): Promise<Started> {
  const server = new RunningServer(temporaryFolder(), { ...unlimited, TRUST_PROXY: "1" });
  await server.start();
  const front = await frontOf([Number(new URL(server.address).port)], true);
  const end = async () => {
    await server.kill();
    await front.close();
  };
  return { server: front, end };
}

async function beside(server: ServerAddress, { heavy, work }: HeavyLoad, seconds: number) {
  const lights = await Promise.all(Array.from({ length: 4 }, () => taught(server, "garden", 2)));
  const heavies = await Promise.all(
    Array.from({ length: heavy }, () => taught(server, "road", work === "infer" ? 3 : 8)),
  );
  const end = performance.now() + 1000 * seconds;
  const heavyTally = newTally();
  const tally = newTally();
  let over = false;
  const toil = heavies.map(async ({ room }) => {
    for (let round = 0; !over; round++) {
      const key = newKey();
      const asked =
        work === "infer"
          ? room.request("infer", { key }, patience)
          : room.request("train", { key, plan: heavyPlan }, patience);
      const done = await counted(heavyTally, work, performance.now(), asked);
      if (!done && !over) return;
      if (work === "infer" || over) continue;
      // Something new to learn from.
      const label = { key: newKey(), round, index: 0, action: [0] };
      await counted(heavyTally, "label", performance.now(), room.request("label", label));
    }
  });
  await Promise.all(lights.map((someone) => trains(someone, tally, end)));
  over = true;
  // Unfinished work ends when the server is killed.
  for (const running of toil) running.catch(() => {});
  return {
    light: times(tally.waited.train ?? []),
    label: times(tally.waited.label ?? []),
    heavyDone: times(heavyTally.waited[work] ?? []),
    refused: { ...tally.refused, ...heavyTally.refused },
  };
}

/** Trains and answers one question, with a pause between, until `end`. */
async function trains({ room }: Participant, tally: Tally, end: number): Promise<void> {
  for (let round = 0; performance.now() < end; round++) {
    const asked = room.request("train", { key: newKey(), plan: light }, patience);
    await counted(tally, "train", performance.now(), asked);
    const label = { key: newKey(), round, index: 0, action: [1] };
    await counted(tally, "label", performance.now(), room.request("label", label));
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

async function taught(server: ServerAddress, world: string, n: number): Promise<Participant> {
  const someone = await join(server, await createLesson(server, world));
  for (let i = 0; i < n; i++) {
    const episode = demonstrate(worlds[world]!, 5000 + i);
    await someone.room.request("demonstrate", { key: newKey(), episode });
  }
  return someone;
}

export function sayFair({ seconds, trainers, rows }: Awaited<ReturnType<typeof fair>>): string {
  const codes = rows.flatMap(({ name, refused }) =>
    Object.entries(refused).map(([code, n]) => `${name}: ${n} refused, ${code}`),
  );
  return [
    `Four lessons ask for a light training again and again, for ${seconds} s, by ${trainers > 0 ? `${trainers} trainers` : "threads"}`,
    "",
    table([
      ["beside", "n", "p50", "p95", "max", "label p99", "heavy n", "heavy p50"],
      ...rows.map(({ name, light, label, heavyDone }) => [
        name,
        `${light.n}`,
        ms(light.p50),
        ms(light.p95),
        ms(light.max),
        ms(label.p99),
        `${heavyDone.n}`,
        ms(heavyDone.p50),
      ]),
    ]),
    ...codes,
    "",
  ].join("\n");
}
