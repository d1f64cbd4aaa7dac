import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { lessonAt } from "../../../shared/lesson/fold.ts";
import { startRound } from "../../../shared/lesson/training.ts";
import { worlds } from "../../../shared/worlds/index.ts";
import {
  createLesson,
  end,
  eventsOf,
  join,
  launch,
  newKey,
  type Participant,
  RunningServer,
  refusal,
  type ServerAddress,
  temporaryFolder,
} from "../server.ts";
import { type SharingServer, startSharing } from "./processes.ts";
import { RunningRedis, redisServer } from "./runningRedis.ts";
import { launchTrainer, RunningTrainer } from "./runningTrainer.ts";

const patience = { timeout: 60_000 }; // ms
const plan = { policy: "fourier", query: "random", budget: 20, drives: 2 };

/** A server with all that it trains with. */
interface Running {
  readonly server: ServerAddress;
  startTrainer(): Promise<RunningTrainer>;
  stop(): Promise<void>;
}

let redis: RunningRedis | null = null;

async function startHere(env: Readonly<Record<string, string>>): Promise<Running> {
  const server = new RunningServer(temporaryFolder(), env);
  await server.start();
  return {
    server,
    startTrainer: () => Promise.reject(new Error("its threads train")),
    stop: () => server.kill(),
  };
}

async function startRemote(
  env: Readonly<Record<string, string>>,
  nTrainers = 1,
): Promise<Running & { readonly trainers: RunningTrainer[] }> {
  const shared = { REDIS_URL: redis!.url(), TRAINERS: "remote", ...env };
  const sharing = await startSharing(1, redis!.url(), shared);
  const [server] = sharing.servers as [SharingServer];
  const trainers: RunningTrainer[] = [];
  const running = {
    server: sharing.front,
    trainers,
    async startTrainer() {
      const trainer = await RunningTrainer.start({ ...shared, DATA_DIR: server.dataFolder });
      trainers.push(trainer);
      return trainer;
    },
    async stop() {
      await Promise.all([sharing.stop(), ...trainers.map((trainer) => trainer.kill())]);
    },
  };
  for (let i = 0; i < nTrainers; i++) await running.startTrainer();
  return running;
}

async function show({ room }: Participant, world: string, n: number): Promise<void> {
  for (let i = 0; i < n; i++) {
    const episode = demonstrate(worlds[world]!, 7000 + i);
    await room.request("demonstrate", { key: newKey(), episode });
  }
}

beforeAll(async () => {
  if (redisServer !== null) redis = await RunningRedis.start();
});
afterAll(() => redis?.remove());

const kinds = [
  ["threads", startHere],
  ...(redisServer === null ? [] : [["trainers that take it from a queue", startRemote] as const]),
] as const;

describe.each(kinds)("work by %s", (_kind, start) => {
  let running: Running;
  afterEach(() => running.stop());
  const someone = async (world: string, demonstrations: number) => {
    const lesson = await createLesson(running.server, world);
    const participant = await join(running.server, lesson);
    await show(participant, world, demonstrations);
    return participant;
  };

  test("comes to the policy that everyone's computer comes to, once, and says how far it is", async () => {
    running = await start({});
    const learner = await someone("road", 2);
    const key = newKey();
    const asked = [0, 1].map(() => learner.room.request("train", { key, plan }, patience));
    expect(await Promise.all(asked)).toEqual([{ seq: 4 }, { seq: 4 }]);
    expect(await learner.room.request("train", { key, plan }, patience)).toEqual({ seq: 4 });
    const events = await eventsOf(learner);
    const trained = events.at(-1)!;
    if (trained.type !== "trained") throw new Error("nothing was learned");
    const lesson = lessonAt(events, trained.basis);
    const { policy } = startRound(lesson, plan, trained.seed, () => {}, trained.learningSeed);
    const json = JSON.stringify(policy.toJSON());
    expect(createHash("sha256").update(json).digest("hex")).toBe(trained.digest);
    expect(learner.progress.at(0)).toMatchObject({ work: "train", key });
    expect(learner.progress.at(-1)).toEqual({ work: "train", share: null });
    const { episodes } = await learner.room.request("race", { seed: 6000 }, patience);
    expect(episodes.length).toBeGreaterThan(0);
  });

  test("is stopped when somebody says so, and done when they ask again", async () => {
    running = await start({});
    const learner = await someone("road", 6);
    const key = newKey();
    const answer = refusal(learner.room.request("infer", { key }, patience));
    await expect.poll(() => learner.progress.some(({ share }) => (share ?? 0) > 0)).toBe(true);
    await learner.room.request("stop", { key });
    expect((await answer).code).toBe("stopped");
    expect(await learner.room.request("infer", { key: newKey() }, patience)).toEqual({ seq: 8 });
  });

  test("that is stopped counts towards its hour", async () => {
    running = await start({ MAX_WORK_SECONDS_AN_HOUR: "1" });
    const learner = await someone("road", 6);
    const key = newKey();
    const answer = refusal(learner.room.request("infer", { key }, patience));
    await expect.poll(() => learner.progress.some(({ share }) => (share ?? 0) > 0)).toBe(true);
    await learner.room.request("stop", { key });
    expect((await answer).code).toBe("stopped");
    const again = refusal(learner.room.request("infer", { key: newKey() }, patience));
    expect((await again).code).toBe("spent");
  });

  test("is broken off when it takes too long, and counts towards its hour", async () => {
    running = await start({ MAX_WORK_SECONDS: "1", MAX_WORK_SECONDS_AN_HOUR: "1" });
    const learner = await someone("road", 6);
    const infer = () => refusal(learner.room.request("infer", { key: newKey() }, patience));
    expect(await infer()).toEqual({
      code: "too-long",
      reason: "This took more than 1 second and was stopped; the lesson is as it was.",
    });
    expect((await infer()).code).toBe("spent");
  });
});

if (redisServer !== null)
  describe("trainers", () => {
    let running: Awaited<ReturnType<typeof startRemote>>;
    afterEach(() => running?.stop());
    const shown = ({ progress }: Participant, from = 0) =>
      progress.slice(from).some(({ share }) => (share ?? 0) > 0);
    const learner = async () => {
      const participant = await join(running.server, await createLesson(running.server, "road"));
      await show(participant, "road", 6);
      return participant;
    };

    test("finish what another was killed over, once, and the page is told how far it is again", async () => {
      running = await startRemote({});
      const waiting = await learner();
      const key = newKey();
      const answer = waiting.room.request("infer", { key }, patience);
      await expect.poll(() => shown(waiting)).toBe(true);
      await running.trainers[0]!.kill();
      const told = waiting.progress.length;
      await running.startTrainer();
      expect(await answer).toEqual({ seq: 8 });
      expect(shown(waiting, told)).toBe(true);
      expect(await waiting.room.request("infer", { key }, patience)).toEqual({ seq: 8 });
      expect(await eventsOf(waiting)).toHaveLength(8);
    });

    test("that end give back what they have begun, so that another begins it at once", async () => {
      running = await startRemote({});
      const waiting = await learner();
      const answer = waiting.room.request("infer", { key: newKey() }, patience);
      await expect.poll(() => shown(waiting)).toBe(true);
      expect(await running.trainers[0]!.stop()).toBe(0);
      const client = redis!.client();
      // What nobody gives back stays until it counts as stalled.
      expect(await client.keys("bull:*:active")).toEqual([]);
      client.disconnect();
      await running.startTrainer();
      expect(await answer).toEqual({ seq: 8 });
      expect(await eventsOf(waiting)).toHaveLength(8);
    });

    test("that are not there are said not to be, and one that comes does what waits, whatever Redis forgot", async () => {
      running = await startRemote({}, 0);
      const waiting = await learner();
      const answer = waiting.room.request("train", { key: newKey(), plan }, patience);
      await expect.poll(() => waiting.progress.at(-1)).toMatchObject({ share: 0, nobody: true });
      await redis!.kill();
      await redis!.start();
      await running.startTrainer();
      expect(await answer).toEqual({ seq: 8 });
      expect(waiting.progress.at(-1)).toEqual({ work: "train", share: null });
    });

    test("say in a sentence what they cannot do without", async () => {
      const say = async (env: Record<string, string>) => {
        const { code, stderr } = await end(launchTrainer({ DATA_DIR: temporaryFolder(), ...env }));
        return { code, stderr };
      };
      expect(await say({})).toEqual({
        code: 1,
        stderr: "A trainer needs REDIS_URL, the Redis of the servers that it trains for.\n",
      });
      expect(await say({ REDIS_URL: "redis://127.0.0.1:9" })).toEqual({
        code: 1,
        stderr:
          "Cannot use the Redis at 127.0.0.1:9 (REDIS_URL): it does not answer: connect ECONNREFUSED 127.0.0.1:9.\n",
      });
      const server = launch({ PORT: "0", DATA_DIR: temporaryFolder(), TRAINERS: "remote" });
      expect((await end(server)).stderr).toBe(
        "TRAINERS=remote needs REDIS_URL, where trainers take their work from.\n",
      );
    });
  });
