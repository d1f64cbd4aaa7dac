import { demonstrate } from "../../../../shared/imitation/rollout.ts";
import type { Work } from "../../../../shared/lesson/service/work.ts";
import { worlds } from "../../../../shared/worlds/index.ts";
import { walks } from "./requests.ts";
import {
  FickleLog,
  HeldWork,
  newKey,
  onlooker,
  opened,
  owner,
  platformOn,
  type Scenario,
  type Setting,
  storedIn,
  until,
} from "./stage.ts";

const plan = { policy: "softmax", query: "every", budget: 3, drives: 1 };
/** One learns something else even where nothing new was shown. */
const another = { ...plan, policy: "tabular" };

/**
 * A lesson in a garden with a demonstration, whose work waits until it is let go.
 * @param under its plan; it has none where that is left out
 */
async function shown(setting: Setting, under?: object) {
  const fickle = new FickleLog(await setting.open());
  const work = new HeldWork(setting.work(fickle.log));
  const { id } = await fickle.log.create({
    world: "garden",
    ...(under && { plan: under }),
  } as never);
  const lesson = await opened(id, platformOn(setting, fickle.log, { work }));
  await lesson.ask("demonstrate", { key: newKey(), episode: walks[0]! });
  /** Trains, and waits for it. */
  const train = async (by = plan) => {
    const asked = lesson.ask("train", { key: newKey(), plan: by });
    const [answer] = await Promise.all([asked, work.go()]);
    return answer;
  };
  return { ...lesson, id, fickle, work, train };
}

/** Work that takes its time, and what is asked for meanwhile. */
export const jobScenarios: readonly Scenario[] = [
  {
    name: "while it trains the lesson is read and taught; what has to wait is told so",
    async play(setting) {
      const { ask, train, work, listeners } = await shown(setting);
      await train();
      const label = { round: 0, index: 0, action: [0] };
      const training = ask("train", { key: newKey(), plan: another });
      await until(() => work.held.length > 0);
      const meanwhile = {
        working: listeners.isWorking,
        page: typeof (await ask("events", { since: 0 })),
        policy: typeof (await ask("policy", {}, onlooker)),
        demonstrated: await ask("demonstrate", { key: newKey(), episode: walks[1]! }),
        label: await ask("label", { key: newKey(), ...label }),
        undo: await ask("undo", { key: newKey(), round: 0, index: 0 }),
        infer: await ask("infer", { key: newKey() }),
        train: await ask("train", { key: newKey(), plan }),
      };
      await work.go();
      const trained = await training;
      const [first] = listeners.events.filter(({ type }) => type === "trained");
      return {
        meanwhile,
        trained,
        basis: first?.type === "trained" && first.basis,
        label: await ask("label", { key: newKey(), ...label, round: 1 }),
        working: listeners.isWorking,
        heard: listeners.heard,
      };
    },
    seen: {
      meanwhile: {
        working: true,
        page: "object",
        policy: "object",
        demonstrated: { seq: 4 },
        label: "busy",
        undo: "busy",
        infer: "busy",
        train: "busy",
      },
      trained: { seq: 5 },
      basis: 2,
      label: { seq: 6 },
      working: false,
      heard: [2, 3, 4, 5, 6],
    },
  },
  {
    name: "under a plan nothing is deleted that a learner is being trained on; without one it may be",
    async play(setting) {
      const learner = { ...plan, spare: 0, repeats: 0 };
      const planned = {
        demonstrations: { least: 1, most: 2, seeds: null },
        learner,
        rounds: 1,
        corrections: { ways: ["time-stop"], least: 1, most: 2 },
        tools: ["delete"],
      };
      const forget = { demonstration: 2 };
      const meanwhile = async (under?: object) => {
        const { ask, work } = await shown(setting, under);
        const training = ask("train", { key: newKey(), plan: under ? learner : plan });
        await until(() => work.held.length > 0);
        const deleted = await ask("forget", { key: newKey(), ...forget });
        await work.go();
        return { deleted, trained: await training };
      };
      return { planned: await meanwhile(planned), free: await meanwhile() };
    },
    seen: {
      planned: { deleted: "busy", trained: { seq: 3 } },
      free: { deleted: { seq: 3 }, trained: { seq: 4 } },
    },
  },
  {
    name: "nothing is trained on what the last learner of its kind has learned already",
    async play(setting) {
      const { ask, train, work } = await shown(setting);
      const key = newKey();
      const [first] = await Promise.all([ask("train", { key, plan }), work.go()]);
      const again = () => ask("train", { key: newKey(), plan: { ...plan, query: "random" } });
      const none = await again();
      const sameRequest = await ask("train", { key, plan });
      await ask("label", { key: newKey(), round: 0, index: 0, action: [0] });
      await ask("undo", { key: newKey(), round: 0, index: 0 });
      const takenBack = await again();
      await ask("demonstrate", { key: newKey(), episode: walks[1]! });
      const more = await train();
      const noneAfter = await again();
      await ask("forget", { key: newKey(), demonstration: 6 });
      return {
        first,
        none,
        sameRequest,
        takenBack,
        more,
        noneAfter,
        fewer: await train(),
        other: await train(another),
      };
    },
    seen: {
      first: { seq: 3 },
      none: "nothing-new",
      sameRequest: { seq: 3 },
      takenBack: "nothing-new",
      more: { seq: 7 },
      noneAfter: "nothing-new",
      fewer: { seq: 9 },
      other: { seq: 10 },
    },
  },
  {
    name: "the same request joins the work, and everyone is told how far it is",
    async play(setting) {
      const { ask, work, listeners } = await shown(setting);
      const request = { key: newKey(), plan };
      const both = [ask("train", request), ask("train", request)];
      await until(() => work.held.length > 0);
      work.held[0]!.order.tell!({ share: 0, place: 2 });
      const otherBody = await ask("train", { ...request, plan: { ...plan, budget: 4 } });
      await work.go();
      const answers = await Promise.all(both);
      const [waits] = listeners.progress;
      const shares = listeners.progress.slice(1, -1).map(({ share }) => share!);
      return {
        answers,
        otherBody,
        names: work.names,
        waits: { ...waits, key: waits?.key === request.key },
        isRising: shares.every((share, i) => i === 0 || share >= shares[i - 1]!),
        over: listeners.progress.at(-1),
        again: await ask("train", request),
      };
    },
    seen: {
      answers: [{ seq: 3 }, { seq: 3 }],
      otherBody: "other-request",
      names: ["train"],
      waits: { work: "train", key: true, share: 0, place: 2 },
      isRising: true,
      over: { work: "train", share: null },
      again: { seq: 3 },
    },
  },
  {
    name: "work is stopped by its key, and the lesson is as it was",
    async play(setting) {
      const { ask, service, work, listeners, train } = await shown(setting);
      const key = newKey();
      const training = ask("train", { key, plan });
      await until(() => work.held.length > 0);
      const none = await ask("stop", { key: newKey() });
      const isGoingOn = service.isWorking;
      const one = await ask("stop", { key });
      const stopped = await training;
      work.held.length = 0;
      const abandoned = ask("infer", { key: newKey() });
      await until(() => work.held.length > 0);
      service.abandon();
      const given = await abandoned;
      work.held.length = 0;
      return {
        stop: [none, isGoingOn, one, await ask("stop", { key })],
        stopped: [stopped, given],
        failures: listeners.failures,
        working: [service.isWorking, listeners.isWorking],
        next: await train(),
      };
    },
    seen: {
      stop: [{}, true, {}, {}],
      stopped: ["stopped", "stopped"],
      failures: [],
      working: [false, false],
      next: { seq: 3 },
    },
  },
  {
    name: "work that fails is refused, and the lesson goes on",
    async play(setting) {
      const { ask, work, listeners, train } = await shown(setting);
      const training = ask("train", { key: newKey(), plan });
      await work.go(new Error("something broke"));
      return { answer: await training, failures: listeners.failures, next: await train() };
    },
    seen: { answer: "failed", failures: ["train"], next: { seq: 3 } },
  },
  {
    name: "what work came to and could not be stored is kept for whoever asks again",
    async play(setting) {
      const { ask, work, fickle, listeners } = await shown(setting);
      const request = { key: newKey(), plan };
      const training = ask("train", request);
      await until(() => work.held.length > 0);
      fickle.isFull = true;
      await work.go();
      const refused = await training;
      const heard = listeners.heard;
      fickle.isFull = false;
      // What was found for one request is not the answer to another.
      const other = ask("infer", { key: request.key });
      await until(() => work.held.length > 0);
      await work.go(new Error("something broke"));
      return {
        refused,
        heard,
        other: await other,
        again: await ask("train", request),
        names: work.names,
      };
    },
    seen: {
      refused: "not-stored",
      heard: [2],
      other: "failed",
      again: { seq: 3 },
      names: ["train", "infer"],
    },
  },
  {
    name: "a policy that is not kept is trained again, to the same parameters",
    async play(setting) {
      const { service, work, fickle, train } = await shown(setting);
      await train();
      const kept = await service.ask("policy", {}, owner);
      fickle.keepsPolicies = false;
      const [again] = await Promise.all([service.ask("policy", {}, onlooker), work.go()]);
      return {
        isSame: "json" in kept && "json" in again && kept.json === again.json,
        names: work.names,
      };
    },
    seen: { isSame: true, names: ["train", "train"] },
  },
  {
    name: "what is trained again for someone who looks on counts for their address",
    async play(setting) {
      const { service, work, fickle, train, id } = await shown(setting);
      await train();
      fickle.keepsPolicies = false;
      const payers: boolean[] = [];
      for (const [caller, payer] of [
        [owner, id],
        [onlooker, onlooker.address],
      ] as const) {
        const policy = service.ask("policy", {}, caller);
        await until(() => work.held.length > 0);
        payers.push(work.held[0]!.order.payer === payer);
        await work.go();
        await policy;
      }
      return payers;
    },
    seen: [true, true],
  },
  {
    name: "first and last round race on a seed, one race at a time for each who asks",
    async play(setting) {
      const { service, ask, work, train } = await shown(setting);
      await train();
      await train(another);
      const racing = service.ask("race", { seed: 5000 }, owner);
      await until(() => work.held.length > 0);
      const second = await ask("race", { seed: 5001 });
      const [other] = await Promise.all([
        service.ask("race", { seed: 5001 }, onlooker),
        until(() => work.held.length > 1).then(async () => {
          await work.go();
          await work.go();
        }),
      ]);
      const answer = await racing;
      return {
        second,
        rounds: "episodes" in answer && answer.episodes.map(({ round }) => round),
        seeds: "episodes" in other && other.episodes.map(({ episode }) => episode.seed),
        heldOut: await ask("race", { seed: 3 }),
      };
    },
    seen: { second: "busy", rounds: [0, 1], seeds: [5001, 5001], heldOut: "bad-episode" },
  },
  {
    name: "one large thing is read at a time",
    async play(setting) {
      const { service, work, fickle, train } = await shown(setting);
      await train();
      fickle.keepsPolicies = false;
      const codeOf = async (answer: Promise<object>) => ("code" in (await answer) ? "no" : "yes");
      const policy = codeOf(service.ask("policy", {}, owner));
      await until(() => work.held.length > 0);
      const page = () => codeOf(service.ask("events", { since: 0 }, owner));
      const meanwhile = await page();
      const other = await codeOf(service.ask("events", { since: 0 }, onlooker));
      await work.go();
      const far = { ...onlooker, isReading: true };
      return [
        meanwhile,
        other,
        await policy,
        await page(),
        await codeOf(service.ask("events", { since: 0 }, far)),
      ];
    },
    seen: ["no", "yes", "yes", "yes", "no"],
  },
  {
    name: "how late the hands were is found in turn, and not once the lesson is closed",
    async play(setting) {
      const log = await setting.open();
      const work = new HeldWork(setting.work(log));
      const { id } = await log.create({ world: "road" });
      const { ask, service, listeners } = await opened(id, platformOn(setting, log, { work }));
      const road = worlds.road!;
      await ask("demonstrate", { key: newKey(), episode: demonstrate(road, 5000) });
      const fast = { policy: "fourier", query: "novel", budget: 4, drives: 1 };
      await Promise.all([ask("train", { key: newKey(), plan: fast }), work.go()]);
      const [, trained] = listeners.events;
      const { actions } = trained?.type === "trained" ? trained.episodes[0]! : walks[0]!;
      const steered = actions.map((_, t) => 0.1 * Math.sin(t / 7));
      const request = { key: newKey(), round: 0, drive: 0, speed: 1, actions: steered };
      const order: string[] = [];
      const note = (name: string) => (answer: unknown) => {
        order.push(name);
        return answer;
      };
      const shadow = ask("shadow", request).then(note("shadow"));
      const label = ask("label", { key: newKey(), round: 0, index: 0, action: [0] });
      await work.go();
      const answers = await Promise.all([shadow, label.then(note("label"))]);
      const again = await ask("shadow", request);
      const last = ask("shadow", { ...request, key: newKey() });
      await until(() => work.held.length > 0);
      await service.close();
      return { answers, order, again, last: await last, failures: listeners.failures };
    },
    seen: {
      answers: [{ seq: 4 }, { seq: 5 }],
      order: ["shadow", "label"],
      again: { seq: 4 },
      last: "stopped",
      failures: [],
    },
  },
  {
    name: "a reward is inferred from what was shown",
    async play(setting) {
      const { ask, work, fickle, id } = await shown(setting);
      const [answer] = await Promise.all([ask("infer", { key: newKey() }), work.go()]);
      const stored = await storedIn(fickle.log, id);
      return { answer, type: stored.at(-1)!.type };
    },
    seen: { answer: { seq: 3 }, type: "inferred" },
  },
  {
    name: "a policy that is too large is refused, and nothing of it is stored",
    async play(setting) {
      const log = await setting.open();
      const really = setting.work(log);
      let length = 2_000_001;
      const work: Work = {
        train: async (...args) => {
          const trained = await really.train(...args);
          return "code" in trained ? trained : { ...trained, policy: "x".repeat(length) };
        },
        infer: (...args) => really.infer(...args),
        race: (...args) => really.race(...args),
        lag: (...args) => really.lag(...args),
      };
      const { id } = await log.create({ world: "garden" });
      const { ask } = await opened(id, platformOn(setting, log, { work }));
      await ask("demonstrate", { key: newKey(), episode: walks[0]! });
      const train = () => ask("train", { key: newKey(), plan });
      const tooLarge = await train();
      const stored = (await storedIn(log, id)).length;
      length = 2_000_000;
      return { tooLarge, stored, largest: await train() };
    },
    seen: { tooLarge: "bad-plan", stored: 2, largest: { seq: 3 } },
  },
  {
    name: "no reward is inferred from less than a step of the model, and no harm is done",
    async play(setting) {
      const log = await setting.open();
      const { id } = await log.create({ world: "mountain" });
      const { ask, service, listeners } = await opened(id, platformOn(setting, log));
      const drive = demonstrate(worlds.mountain!, 5000);
      const short = { ...drive, actions: [0], controllers: [0] };
      await ask("demonstrate", { key: newKey(), episode: short });
      const refusal = await service.ask("infer", { key: newKey() }, owner);
      await ask("demonstrate", { key: newKey(), episode: drive });
      const { failures } = listeners;
      return { refusal, failures, longer: await ask("infer", { key: newKey() }) };
    },
    seen: {
      refusal: {
        code: "no-demonstrations",
        reason: "Your demonstrations are too short to infer a reward from; give a longer one.",
      },
      failures: [],
      longer: { seq: 4 },
    },
  },
];
