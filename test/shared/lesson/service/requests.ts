import { demonstrate } from "../../../../shared/imitation/rollout.ts";
import { requests } from "../../../../shared/lesson/requests.ts";
import { worlds } from "../../../../shared/worlds/index.ts";
import {
  FickleLog,
  newKey,
  onlooker,
  opened,
  owner,
  platformOn,
  type Scenario,
  storedIn,
} from "./stage.ts";

export const walks = [0, 1, 2].map((i) => demonstrate(worlds.garden!, 5000 + i));

/** Requests and what they are answered with. */
export const requestScenarios: readonly Scenario[] = [
  {
    name: "what is acknowledged is stored, and was told before",
    async play(setting) {
      const log = await setting.open();
      const { id } = await log.create({ world: "garden" });
      const { ask, listeners } = await opened(id, platformOn(setting, log));
      const answer = await ask("demonstrate", { key: newKey(), episode: walks[0]! });
      const heard = listeners.heard;
      const stored = await storedIn(await setting.open(), id);
      const isSame = JSON.stringify(stored.at(-1)) === JSON.stringify(listeners.events.at(-1));
      return { answer, heard, types: stored.map(({ type }) => type), isSame };
    },
    seen: { answer: { seq: 2 }, heard: [2], types: ["created", "demonstrated"], isSame: true },
  },
  {
    name: "a key is for one request: sent again it is answered again, with another body refused",
    async play(setting) {
      const log = await setting.open();
      const { id } = await log.create({ world: "garden" });
      const { ask } = await opened(id, platformOn(setting, log));
      const key = newKey();
      const first = { key, episode: walks[0]! };
      const together = await Promise.all([ask("demonstrate", first), ask("demonstrate", first)]);
      const { world, seed, actions, controllers } = walks[0]!;
      const turned = { episode: { controllers, actions, seed, world }, key };
      return {
        together,
        again: await ask("demonstrate", turned),
        otherBody: await ask("demonstrate", { key, episode: walks[1]! }),
        otherName: await ask("forget", { key, demonstration: 2 }),
        work: await ask("infer", { key }),
        events: (await storedIn(log, id)).length,
      };
    },
    seen: {
      together: [{ seq: 2 }, { seq: 2 }],
      again: { seq: 2 },
      otherBody: "other-request",
      otherName: "other-request",
      work: "other-request",
      events: 2,
    },
  },
  {
    name: "what has no form, or breaks a rule, is refused with a reason of bounded length",
    async play(setting) {
      const log = await setting.open();
      const { id } = await log.create({ world: "garden" });
      const { service, ask, listeners } = await opened(id, platformOn(setting, log));
      const long = { key: newKey(), taste: null, ["x".repeat(5000)]: 1 };
      const malformed = await service.ask("deal", long, owner);
      return {
        long: "reason" in malformed && [malformed.code, malformed.reason.length < 400],
        noKey: await ask("stop", {}),
        rule: await ask("forget", { key: newKey(), demonstration: 2 }),
        noRound: await ask("label", { key: newKey(), round: 0, index: 0, action: [0] }),
        heard: listeners.heard,
        failures: listeners.failures,
      };
    },
    seen: {
      long: ["malformed", true],
      noKey: "malformed",
      rule: "unknown-demonstration",
      noRound: "stale-round",
      heard: [],
      failures: [],
    },
  },
  {
    name: "who looks on reads, and changes nothing",
    async play(setting) {
      const log = await setting.open();
      const { id } = await log.create({ world: "garden" });
      const { service, ask } = await opened(id, platformOn(setting, log));
      const read = ["events", "policy", "race"];
      const answers = Object.keys(requests)
        .filter((name) => !read.includes(name))
        .map(async (name) => (await ask(name as "deal", { key: newKey() }, onlooker)) as string);
      const page = await service.ask("events", { since: 0 }, onlooker);
      return {
        refusals: [...new Set(await Promise.all(answers))],
        page: "owner" in page && [page.owner, JSON.parse(page.events).length, page.more],
        policy: await ask("policy", {}, onlooker),
        race: await ask("race", { seed: 5000 }, onlooker),
        events: (await storedIn(log, id)).length,
      };
    },
    seen: {
      refusals: ["not-yours"],
      page: [false, 1, false],
      policy: "no-rounds",
      race: "no-rounds",
      events: 1,
    },
  },
  {
    name: "what the log does not take is refused, not told, and taken once it can be",
    async play(setting) {
      const fickle = new FickleLog(await setting.open());
      const { id } = await fickle.log.create({ world: "garden" });
      const { ask, listeners } = await opened(id, platformOn(setting, fickle.log));
      const request = { key: newKey(), episode: walks[0]! };
      fickle.isFull = true;
      const refused = await ask("demonstrate", request);
      const heard = listeners.heard;
      fickle.isFull = false;
      return { refused, heard, answer: await ask("demonstrate", request) };
    },
    seen: { refused: "not-stored", heard: [], answer: { seq: 2 } },
  },
  {
    name: "a lesson that has reached its size takes nothing more",
    async play(setting) {
      const log = await setting.open();
      const { id } = await log.create({ world: "garden" });
      const bounds = { lessonSize: 100, idle: 1000 };
      const { ask } = await opened(id, platformOn(setting, log, { bounds }));
      const first = await ask("demonstrate", { key: newKey(), episode: walks[0]! });
      return [first, await ask("demonstrate", { key: newKey(), episode: walks[0]! })];
    },
    seen: [{ seq: 2 }, "full"],
  },
];
