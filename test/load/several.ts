import { parseArgs } from "node:util";
import { createLesson } from "../server/server.ts";
import { startSharing } from "../server/together/processes.ts";
import { RunningRedis, redisServer } from "../server/together/runningRedis.ts";
import { check, type GroupOptions, play, reportPhase, store, withGroup } from "./group.ts";
import { unlimited } from "./limits.ts";
import { hottest } from "./profile.ts";
import { roll, sayRoll } from "./rolling.ts";
import { type Times, times } from "./tally.ts";
import { megabytes, ms, table } from "./text.ts";

interface Options extends GroupOptions {
  readonly seconds: number;
  readonly profile: boolean;
}

/** The same lessons in one process and in several that share them, one after the other. */
export async function run(args: string[]): Promise<{ text: string; code: number }> {
  const { values } = parseArgs({
    args,
    options: {
      processes: { type: "string", default: "2" },
      trainers: { type: "string", default: "0" },
      lessons: { type: "string", default: "500" },
      seconds: { type: "string", default: "60" },
      bots: { type: "string", default: "2" },
      profile: { type: "boolean", default: false },
      rolling: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  if (redisServer === null)
    return { text: "NOT TESTED: there is no Redis here, and none is to be had.\n", code: 1 };
  const options: Options = {
    processes: Number(values.processes),
    trainers: Number(values.trainers),
    lessons: Number(values.lessons),
    seconds: Number(values.seconds),
    bots: Number(values.bots),
    profile: values.profile,
  };
  if (values.rolling) {
    const rolled = await roll(options);
    const { lost, twice, unheard, unanswered, doubles, unwilling } = rolled;
    return {
      text: values.json ? `${JSON.stringify(rolled, null, 2)}\n` : sayRoll(options, rolled),
      code: lost + twice + unheard + unanswered + doubles + unwilling > 0 ? 1 : 0,
    };
  }
  const one = await measure({ ...options, processes: 1 });
  const several = await measure(options);
  const seats = await measureSeats([10, 1000, 10_000]);
  const result = { options, one, several, seats };
  const bad = [one, several].reduce(
    (n, { lost, twice, unanswered }) => n + lost + twice + unanswered,
    0,
  );
  return {
    text: values.json ? `${JSON.stringify(result, null, 2)}\n` : say(result),
    code: bad > 0 ? 1 : 0,
  };
}

type Measured = Awaited<ReturnType<typeof measure>>;

function measure(options: Options) {
  const { processes, seconds, profile } = options;
  return withGroup(options, async ({ redis, gauges, bots }) => {
    reportPhase(`they play for ${seconds} s`);
    const before = await Promise.all(
      gauges.map((gauge) => gauge.read("reset", ...(profile ? (["begin-profile"] as const) : []))),
    );
    const { tally, took } = await play(bots, seconds);
    const after = await Promise.all(
      gauges.map((gauge) => gauge.read(...(profile ? (["end-profile"] as const) : []))),
    );
    const checked = await check(bots);
    const rooms = await roomsOf(redis);
    for (const botProcess of bots) await botProcess.tell({ name: "leave" });
    const light = ["label", "undo", "episode"].flatMap((kind) => tally.waited[kind] ?? []);
    const requests = Object.values(tally.waited).flat().length;
    const cpu = after.map((usage, i) => usage.cpu - before[i]!.cpu);
    return {
      processes,
      rooms,
      requestsPerSecond: requests / took,
      light: times(light),
      train: times(tally.waited.train ?? []),
      cpu,
      cpuPerRequest: (1000 * cpu.reduce((a, b) => a + b, 0)) / requests,
      rss: after.map(({ rss }) => rss),
      loop: Math.max(...after.map(({ loop }) => loop.p99)),
      profiles: after.flatMap(({ profile }) => (profile ? [hottest(profile)] : [])),
      ...checked,
      unanswered: tally.unanswered,
      refused: tally.refused,
    };
  });
}

/** Open rooms by process. */
async function roomsOf(redis: RunningRedis): Promise<number[]> {
  const client = redis.client();
  const all = Object.values(await client.hgetall("roomcaches"));
  client.disconnect();
  const count = new Map<string, number>();
  for (const json of all) {
    const { processId } = JSON.parse(json) as { processId: string };
    count.set(processId, (count.get(processId) ?? 0) + 1);
  }
  return [...count.values()];
}

/** How long a seat in an open lesson takes beside so many open rooms of other processes. */
async function measureSeats(rooms: readonly number[]) {
  const redis = await RunningRedis.start();
  const sharing = await startSharing(1, redis.url(), unlimited);
  const client = redis.client();
  try {
    const lesson = await createLesson(sharing.front, "road");
    const { address } = sharing.servers[0]!;
    const seat = async () => {
      const began = performance.now();
      const response = await fetch(`${address}/matchmake/joinOrCreate/lesson`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ lesson }),
      });
      if (!response.ok) throw new Error(`no seat: ${response.status}`);
      await response.text();
      return performance.now() - began;
    };
    const all: { rooms: number; waited: Times }[] = [];
    let others = 0;
    for (const n of rooms) {
      for (; others < n; others++) {
        const roomId = `other-${others}`;
        const listing = { name: "lesson", roomId, processId: "another", clients: 1 };
        await client.hset("roomcaches", roomId, JSON.stringify(listing));
      }
      for (let i = 0; i < 50; i++) await seat();
      const waited: number[] = [];
      for (let i = 0; i < 200; i++) waited.push(await seat());
      all.push({ rooms: n, waited: times(waited) });
    }
    return all;
  } finally {
    client.disconnect();
    await sharing.stop();
    await redis.remove();
  }
}

function say({
  options: { lessons, seconds, trainers },
  one,
  several,
  seats,
}: {
  options: Options;
  one: Measured;
  several: Measured;
  seats: Awaited<ReturnType<typeof measureSeats>>;
}): string {
  const both = (name: string, of: (measured: Measured) => string) => [name, of(one), of(several)];
  const more = several.cpuPerRequest / one.cpuPerRequest - 1;
  return [
    `${lessons} lessons for ${seconds} s in ${store}, ${trainers} trainers`,
    "",
    table([
      ["processes", `${one.processes}`, `${several.processes}`],
      both("lessons open in each", ({ rooms }) => rooms.join(" + ")),
      both("acknowledged a second", (each) => each.requestsPerSecond.toFixed(0)),
      both("label, undo, episode: p50", ({ light }) => ms(light.p50)),
      both("label, undo, episode: p99", ({ light }) => ms(light.p99)),
      both("training: p50", ({ train }) => ms(train.p50)),
      both("processor time a request", (each) => ms(each.cpuPerRequest)),
      both("event loop late, p99", (each) => ms(each.loop)),
      both("memory of each", ({ rss }) => rss.map(megabytes).join(" + ")),
      both("lost, twice, not heard", (e) => `${e.lost}, ${e.twice}, ${e.unheard}`),
      both("unanswered", (each) => `${each.unanswered}`),
    ]),
    ...[one, several].flatMap(({ processes, profiles: [first] }) =>
      first
        ? [
            `The first of ${processes}:`,
            ...first.map(([share, name]) => `${(100 * share).toFixed(1).padStart(5)} %  ${name}`),
            "",
          ]
        : [],
    ),
    `Processor time a request over ${several.processes} processes: ${(100 * more).toFixed(0)} % more than in one.`,
    `Computed: a core that does nothing else would serve ${(1000 / several.cpuPerRequest).toFixed(0)} such requests a second.`,
    "",
    table([
      ["a seat beside so many open rooms", "p50", "p99"],
      ...seats.map(({ rooms, waited }) => [`${rooms}`, ms(waited.p50), ms(waited.p99)]),
    ]),
    "",
  ].join("\n");
}
