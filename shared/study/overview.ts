import { cellsOf } from "./assignment.ts";
import type { Participant, Step, Study } from "./study.ts";
import { taskOf } from "./study.ts";
import { medianOf, tooFast } from "./summary.ts";

/** What a researcher sees of a study: how it goes, and nothing that a lesson itself would have to be read for. */
export interface Overview {
  readonly title: string;
  readonly isClosed: boolean;
  /** Most people who take part. */
  readonly cap: number;
  readonly arrived: number;
  /** How many have a place, and how many of these are done. */
  readonly taken: number;
  readonly completed: number;
  /** How many are at each step, or left there: `task 1` is the first task. */
  readonly places: readonly {
    readonly place: string;
    readonly here: number;
    readonly left: number;
  }[];
  readonly cells: readonly {
    readonly condition: string;
    readonly order: readonly number[];
    readonly weight: number;
    readonly assigned: number;
    readonly taken: number;
    readonly completed: number;
  }[];
  /** Medians of those who completed, ms. */
  readonly medians: readonly { readonly what: string; readonly ms: number | null }[];
  /** In the order of arrival. */
  readonly participants: readonly ParticipantRow[];
}

export interface ParticipantRow {
  readonly number: number;
  /** As the panel has it. */
  readonly id: string;
  readonly condition: string | null;
  readonly order: readonly number[] | null;
  readonly place: string;
  readonly arrived: number;
  readonly last: number;
  /** From consent to the end, ms. */
  readonly took: number | null;
  readonly flags: readonly string[];
  /** Addresses of the lessons of their tasks, by which one may look on. */
  readonly lessons: readonly string[];
}

/** Why a participant may be worth a look. */
const flags = {
  /** The page was away for longer than this, ms, or more often. */
  away: { ms: 15_000, times: 5 },
  /** Answers of which fewer say nothing. */
  answers: 6,
  /** Steps at the wheel of which fewer say nothing. */
  steered: 40,
  /** Shares of answers that are fast, or the same, and of steps at which the wheel is the same. */
  fast: 0.3,
  same: 0.9,
  still: 0.98,
} as const;

/** @param now milliseconds since 1970 */
export function overviewOf(study: Study, now: number): Overview | null {
  const newest = study.protocols.at(-1)?.protocol;
  if (!newest) return null;
  const all = [...study.participants.values()];
  const completed = all.filter(({ step }) => step === "completed");
  const index = study.protocols.length - 1;
  const inCell = cellsOf(newest).map(() => ({ assigned: 0, taken: 0, completed: 0 }));
  for (const one of all) {
    if (one.protocol !== index || !one.cell) continue;
    const counts = inCell[one.cell.condition * newest.orders.length + one.cell.order]!;
    counts.assigned++;
    if (study.counts(one, now)) counts.taken++;
    if (one.step === "completed") counts.completed++;
  }
  const took = (
    from: (one: Participant) => number | null,
    to: (one: Participant) => number | null,
  ) =>
    medianOf(
      completed.flatMap((one) => {
        const [a, b] = [from(one), to(one)];
        return a === null || b === null ? [] : [b - a];
      }),
    );
  return {
    title: newest.title,
    isClosed: study.isClosed,
    cap: newest.participants,
    arrived: all.length,
    taken: all.filter((one) => study.counts(one, now)).length,
    completed: completed.length,
    places: placesOf(study, all, now),
    cells: cellsOf(newest).map(({ condition, order }, i) => ({
      condition: newest.conditions[condition]!.name,
      order: newest.orders[order]!,
      weight: newest.conditions[condition]!.weight,
      ...inCell[i]!,
    })),
    medians: [
      {
        what: "From consent to the end",
        ms: took(
          ({ consented }) => consented,
          ({ ended }) => ended,
        ),
      },
      ...newest.orders[0]!.map((_, i) => ({
        what: `Task ${i + 1}`,
        ms: took(
          ({ tasks }) => tasks[i]?.began ?? null,
          ({ tasks }) => tasks[i]?.finished ?? null,
        ),
      })),
    ],
    participants: all.map((one) => rowOf(study, one, now)),
  };
}

function rowOf(study: Study, one: Participant, now: number): ParticipantRow {
  const protocol = study.protocolOf(one);
  const { number, id, cell, arrived, last, consented, ended } = one;
  return {
    number,
    id,
    condition: cell ? protocol.conditions[cell.condition]!.name : null,
    order: cell ? protocol.orders[cell.order]! : null,
    place: study.isLate(one, now) ? `${placeOf(one)}, left` : placeOf(one),
    arrived,
    last,
    took: consented !== null && ended !== null ? ended - consented : null,
    flags: flagsOf(one),
    lessons: one.tasks.map(({ lesson }) => lesson),
  };
}

/** Where a participant is, in a word or two. */
export function placeOf(one: Participant): string {
  return one.step === "task" ? `task ${taskOf(one) + 1}` : one.step;
}

function placesOf(study: Study, all: readonly Participant[], now: number): Overview["places"] {
  const places = new Map<string, { here: number; left: number }>();
  const nTasks = Math.max(...study.protocols.map(({ protocol }) => protocol.orders[0]!.length));
  const steps: readonly Step[] = ["consent", "instructions", "check"];
  const rest: readonly Step[] = ["questions", "completed", "declined", "screened", "timed-out"];
  const tasks = Array.from({ length: nTasks }, (_, i) => `task ${i + 1}`);
  for (const place of [...steps, ...tasks, ...rest]) places.set(place, { here: 0, left: 0 });
  for (const one of all) places.get(placeOf(one))![study.isLate(one, now) ? "left" : "here"]++;
  return [...places].map(([place, counts]) => ({ place, ...counts }));
}

export function flagsOf({ away, tasks }: Participant): string[] {
  const found: string[] = [];
  const summaries = tasks.flatMap(({ summary }) => (summary ? [summary] : []));
  const ms = away.reduce((sum, one) => sum + one.ms, 0);
  const times = away.reduce((sum, one) => sum + one.times, 0);
  if (ms > flags.away.ms || times > flags.away.times)
    found.push(`away ${times} times, ${Math.round(ms / 1000)} s`);
  for (const [i, { answers, fast, same, steered, still }] of summaries.entries()) {
    if (steered >= flags.steered && still! >= flags.still)
      found.push(
        `task ${i + 1}: the wheel stood still for ${Math.round(100 * still!)} % of the way`,
      );
    if (answers < flags.answers) continue;
    if (fast !== null && fast > flags.fast)
      found.push(
        `task ${i + 1}: ${Math.round(100 * fast)} % of answers took less than ${tooFast} ms`,
      );
    if (same !== null && same >= flags.same)
      found.push(`task ${i + 1}: ${Math.round(100 * same)} % of answers the same`);
  }
  return found;
}
