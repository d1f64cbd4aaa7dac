import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { LessonRecord } from "../../../shared/data/lessonRecord.ts";
import { type Cell, flatColumns } from "../../../shared/data/table.ts";
import { tables } from "../../../shared/data/tables/index.ts";
import { driverOf } from "../../../shared/imitation/rollout.ts";
import { apply } from "../../../shared/lesson/fold.ts";
import { emptyLesson, type Lesson } from "../../../shared/lesson/lesson.ts";
import { labelsOf, startRound } from "../../../shared/lesson/training.ts";
import { Controller, replay } from "../../../shared/worlds/episode.ts";
import { worlds } from "../../../shared/worlds/index.ts";
import { History } from "../lesson/histories.ts";
import { fullHistory, lessonRecord } from "./lessons.ts";

type Row = Readonly<Record<string, Cell>>;

let lesson: LessonRecord;
let now: Lesson;

beforeAll(async () => {
  const history = await fullHistory();
  now = history.lesson;
  lesson = await lessonRecord(history);
});

function rowsOf(name: string, of = lesson): Row[] {
  const table = tables.find((table) => table.name === name)!;
  const columns = flatColumns(table.columns, of.level);
  return Array.from(table.rows(of), (row) =>
    Object.fromEntries(columns.map(({ name, column, i }) => [name, column.of(row, i)])),
  );
}

describe("steps", () => {
  test("have the states of a replay, bit for bit", () => {
    const rows = rowsOf("steps");
    const states = lesson.episodes.flatMap(({ episode }) => {
      const { states, length } = replay(worlds[episode.world]!, episode);
      return [...states.subarray(0, 3 * length)];
    });
    expect(rows.flatMap((row) => [row.state_0, row.state_1, row.state_2])).toEqual(states);
  });

  test("of what counts have the pairs that the learner is trained on", () => {
    const kept = new Set(
      lesson.episodes.filter(({ takenBack }) => takenBack === null).map(({ number }) => number),
    );
    const told = rowsOf("steps").filter(
      ({ episode, expert_action_0: action }) => kept.has(episode as number) && action !== null,
    );
    const pairs = (rows: readonly { state: ArrayLike<number>; action: ArrayLike<number> }[]) =>
      new Set(rows.map(({ state, action }) => [...Array.from(state), action[0]].join()));
    const shown = now.demonstrations.flatMap(({ episode }) => {
      const { states, actions, length } = replay(worlds[episode.world]!, episode);
      return Array.from({ length }, (_, t) => ({
        state: states.subarray(3 * t, 3 * t + 3),
        action: actions.subarray(t, t + 1),
      }));
    });
    // A state that was answered twice is in the steps once, with the last answer.
    const last = new Map(
      labelsOf(lesson.level, now).map((label) => [[...label.state].join(), label]),
    );
    expect(
      pairs(
        told.map((row) => ({
          state: [row.state_0, row.state_1, row.state_2] as number[],
          action: [row.expert_action_0 as number],
        })),
      ),
    ).toEqual(pairs([...shown, ...last.values()]));
  });

  test("with a takeover have what the learner would have done, computed again", () => {
    const [first] = lesson.episodes.filter(({ kind }) => kind === "takeover");
    const { plan, seed, learningSeed, basis } = lesson.rounds[0]!.start;
    const then = lesson.events.filter(({ seq }) => seq <= basis).reduce(apply, emptyLesson);
    const { policy } = startRound(then, plan, seed, () => {}, learningSeed);
    const world = worlds[first!.episode.world]!;
    const { states, length } = replay(world, first!.episode);
    const drive = driverOf(world, policy);
    const proposed = Array.from({ length }, (_, t) => {
      const action = new Float64Array(1);
      drive(states.subarray(3 * t, 3 * t + 3), action);
      return action[0];
    });
    const rows = rowsOf("steps").filter(({ episode }) => episode === first!.number);
    expect(rows.map((row) => row.learner_action_0)).toEqual(proposed);
    const taken = rows.filter(({ controller }) => controller === "expert");
    expect(taken).toHaveLength(20);
    expect(taken.every(({ expert_source }) => expert_source === "takeover")).toBe(true);
  });

  test("name the questions in the order of asking", () => {
    const rows = rowsOf("steps");
    for (const { rollouts, start } of lesson.rounds) {
      const seen = new Set<string>();
      start.queries.forEach(([drive, t], rank) => {
        if (seen.has(`${drive} ${t}`)) return;
        seen.add(`${drive} ${t}`);
        const { number } = rollouts[drive]!;
        expect(rows.find((row) => row.episode === number && row.t === t)).toMatchObject({
          queried: true,
          query_rank: rank,
          uncertainty: start.uncertainty[drive]![t],
        });
      });
    }
    const asked = rows.filter(({ queried }) => queried).length;
    expect(asked).toBe(
      lesson.rounds.reduce(
        (sum, { start }) => sum + new Set(start.queries.map((query) => query.join())).size,
        0,
      ),
    );
  });

  test("that fell have the feature of a fall, and not of the place one was put back to", () => {
    const fallen = rowsOf("steps").filter(({ outcome }) => outcome === "fell");
    expect(fallen.length).toBeGreaterThan(0);
    for (const row of fallen) expect(row.feature_4).toBe(1);
  });
});

describe("labels", () => {
  test("have what was taken back, and by which event", () => {
    const rows = rowsOf("labels");
    const undone = lesson.events.find(({ type }) => type === "undone")!;
    const retracted = lesson.events.find(({ type }) => type === "retracted")!;
    expect(rows.filter(({ taken_back }) => taken_back === undone.seq)).toMatchObject([
      { way: "time-stop", question: 4, expert_action_0: 0.02 },
    ]);
    expect(rows.filter(({ taken_back }) => taken_back === retracted.seq)).toHaveLength(20);
    expect(rows.filter(({ taken_back }) => taken_back === null)).toHaveLength(
      labelsOf(lesson.level, now).length,
    );
  });

  test("name what they repeat, and how far the learner is off", () => {
    for (const row of rowsOf("labels")) {
      const { level } = lesson;
      const range = level.action.kind === "continuous" ? level.action.high[0]! * 2 : 0;
      const off = Math.abs((row.expert_action_0 as number) - (row.learner_action_0 as number));
      expect(row.disagreement).toBeCloseTo(off / range, 12);
      if (row.repeat_of === null) continue;
      const { queries } = lesson.rounds[row.round as number]!.start;
      expect(queries[row.repeat_of as number]).toEqual(queries[row.question as number]);
    }
  });
});

test("what was recorded of a person's hands is told, and what was not is null", () => {
  const [, recorded] = rowsOf("episodes");
  expect(recorded!.inputs).toBe("keys gamepad");
  const drive = rowsOf("steps").filter(({ episode }) => episode === 1);
  expect(drive[7]).toMatchObject({ client_ms: 350, frame_gap_ms: 130, away_ms: 0 });
  expect(drive[8]).toMatchObject({ client_ms: 400, frame_gap_ms: 0, away_ms: 900 });
  const other = rowsOf("steps").filter(({ episode }) => episode !== 1);
  for (const row of other)
    expect(row).toMatchObject({ client_ms: null, frame_gap_ms: null, away_ms: null });
  const answers = rowsOf("labels").filter(({ way }) => way === "time-stop");
  expect(answers.map(({ response_ms }) => response_ms)).toEqual([1000, 1001, 1002, null, null]);
  expect(answers.map(({ input }) => input)).toEqual(["touch", "touch", "touch", null, null]);
});

test("episodes have what was deleted, and whose they are", () => {
  const rows = rowsOf("episodes");
  expect(rows.map(({ kind }) => kind)).toEqual([
    ...["demonstration", "demonstration", "rollout", "rollout"],
    ...["takeover", "takeover", "rollout", "rollout"],
  ]);
  expect(rows[1]).toMatchObject({ taken_back: 4, seed: 3001, policy: null });
  expect(rows[0]).toMatchObject({ taken_back: null, length: 200, falls: 0 });
  for (const row of rows.filter(({ round }) => round !== null))
    expect(row.policy).toBe(lesson.rounds[row.round as number]!.start.digest);
});

test("rounds count the labels that stand", () => {
  const [clone] = rowsOf("rounds");
  const { answers, interventions } = now.rounds[0]!;
  expect(clone).toMatchObject({
    time_stop_labels: answers.length,
    takeover_labels: interventions[0]!.episode.controllers.filter((c) => c === Controller.expert)
      .length,
    best_round: 0,
  });
});

test("a reward has its weights, and no taste where none was dealt", () => {
  const [reward] = rowsOf("rewards");
  const { weights } = now.inference!;
  expect(weights.map((_, i) => reward![`weight_${i}`])).toEqual(weights);
  expect(reward).toMatchObject({ taste: null, taste_weight_0: null });
});

test("noises of labels are what the labels' own table tells", () => {
  const labels = rowsOf("labels");
  const half = (lesson.level.action as { high: readonly number[] }).high[0]!;
  const apart = labels
    .filter((row) => row.repeat_of !== null && row.taken_back === null)
    .map((row) => {
      const first = labels.find(
        ({ round, question }) => round === row.round && question === row.repeat_of,
      )!;
      return ((row.expert_action_0 as number) - (first.expert_action_0 as number)) / half;
    });
  expect(apart.length).toBeGreaterThan(0);
  const squares = apart.reduce((sum, gap) => sum + gap * gap, 0);
  const [row] = rowsOf("label_noises").filter(({ way }) => way === "time-stop");
  expect(row).toMatchObject({ lesson: lesson.id, pairs: apart.length });
  expect(row!.noise).toBeCloseTo(Math.sqrt(squares / 2 / apart.length), 12);
  expect(row!.noise_low).toBeLessThan(row!.noise as number);
  expect(row!.noise_high).toBeGreaterThan(row!.noise as number);
});

test("rewards of steps are features times the weights of the taste that was dealt", async () => {
  const history = new History("garden");
  history.ask("deal", { taste: "duck" });
  history.show(2000);
  const record = await lessonRecord(history);
  const { weights } = record.level.tastes!.duck!;
  for (const row of rowsOf("steps", record))
    expect(row.reward).toBe(
      weights.reduce((sum, weight, i) => sum + weight * (row[`feature_${i}`] as number), 0),
    );
});

test("old logs have their tables, in which what they did not record is null", async () => {
  const logs = join(import.meta.dirname, "../lesson/logs");
  for (const file of readdirSync(logs)) {
    const { events } = JSON.parse(readFileSync(join(logs, file), "utf8"));
    const record = await lessonRecord({ events });
    for (const { name } of tables) expect(() => rowsOf(name, record), file).not.toThrow();
    for (const row of rowsOf("steps", record))
      expect(row, file).toMatchObject({ client_ms: null, frame_gap_ms: null, away_ms: null });
    if (file === "before-errors.json")
      expect(rowsOf("rounds", record)[0]).toMatchObject({ errors: null, first_fall_laps: null });
  }
});

test("a learner that does not follow from the log is not made up", async () => {
  const events = lesson.events.map((event) =>
    event.type === "trained" ? { ...event, digest: "0".repeat(64) } : event,
  );
  const record = await lessonRecord({ events });
  const takeover = record.episodes.find(({ kind }) => kind === "takeover")!;
  const rows = rowsOf("steps", record).filter(({ episode }) => episode === takeover.number);
  expect(rows.every(({ learner_action_0 }) => learner_action_0 === null)).toBe(true);
});
