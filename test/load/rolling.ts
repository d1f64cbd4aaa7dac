import { setTimeout as wait } from "node:timers/promises";
import { openLessons, openTwice, restart } from "../server/together/rolling.ts";
import { check, type GroupOptions, play, reportPhase, store, withGroup } from "./group.ts";
import { times } from "./tally.ts";
import { ms, table } from "./text.ts";

/** How long they play before the first process is restarted, and between two, ms. */
const quiet = 5000;
/** How often it is looked for lessons that are open twice, ms. */
const interval = 250;

/** All processes are restarted by SIGTERM, one after the other, while lessons are taught. */
export function roll(options: GroupOptions & { readonly seconds: number }) {
  return withGroup({ ...options, comesBack: true }, async (group) => {
    const { sharing, redis, bots, trainers } = group;
    const client = redis.client();
    try {
      reportPhase(`they play for ${options.seconds} s, and all processes are restarted`);
      const playing = play(bots, options.seconds);
      const isOver = playing.then(() => true);
      let unwilling = 0;
      const rolling = (async () => {
        const began = performance.now();
        for (const process of [...sharing.servers, ...trainers]) {
          await wait(quiet);
          const byItself =
            "port" in process ? await restart(process, sharing) : await process.restart();
          if (!byItself) unwilling++;
        }
        return performance.now() - began;
      })();
      rolling.catch(() => {}); // thrown below
      let [looks, doubles] = [0, 0];
      while (!(await Promise.race([isOver, wait(interval, false)]))) {
        doubles = Math.max(doubles, await openTwice(client, await openLessons(client)));
        looks++;
      }
      const took = await Promise.race([rolling, wait(0, null)]);
      if (took === null)
        throw new Error("They had played before all were restarted: give more --seconds.");
      const played = await playing;
      const { tally } = played;
      const light = ["label", "undo", "episode"].flatMap((kind) => tally.waited[kind] ?? []);
      return {
        took,
        requestsPerSecond: Object.values(tally.waited).flat().length / played.took,
        light: times(light),
        train: times(tally.waited.train ?? []),
        away: times(tally.away),
        looks,
        doubles,
        unwilling,
        ...(await check(bots)),
        unanswered: tally.unanswered,
        complaints: tally.complaints,
        refused: tally.refused,
      };
    } finally {
      client.disconnect();
    }
  });
}

export function sayRoll(
  { processes, trainers, lessons, seconds }: GroupOptions & { readonly seconds: number },
  rolled: Awaited<ReturnType<typeof roll>>,
): string {
  const { away, light, train } = rolled;
  return [
    `${lessons} lessons for ${seconds} s in ${store}; ${processes} servers and ${trainers} trainers are restarted, one after the other`,
    "",
    table([
      ["restarted within", ms(rolled.took)],
      ["acknowledged", `${rolled.acknowledged}`],
      ["acknowledged a second", rolled.requestsPerSecond.toFixed(0)],
      ["lost, twice, not heard", `${rolled.lost}, ${rolled.twice}, ${rolled.unheard}`],
      ["unanswered", `${rolled.unanswered}`],
      [`open twice at the same time, at most, in ${rolled.looks} looks`, `${rolled.doubles}`],
      ["did not end by themselves", `${rolled.unwilling}`],
      ["pages whose server ended", `${away.n}`],
      ["  away until in the lesson again: p50", ms(away.p50)],
      ["  p99", ms(away.p99)],
      ["  max", ms(away.max)],
      ["label, undo, episode, from when due: p50", ms(light.p50)],
      ["  p99", ms(light.p99)],
      ["  max", ms(light.max)],
      ["training: p50", ms(train.p50)],
      ["  max", ms(train.max)],
    ]),
    ...rolled.complaints,
    ...Object.entries(rolled.refused).map(([code, n]) => `${n} refused: ${code}`),
    "",
  ].join("\n");
}
