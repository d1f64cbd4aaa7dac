import type { Pupil } from "../../class/schoolClass.ts";
import { headlineIn } from "../../imitation/headline.ts";
import { worlds } from "../../worlds/index.ts";
import type { TableOf } from "../table.ts";
import type { ClassSource } from "./pupils.ts";

interface LearnerRow {
  readonly of: string;
  readonly one: Pupil | null;
  readonly labelsOf: number | null;
  readonly labels: number | null;
  readonly score: number;
  readonly unit: string;
}

export const learners: TableOf<LearnerRow, ClassSource> = {
  name: "learners",
  row: "a learner: each of every pupil's, and those of the class when they were trained last",
  columns: [
    {
      name: "of",
      type: "text",
      meaning:
        "`pupil`; `swap`, from what a pupil showed and another's labels; `pooled`, from everybody's; `agreed`, from everybody's by agreement.",
      of: ({ of }) => of,
    },
    {
      name: "pupil",
      type: "integer",
      meaning: "Who demonstrated; none for those of the class.",
      of: ({ one }) => one?.number ?? null,
    },
    {
      name: "labels_of",
      type: "integer",
      meaning: "The pupil whose labels it was trained with; none for those of the class.",
      of: ({ labelsOf }) => labelsOf,
    },
    {
      name: "labels",
      type: "integer",
      meaning: "Labels that it was trained with, beside the demonstrations; none for `swap`.",
      of: ({ labels }) => labels,
    },
    {
      name: "score",
      type: "number",
      meaning: "On the held-out starts, in the measure that `unit` names.",
      of: ({ score }) => score,
    },
    {
      name: "unit",
      type: "text",
      meaning: "What there is so many of in `score`.",
      of: ({ unit }) => unit,
    },
  ],
  *rows({ now, progress }) {
    const { unit } = headlineIn(worlds[now.level!.world]!);
    for (const one of now.pupils.values())
      for (const [labels, score] of progress.get(one.number)?.curve ?? [])
        yield { of: "pupil", one, labelsOf: one.number, labels, score, unit };
    const { comparison } = now;
    if (!comparison) return;
    for (const { pupil, labelsOf, score } of comparison.swaps)
      yield { of: "swap", one: now.pupils.get(pupil)!, labelsOf, labels: null, score, unit };
    const { labels, scores } = comparison;
    for (const of of ["pooled", "agreed"] as const)
      yield { of, one: null, labelsOf: null, labels, score: scores[of], unit };
  },
};
