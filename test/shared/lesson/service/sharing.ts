import { demonstrate } from "../../../../shared/imitation/rollout.ts";
import { LessonMemory } from "../../../../shared/lesson/service/lessonMemory.ts";
import { LessonService } from "../../../../shared/lesson/service/service.ts";
import { worlds } from "../../../../shared/worlds/index.ts";
import { walks } from "./requests.ts";
import {
  FickleLog,
  Listeners,
  newKey,
  opened,
  owner,
  platformOn,
  type Scenario,
  storedIn,
  Timers,
} from "./stage.ts";

const deal = (taste: string | null) => ({ key: newKey(), taste });

/** Lessons in and out of memory, in several places at once, and damaged. */
export const sharingScenarios: readonly Scenario[] = [
  {
    name: "two services on one log both write; each hears every event once and in order",
    async play(setting) {
      const [here, there] = [await setting.open(), await setting.open()];
      const { id } = await here.create({ world: "garden" });
      const one = await opened(id, platformOn(setting, here));
      const other = await opened(id, platformOn(setting, there));
      const answers = await Promise.all(
        [...walks, ...walks].map((episode, i) =>
          (i % 2 ? one : other).ask("demonstrate", { key: newKey(), episode }),
        ),
      );
      // Each catches up when it has something to write.
      const last = [await one.ask("forget", { key: newKey(), demonstration: 2 })];
      last.push(await other.ask("forget", { key: newKey(), demonstration: 3 }));
      last.push(await one.ask("forget", { key: newKey(), demonstration: 3 }));
      return {
        seqs: answers.map((answer) => (answer as { seq: number }).seq).sort(),
        last,
        heard: [one.listeners.heard, other.listeners.heard],
        stored: (await storedIn(here, id)).map(({ seq }) => seq),
      };
    },
    seen: {
      seqs: [2, 3, 4, 5, 6, 7],
      last: [{ seq: 8 }, { seq: 9 }, "unknown-demonstration"],
      heard: [
        [2, 3, 4, 5, 6, 7, 8, 9],
        [2, 3, 4, 5, 6, 7, 8, 9],
      ],
      stored: [1, 2, 3, 4, 5, 6, 7, 8, 9],
    },
  },
  {
    name: "the same request at two services is done once",
    async play(setting) {
      const [here, there] = [await setting.open(), await setting.open()];
      const { id } = await here.create({ world: "garden" });
      const one = await opened(id, platformOn(setting, here));
      const other = await opened(id, platformOn(setting, there));
      const request = deal("duck");
      const answers = await Promise.all([one.ask("deal", request), other.ask("deal", request)]);
      return { answers, stored: (await storedIn(there, id)).length };
    },
    seen: { answers: [{ seq: 2 }, { seq: 2 }], stored: 2 },
  },
  {
    name: "what is refused is refused for the lesson as it is by now, whoever wrote to it",
    async play(setting) {
      const [here, there] = [await setting.open(), await setting.open()];
      const { id } = await here.create({ world: "garden" });
      const one = await opened(id, platformOn(setting, here));
      await one.ask("demonstrate", { key: newKey(), episode: walks[0]! });
      const other = await opened(id, platformOn(setting, there));
      const forget = { key: newKey(), demonstration: 2 };
      return [await other.ask("forget", forget), await one.ask("deal", deal("duck"))];
    },
    seen: [{ seq: 3 }, { seq: 4 }],
  },
  {
    name: "a lesson that nobody asks for leaves memory, and comes back with what was written meanwhile",
    async play(setting) {
      const [here, there] = [await setting.open(), await setting.open()];
      const { id } = await here.create({ world: "garden" });
      const clock = new Timers();
      const one = await opened(id, platformOn(setting, here, { clock }));
      const other = await opened(id, platformOn(setting, there));
      await one.ask("deal", deal("duck"));
      clock.ring();
      await other.ask("deal", deal("gardener"));
      const answer = await one.ask("deal", deal("duck"));
      clock.ring();
      return { answer, again: await one.ask("deal", deal(null)), heard: one.listeners.heard };
    },
    seen: { answer: { seq: 4 }, again: { seq: 5 }, heard: [2, 3, 4, 5] },
  },
  {
    name: "a lesson that leaves memory while it is being read is read to its end",
    async play(setting) {
      const fickle = new FickleLog(await setting.open());
      const clock = new Timers();
      const { id } = await fickle.log.create({ world: "road" });
      const { ask, listeners } = await opened(id, platformOn(setting, fickle.log, { clock }));
      const episode = demonstrate(worlds.road!, 5000);
      const requests = Array.from({ length: 30 }, () => ({ key: newKey(), episode }));
      for (const request of requests) await ask("demonstrate", request);
      let nStretches = 0;
      fickle.meanwhile = () => {
        nStretches++;
        clock.ring();
      };
      clock.ring();
      const answers = [];
      for (const request of [{ key: newKey(), episode }, requests[0]!, requests[29]!])
        answers.push(await ask("demonstrate", request));
      return { inPieces: nStretches > 1, answers, heard: listeners.heard };
    },
    seen: {
      inPieces: true,
      answers: [{ seq: 32 }, { seq: 2 }, { seq: 31 }],
      heard: Array.from({ length: 31 }, (_, i) => i + 2),
    },
  },
  {
    name: "what had to wait in a lesson is done at the cost of whoever asked for it",
    async play(setting) {
      const log = await setting.open();
      const clock = new Timers();
      const { id } = await log.create({ world: "garden" });
      const { ask } = await opened(id, platformOn(setting, log, { clock }));
      const [first, second, third] = ["first", "second", "third"].map((address) => ({
        ...owner,
        address,
        spend() {},
      }));
      const payers = async (asked: () => Promise<unknown>) => {
        clock.turns.length = 0;
        await asked();
        return clock.turns.map((spend) =>
          [first, second, third].findIndex((caller) => caller!.spend === spend),
        );
      };
      const seen = {
        alone: await payers(() => ask("deal", deal("duck"), first)),
        behind: await payers(() =>
          Promise.all([
            ask("deal", deal(null), first),
            ask("policy", {}, second),
            ask("deal", deal("duck"), third),
          ]),
        ),
      };
      clock.ring();
      return { ...seen, readAgain: await payers(() => ask("policy", {}, second)) };
    },
    seen: { alone: [], behind: [1, 2], readAgain: [1] },
  },
  {
    name: "lessons share a bound of memory; whichever had to go goes on when it is asked",
    async play(setting) {
      const log = await setting.open();
      const memory = new LessonMemory(1);
      const platform = platformOn(setting, log, { memory });
      const [first, second] = [
        await opened((await log.create({ world: "garden" })).id, platform),
        await opened((await log.create({ world: "garden" })).id, platform),
      ];
      const answers = [];
      for (const { ask } of [first, second, first, second])
        answers.push(await ask("deal", deal("duck")));
      return { answers, heard: [first.listeners.heard, second.listeners.heard] };
    },
    seen: {
      answers: [{ seq: 2 }, { seq: 2 }, { seq: 3 }, { seq: 3 }],
      heard: [
        [2, 3],
        [2, 3],
      ],
    },
  },
  {
    name: "a damaged lesson is refused, and others go on",
    async play(setting) {
      const log = await setting.open();
      const { id } = await log.create({ world: "garden" });
      const well = await log.create({ world: "garden" });
      const clock = new Timers();
      const sick = await opened(id, platformOn(setting, log, { clock }));
      await sick.ask("demonstrate", { key: newKey(), episode: walks[0]! });
      await sick.ask("deal", deal(null));
      clock.ring();
      await setting.damage(id, 2);
      const refused = await sick.ask("deal", deal(null));
      const page = await sick.ask("events", { since: 1 });
      const opening = await LessonService.open(
        id,
        platformOn(setting, log),
        new Listeners(),
        () => {},
      ).catch((error: Error) => error.message.includes("Event 2 of this lesson"));
      const other = await opened(well.id, platformOn(setting, log));
      return {
        refused,
        page,
        opening,
        failures: sick.listeners.failures,
        other: await other.ask("deal", deal("duck")),
      };
    },
    seen: {
      refused: "damaged",
      page: "damaged",
      opening: true,
      failures: [],
      other: { seq: 2 },
    },
  },
  {
    name: "there is no service where there is no lesson",
    async play(setting) {
      const log = await setting.open();
      const id = "a".repeat(22);
      return LessonService.open(id, platformOn(setting, log), new Listeners(), () => {});
    },
    seen: null,
  },
];
