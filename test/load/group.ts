import { postgresBin, RunningPostgres } from "../server/storage/runningPostgres.ts";
import { type Sharing, startSharing } from "../server/together/processes.ts";
import { RunningRedis } from "../server/together/runningRedis.ts";
import { RunningTrainer } from "../server/together/runningTrainer.ts";
import { Gauge } from "./gauge.ts";
import { unlimited } from "./limits.ts";
import type { Reconciliation } from "./player.ts";
import { Bots, deal } from "./processes.ts";
import { sum } from "./tally.ts";

export interface GroupOptions {
  readonly processes: number;
  readonly trainers: number;
  readonly lessons: number;
  /** Processes of bots. */
  readonly bots: number;
  /** Whether players come back when their connection is closed, each from an address of their own. */
  readonly comesBack?: boolean;
}

/** Servers and trainers that share their lessons, with stores of their own, in which bots have begun lessons. */
export interface Group {
  readonly sharing: Sharing;
  readonly redis: RunningRedis;
  /** Of each server. */
  readonly gauges: readonly Gauge[];
  readonly bots: readonly Bots[];
  readonly trainers: readonly RunningTrainer[];
}

/** The store that a group has here, in words. */
export const store = postgresBin === null ? "SQLite (NOT TESTED: PostgreSQL)" : "PostgreSQL";

/** Starts a group, and ends it once `measure` is done with it. */
export async function withGroup<Measured>(
  { processes, trainers: nTrainers, lessons, bots: nBots, comesBack = false }: GroupOptions,
  measure: (group: Group) => Promise<Measured>,
): Promise<Measured> {
  const bots = Array.from({ length: nBots }, () => new Bots());
  const gauges = Array.from({ length: processes }, () => new Gauge());
  const redis = await RunningRedis.start();
  const postgres = postgresBin === null ? null : await RunningPostgres.start();
  const env = {
    ...unlimited,
    ...(postgres && { DATABASE_URL: postgres.url() }),
    // Lessons of one address are opened one after the other.
    ...(comesBack && { TRUST_PROXY: "1" }),
    ...(nTrainers > 0 && { TRAINERS: "remote" }),
  };
  const sharing = await startSharing(processes, redis.url(), env, (i) => gauges[i]!.env);
  const trainers: RunningTrainer[] = [];
  try {
    const { dataFolder } = sharing.servers[0]!;
    for (let i = 0; i < nTrainers; i++)
      trainers.push(
        await RunningTrainer.start({ ...env, REDIS_URL: redis.url(), DATA_DIR: dataFolder }),
      );
    reportPhase(`${lessons} lessons begin in ${processes} process(es)`);
    // A browser asks any of them; each has the lessons that it was asked for first.
    const dealt = deal(lessons, nBots);
    await Promise.all(
      bots.map((botProcess, i) => {
        const { address } = sharing.through(sharing.servers[i % processes]!);
        const [indices, n] = [dealt[i]!, lessons];
        return botProcess.tell({ name: "begin", address, bare: false, indices, n, comesBack });
      }),
    );
    return await measure({ sharing, redis, gauges, bots, trainers });
  } finally {
    for (const botProcess of bots) botProcess.end();
    await Promise.all(trainers.map((trainer) => trainer.kill()));
    await sharing.stop();
    await Promise.all([redis.remove(), postgres?.remove()]);
  }
}

/** All bots play. `took` is in seconds. */
export async function play(bots: readonly Bots[], seconds: number) {
  const at = Date.now() + 1000;
  const played = await Promise.all(
    bots.map((botProcess) => botProcess.tell({ name: "play", at, seconds })),
  );
  return { tally: sum(played.map((each) => each.tally)), took: (Date.now() - at) / 1000 };
}

/** Compares the logs of all lessons to what was acknowledged. */
export async function check(bots: readonly Bots[]) {
  const checked = (await Promise.all(bots.map((each) => each.tell({ name: "reconcile" })))).flat();
  const all = (of: (one: Reconciliation) => number) => checked.reduce((n, one) => n + of(one), 0);
  return {
    acknowledged: all((one) => one.acknowledged),
    lost: all((one) => one.lost),
    twice: all((one) => one.twice),
    unheard: all((one) => one.unheard),
  };
}

export function reportPhase(sentence: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${sentence} …\n`);
}
