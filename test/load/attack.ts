import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import type { Begun } from "../../shared/lesson/protocol.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { post } from "../fuzz/wire.ts";
import {
  enter,
  newKey,
  RunningServer,
  type ServerAddress,
  temporaryFolder,
} from "../server/server.ts";
import type { AttackName, AttackOutcome, Target } from "./attacks.ts";
import { beginLarge, grow, repeat } from "./largest.ts";
import { Bots } from "./processes.ts";
import { newcomer, Stranger } from "./stranger.ts";
import { type Times, times } from "./tally.ts";
import { megabytes, ms, table } from "./text.ts";

/** Size of the largest lesson, bytes: the default limit less one event. */
const largestLesson = 31e6;
/** Most demonstrations of a lesson. */
const mostDemonstrations = 1000;
/** More lessons than may be open at once by default. */
const manyLessons = 1050;
/** Longest wait for an attack that ends by itself, s. */
const patience = 120;
/** Token for reading the metrics. */
export const token = "attack";

/** Bounds that have to hold during every attack. */
const bounds = {
  /** 99th percentile of a stranger's acknowledgements, ms. */
  p99: 100,
  /** A stranger's light training, ms. */
  training: 1000,
  /** Time until fifty clients have joined one lesson, s. */
  joining: 2,
  /** Growth of the server's memory during that, bytes. */
  grown: 300e6,
} as const;

interface AttackScenario {
  readonly name: AttackName;
  readonly title: string;
  /** Measures further figures during the attack, and says which are out of bounds. */
  readonly inspect: (stage: ScenarioContext) => Promise<ScenarioFinding>;
}

interface ScenarioContext {
  readonly server: RunningServer;
  /** A stranger with a second lesson, for training. */
  readonly learner: Stranger;
  readonly attack: Promise<AttackOutcome | null>;
  readonly seconds: number;
}

interface ScenarioFinding {
  readonly figures: Readonly<Record<string, number | null>>;
  readonly broken: readonly string[];
}

const awaitAttack = async ({ attack }: ScenarioContext): Promise<ScenarioFinding> => {
  await attack;
  return { figures: {}, broken: [] };
};

const scenes: readonly AttackScenario[] = [
  { name: "joins", title: "50 join the largest lesson at once", inspect: inspectJoins },
  { name: "pages", title: "10 page through it for ever", inspect: awaitAttack },
  { name: "shadows", title: "40 shadow 5 times a second", inspect: awaitAttack },
  { name: "repeated", title: "  the same, keys repeated", inspect: awaitAttack },
  { name: "wide", title: "10 send 12,000 names, 5 times a second", inspect: awaitAttack },
  { name: "heavy", title: "2 heavy trainings, one address", inspect: inspectTraining },
  { name: "heavyFromTwo", title: "  the same, two addresses", inspect: inspectTraining },
  { name: "rooms", title: "all rooms filled with trainings", inspect: inspectRooms },
];

export interface ScenarioResult {
  readonly name: AttackName;
  readonly title: string;
  readonly alone: Times;
  readonly beside: Times;
  /** The stranger's requests without effect: refused or never answered. */
  readonly undone: number;
  readonly attacked: AttackOutcome | null;
  readonly figures: Readonly<Record<string, number | null>>;
  readonly broken: readonly string[];
}

/**
 * A stranger teaches in a small lesson while others attack, from other addresses and within the default
 * limits.
 * @param only names of scenarios; all where it is empty
 */
export async function attack(seconds: number, only: readonly string[] = []) {
  const all: ScenarioResult[] = [];
  const { folder, ...target } = await prepare();
  for (const scenario of scenes) {
    if (only.length === 0 || only.includes(scenario.name))
      all.push(await play(scenario, folder, target, seconds));
  }
  rmSync(folder, { recursive: true });
  return { seconds, cores: availableParallelism(), busy: loadavg()[0]!, scenes: all };
}

export type AttackResult = Awaited<ReturnType<typeof attack>>;

/** A data folder with the attackers' lessons, and what they know of it. */
async function prepare(): Promise<Omit<Target, "address"> & { readonly folder: string }> {
  const folder = temporaryFolder();
  const server = new RunningServer(folder);
  await server.start();
  const large = await beginLarge(server);
  const shown = await Promise.all([1, 2, 3].map(() => shownOnce(server)));
  await server.stop();
  const sizes = grow(folder, large, { bytes: largestLesson });
  const heavy = shown.slice(0, 2);
  for (const { id } of heavy) grow(folder, id, { events: 1 + mostDemonstrations });
  const { id, secret } = shown[2]!;
  const small = repeat(folder, id, manyLessons).map((id) => ({ id, secret }));
  return { folder, largest: { id: large, sizes }, heavy, small };
}

/** A lesson on the road with one demonstration. */
async function shownOnce(server: RunningServer): Promise<Begun> {
  const begun = (await post(server, "/api/lessons", { world: "road" })) as Begun;
  const { room } = await enter(server, { lesson: begun.id, secret: begun.secret });
  await room.request("demonstrate", {
    key: newKey(),
    episode: demonstrate(worlds.road!, 5000),
  });
  await room.leave();
  return begun;
}

async function play(
  scenario: AttackScenario,
  prepared: string,
  known: Omit<Target, "address">,
  seconds: number,
): Promise<ScenarioResult> {
  const folder = temporaryFolder();
  cpSync(prepared, folder, { recursive: true });
  // With the default limits.
  const server = new RunningServer(folder, { METRICS_TOKEN: token });
  const botProcess = new Bots();
  try {
    await server.start();
    const stranger = await Stranger.begin(server);
    const learner = await Stranger.begin(server);
    const target = { address: server.address, ...known };
    await botProcess.tell({ name: "prepare", attack: scenario.name, target });
    const alone = await stranger.answer(isPast(seconds));

    const attack = Promise.race([
      botProcess.tell({ name: "attack", seconds }),
      pause(1000 * patience, null, { ref: false }),
    ]);
    const isLate = isPast(seconds);
    let over = false;
    const looked = scenario.inspect({ server, learner, attack, seconds }).finally(() => {
      over = true;
    });
    const [seen, { waited, undone }, attacked] = await Promise.all([
      looked,
      stranger.answer(() => over && isLate()),
      attack,
    ]);
    const beside = times(waited);
    const broken = [...seen.broken];
    if (!(beside.p99 <= bounds.p99)) broken.push(`p99 is above ${bounds.p99} ms`);
    if (undone > 0) broken.push(`${undone} requests of the stranger's were not done`);
    const { name, title } = scenario;
    const { figures } = seen;
    return { name, title, alone: times(alone.waited), beside, undone, attacked, figures, broken };
  } finally {
    botProcess.end();
    await server.kill();
    rmSync(folder, { recursive: true });
  }
}

function isPast(seconds: number): () => boolean {
  const end = performance.now() + 1000 * seconds;
  return () => performance.now() >= end;
}

async function inspectJoins({ server, attack }: ScenarioContext): Promise<ScenarioFinding> {
  const before = memoryOf(server).now;
  let over = false;
  const attacking = attack.finally(() => {
    over = true;
  });
  let most: number | null = null;
  do {
    await Promise.race([attacking, pause(250)]);
    const open = await openRooms(server);
    if (open !== null) most = Math.max(most ?? 0, open);
  } while (!over);
  const attacked = await attacking;
  // Without the stranger's two.
  const rooms = most === null ? null : most - 2;
  const grown = memoryOf(server).most - before;
  const { done = null, seconds = null } = attacked ?? {};
  const broken: string[] = [];
  if (rooms !== 1) broken.push(`${rooms ?? "an unknown number of"} rooms of one lesson`);
  if (done !== 50) broken.push(`${done ?? "an unknown number"} of 50 came in`);
  if (seconds === null || seconds >= bounds.joining)
    broken.push(`not all were in within ${bounds.joining} s`);
  if (grown >= bounds.grown) broken.push(`it grew by more than ${megabytes(bounds.grown)}`);
  return { figures: { in: done, seconds, rooms, grownMB: grown / 1e6 }, broken };
}

async function inspectTraining({
  learner,
  attack,
  seconds,
}: ScenarioContext): Promise<ScenarioFinding> {
  const isOver = isPast(seconds);
  const all: number[] = [];
  // After the heavy ones have started.
  await pause(300);
  do {
    all.push(await learner.train());
    await pause(300);
  } while (!isOver());
  await attack;
  const { n, p50, max } = times(all);
  const broken = max >= bounds.training ? [`a light training took ${ms(max)}`] : [];
  return { figures: { trainings: n, trainingP50: p50, trainingMax: max }, broken };
}

async function inspectRooms({
  server,
  attack,
  seconds,
}: ScenarioContext): Promise<ScenarioFinding> {
  await attack;
  const filled = await openRooms(server);
  const atOnce = await newcomer(server);
  const minute = Math.min(60, 6 * seconds);
  await pause(1000 * minute);
  const left = await openRooms(server);
  const later = await newcomer(server);
  const when = [atOnce === null ? "at once" : [], later === null ? `after ${minute} s` : []].flat();
  const broken = when.map((time) => `a stranger who comes ${time} cannot open a lesson`);
  return { figures: { filled, atOnceMs: atOnce, after: minute, left, laterMs: later }, broken };
}

/** Number of open lessons; null where the server does not answer in time. */
export async function openRooms({ address }: ServerAddress): Promise<number | null> {
  try {
    const response = await fetch(`${address}/metrics`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(60_000),
    });
    const found = (await response.text()).match(/^dojo_open_rooms (\d+)/m);
    return found && Number(found[1]);
  } catch {
    return null;
  }
}

/** Memory of a process, and the peak since the last call, bytes. Linux only. */
function memoryOf({ pid }: RunningServer): { readonly now: number; readonly most: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const bytes = (name: string) =>
    1024 * Number(status.match(new RegExp(`${name}:\\s+(\\d+)`))?.[1]);
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
  return { now: bytes("VmRSS"), most: bytes("VmHWM") };
}

export function sayAttack({ seconds, cores, busy, scenes }: AttackResult): string {
  const said = (figures: ScenarioResult["figures"]) =>
    Object.entries(figures).map(
      ([name, value]) => `${name} ${value === null ? "–" : Number(value.toPrecision(3))}`,
    );
  return [
    `A stranger asks for something every 50 ms, alone for ${seconds} s, then beside others`,
    `(${cores} cores, on which ${busy.toFixed(1)} processes ran or waited in the last minute)`,
    "",
    table([
      ["beside", "alone p50", "p99", "beside p50", "p99", "max", "not done", "got done", "refused"],
      ...scenes.map(({ title, alone, beside, undone, attacked }) => [
        title,
        ms(alone.p50),
        ms(alone.p99),
        ms(beside.p50),
        ms(beside.p99),
        ms(beside.max),
        `${undone}`,
        `${attacked?.done ?? "–"}`,
        `${attacked?.refused ?? "–"}`,
      ]),
    ]),
    ...scenes
      .filter(({ figures }) => Object.keys(figures).length > 0)
      .map(({ title, figures }) => `${title.trim()}: ${said(figures).join(", ")}`),
    "",
    ...scenes.flatMap(({ title, broken }) =>
      broken.map((each) => `OUT OF BOUNDS ${title.trim()}: ${each}`),
    ),
    "",
  ].join("\n");
}
