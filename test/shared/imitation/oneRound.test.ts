import { transformWithOxc } from "vite";
import { describe, expect, test, vi } from "vitest";
import { compare } from "../../../client/bc-vs-dagger/duel.ts";
import { file, listedSteps, loop, parts } from "../../../client/lesson/code/listing.ts";
import { PreviewLearner } from "../../../client/lesson/learned/preview-learner.ts";
import { answer, dagger } from "../../../shared/imitation/dagger.ts";
import { type Expert, human } from "../../../shared/imitation/experts.ts";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { type RoundStep, rounds } from "../../../shared/imitation/round.ts";
import { parse } from "../../../shared/laboratory/flags.ts";
import { run } from "../../../shared/laboratory/run.ts";
import { apply, type NewEvent, read } from "../../../shared/lesson/fold.ts";
import { emptyLesson, type Lesson, learningSeedOf } from "../../../shared/lesson/lesson.ts";
import { firstOpenSeed } from "../../../shared/lesson/protocol.ts";
import { startRound } from "../../../shared/lesson/training.ts";
import { policyKinds } from "../../../shared/policies/index.ts";
import type { Policy } from "../../../shared/policies/policy.ts";
import { queries } from "../../../shared/queries/index.ts";
import { type Episode, replay } from "../../../shared/worlds/episode.ts";
import { worlds } from "../../../shared/worlds/index.ts";

// The same module, whose calls are counted.
vi.mock("../../../shared/imitation/round.ts", async (original) => {
  const module = await original<{ rounds: typeof rounds }>();
  return { ...module, rounds: vi.fn(module.rounds) };
});

/** What the server records of a training, and nobody here looks at. */
const unmeasured = { digest: "", arithmetic: "", ms: 0 };
const after = (lesson: Lesson, event: NewEvent): Lesson =>
  apply(lesson, read({ seq: lesson.seq + 1, at: 0, ...event }));
const shownTo = (world: string, episode: Episode): Lesson =>
  [{ type: "created", world } as const, { type: "demonstrated", episode } as const].reduce(
    after,
    emptyLesson,
  );
const bits = (policy: Policy) => JSON.stringify(policy.toJSON());

/** So many rounds of a lesson, each on the log so far, in which `expert` answers for the person. */
function* lessonRounds(
  lesson: Lesson,
  policy: string,
  query: string,
  expert: Expert,
  seed: number,
) {
  const world = worlds[lesson.world]!;
  for (let number = 0; ; number++) {
    const plan = { policy, query, budget: 5, drives: 2 };
    const now = seed + number;
    const learningSeed = learningSeedOf(lesson, policy, now);
    const { policy: learner, round } = startRound(lesson, plan, now, () => {}, learningSeed);
    yield { policy: bits(learner), pairs: round.pairs, loss: round.loss, round };
    lesson = after(lesson, { type: "trained", v: 2, ...round, ...unmeasured, basis: lesson.seq });
    const visited = round.episodes.map((episode) => replay(world, episode));
    const visits = round.queries.map(([drive, t]) => ({
      drive,
      t,
      state: visited[drive]!.states.slice(t * world.stateSize, (t + 1) * world.stateSize),
      done: null,
      proposed: new Float64Array(),
    }));
    answer(world, visits, expert, seed + number).forEach(({ action }, index) => {
      const label = { round: number, index, action: Array.from(action) };
      lesson = after(lesson, { type: "labelled", ...label });
    });
  }
}

describe("a lesson and the laboratory", () => {
  test.each([
    ["road", "fourier", "novel"],
    ["road", "linear", "random"],
    ["garden", "softmax", "novel"],
    ["garden", "tabular", "every"],
    ["path", "fourier", "random"],
  ])("come to the same policies and questions: %s, %s, %s", (name, policy, query) => {
    const world = worlds[name]!;
    const expert = human(world, { noise: 0.1, lag: 0, inconsistency: 0, temperature: 0 });
    const [episode, seed] = [demonstrate(world, 5001), 77];
    const lesson = lessonRounds(shownTo(name, episode), policy, query, expert, seed);
    const method = { kind: policyKinds[policy]!, query: queries[query]!, budget: 5, drives: 2 };
    const shown = [replay(world, episode)];
    const laboratory = dagger(world, shown, method, expert, seed, firstOpenSeed);
    let asked: readonly (readonly [number, number])[] = [];
    for (let number = 0; number < 4; number++) {
      const one = lesson.next().value!;
      const other = laboratory.next().value;
      expect(one.policy).toBe(bits(other.policy));
      expect([one.pairs, one.loss]).toEqual([other.data.n, other.loss]);
      // The laboratory's drives and answers are those that led to this policy.
      const states = asked.map(([drive, t]) =>
        other.drives[drive]!.states.slice(t * world.stateSize, (t + 1) * world.stateSize),
      );
      expect(other.answers.map(({ state }) => Float64Array.from(state))).toEqual(states);
      asked = one.round.queries;
      expect(asked.length).toBeGreaterThan(0);
    }
  });
});

describe("the lines that are shown", () => {
  const called = vi.mocked(rounds);
  const calls = (task: () => unknown) => {
    called.mockClear();
    task();
    return called.mock.calls.length;
  };
  const lesson = shownTo("garden", demonstrate(worlds.garden!, 5001));
  const plan = { policy: "softmax", query: "novel", budget: 3, drives: 1 };

  test.each([
    ["a lesson", () => startRound(lesson, plan, 1), 1],
    [
      "the preview",
      () => {
        const { round } = startRound(lesson, plan, 1);
        called.mockClear();
        const event = { type: "trained", v: 2, ...round, ...unmeasured, basis: 2 } as const;
        new PreviewLearner(after(lesson, event));
      },
      1,
    ],
    [
      "the laboratory",
      () => {
        const values = { horizon: ["20"], rounds: ["2"], "held-out": ["2"], validation: ["2"] };
        const asked = parse({ positionals: ["dagger"], values });
        if (asked?.task === "study") run(asked.study, 0, () => {});
      },
      1,
    ],
    ["the demo page", () => compare({ arena: "road", wind: 0.5, seed: 1 }, () => {}), 4],
  ])("are those that run in %s", (_, task, times) => {
    expect(loop.lines[0]).toBe("export function* rounds(");
    expect(calls(task)).toBe(times);
  });

  test("are the functions' own, whole", async () => {
    const module = await vi.importActual<Record<string, () => unknown>>(
      "../../../shared/imitation/round.ts",
    );
    for (const { lines } of [loop, ...parts]) {
      const text = lines.join("\n");
      const [name] = text.match(/(?<=^export function\*? )\w+/)!;
      const { code } = await transformWithOxc(text, file);
      // What a module imports is called by another name in a test: it is taken for what it is.
      const plain = (code: string) =>
        code
          .replace(
            /\(0,\s*__vite_ssr_import_\d+__\.(\w+)\)|__vite_ssr_import_\d+__\.(\w+)/g,
            "$1$2",
          )
          .replace(/\s+/g, " ")
          .trim();
      expect(plain(String(module[name])), name).toBe(plain(code.replace(/^export /, "")));
    }
  });

  test("name each step of the round once, in order", () => {
    const numbers = {
      begin: 1,
      fit: 2,
      rollOut: 3,
      choose: 4,
      ask: 5,
      aggregate: 6,
    } satisfies Record<RoundStep, number>;
    const listed = [...listedSteps].map(([name, { number }]) => [name, number]);
    expect(listed).toEqual(Object.entries(numbers));
    for (const [name, { line }] of listedSteps)
      expect(loop.lines[line - loop.start]).toContain(`steps.${name}(`);
  });
});
