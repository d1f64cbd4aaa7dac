import type { Progress } from "../../class/progress.ts";
import type { Pupil, SchoolClass } from "../../class/schoolClass.ts";
import type { ColumnOf, TableOf } from "../table.ts";

/** A class with what its pupils' lessons came to. */
export interface ClassSource {
  readonly now: SchoolClass;
  /** By pupil. */
  readonly progress: ReadonlyMap<number, Progress>;
  /** Address of a pupil's lesson. */
  readonly lessonOf: (pupil: number) => string;
  /** Whether nicknames are in it. */
  readonly hasNames: boolean;
}

interface PupilRow {
  readonly source: ClassSource;
  readonly one: Pupil;
  readonly progress: Progress | undefined;
}

export const pupilNumber: ColumnOf<{ readonly one: Pupil }> = {
  name: "pupil",
  type: "integer",
  meaning:
    "Number of the pupil in the class: that of the event in `class.jsonl` by which they came.",
  of: ({ one }) => one.number,
};

const scoreMeaning = "in the measure that `unit` names, on the held-out starts";

export const pupils: TableOf<PupilRow, ClassSource> = {
  name: "pupils",
  row: "somebody who came to the class",
  columns: [
    pupilNumber,
    {
      name: "place",
      type: "integer",
      meaning: "1 for who came first.",
      of: ({ one }) => one.place,
    },
    {
      name: "nickname",
      type: "text",
      isTyped: true,
      meaning: "What they called themselves; none where names were left out.",
      of: ({ source, one }) => (source.hasNames ? one.nickname : null),
    },
    {
      name: "came",
      type: "integer",
      unit: "ms since 1970",
      meaning: "When they came.",
      of: ({ one }) => one.came,
    },
    {
      name: "removed",
      type: "boolean",
      meaning: "Whether the teacher took them out of the class.",
      of: ({ one }) => one.isRemoved,
    },
    {
      name: "lesson",
      type: "text",
      meaning: "Their lesson, as in all other tables.",
      of: ({ source, one }) => source.lessonOf(one.number),
    },
    {
      name: "activity",
      type: "text",
      meaning:
        "What they were at: `demonstrating`, `cloning`, `correcting`, `retraining`, `rewarding` or `done`.",
      of: ({ progress }) => progress?.activity ?? null,
    },
    {
      name: "demonstrations",
      type: "integer",
      meaning: "Demonstrations that they gave.",
      of: ({ progress }) => progress?.demonstrations ?? null,
    },
    {
      name: "trained",
      type: "integer",
      meaning: "Times that their learner was trained.",
      of: ({ progress }) => progress?.curve.length ?? null,
    },
    {
      name: "labels",
      type: "integer",
      meaning: "Labels that they gave, in whichever way.",
      of: ({ progress }) => progress?.labels ?? null,
    },
    {
      name: "clone",
      type: "number",
      meaning: `Score of their first learner ${scoreMeaning}.`,
      of: ({ progress }) => progress?.curve[0]?.[1] ?? null,
    },
    {
      name: "newest",
      type: "number",
      meaning: `Score of their newest learner ${scoreMeaning}.`,
      of: ({ progress }) => progress?.curve.at(-1)?.[1] ?? null,
    },
    {
      name: "guess_clone",
      type: "number",
      meaning: "What they said that the score of the first would be, before they knew it.",
      of: ({ one }) => one.guesses.clone ?? null,
    },
    {
      name: "guess_corrected",
      type: "number",
      meaning: "What they said that the score of the corrected one would be, likewise.",
      of: ({ one }) => one.guesses.corrected ?? null,
    },
    {
      name: "agreement",
      type: "integer",
      meaning:
        "How much their labels count by agreement with the others', 0 to 4, when the class's learner was trained last.",
      of: ({ source, one }) => weightOf(source, one.number),
    },
  ],
  *rows(source) {
    for (const one of source.now.pupils.values())
      yield { source, one, progress: source.progress.get(one.number) };
  },
};

function weightOf({ now }: ClassSource, pupil: number): number | null {
  const at = now.comparison?.pupils.indexOf(pupil) ?? -1;
  return at < 0 ? null : now.comparison!.weights[at]!;
}
