import type { LabelNoise } from "../../imitation/labelNoise.ts";
import { fold } from "../../lesson/fold.ts";
import { type LabelNoises, labelNoises as noisesOf } from "../../lesson/labelNoise.ts";
import { emptyLesson } from "../../lesson/lesson.ts";
import type { LessonRecord } from "../lessonRecord.ts";
import type { TableOf } from "../table.ts";

interface Row {
  readonly lesson: LessonRecord;
  readonly way: string;
  readonly told: LabelNoise;
}

/** As `labels` calls the ways. */
const names: Readonly<Record<keyof LabelNoises, string>> = {
  timeStop: "time-stop",
  shadow: "shadow",
  both: "both",
};

export const labelNoises: TableOf<Row, LessonRecord> = {
  name: "label_noises",
  row: "a way in which states were labelled twice: how much the person's labels that count differ from each other",
  columns: [
    { name: "lesson", type: "text", meaning: "Address of the lesson.", of: (row) => row.lesson.id },
    {
      name: "way",
      type: "text",
      meaning:
        "`time-stop`: questions that came again, unannounced; `shadow`: drives that were steered along with twice; `both`: states labelled in both ways, with what is systematic between them.",
      of: ({ way }) => way,
    },
    {
      name: "pairs",
      type: "integer",
      meaning:
        "Pairs of labels that it is told from; those at the end of the action's range are left out.",
      of: ({ told }) => told.pairs,
    },
    {
      name: "noise",
      type: "number",
      unit: "share",
      meaning:
        "Noise of one label, half of what two differ by. Of continuous actions the standard deviation, as a share of half the range; else the probability of a slip to another action.",
      of: ({ told }) => told.noise,
    },
    {
      name: "noise_low",
      type: "number",
      unit: "share",
      meaning:
        "Lower end of the interval that holds the noise with 90 %, if pairs are independent.",
      of: ({ told }) => told.interval[0],
    },
    {
      name: "noise_high",
      type: "number",
      unit: "share",
      meaning: "Upper end of that interval.",
      of: ({ told }) => told.interval[1],
    },
  ],
  *rows(lesson) {
    const found = noisesOf(fold(emptyLesson, lesson.events));
    for (const key of Object.keys(names) as (keyof LabelNoises)[]) {
      const told = found[key];
      if (told) yield { lesson, way: names[key], told };
    }
  },
};
