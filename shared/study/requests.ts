import * as z from "zod";
import { answer, awayRecording, deviceRecording, panelId } from "./events.ts";
import type { Overview } from "./overview.ts";
import type { Protocol } from "./protocol.ts";
import type { Ending, Question } from "./protocolFile.ts";
import type { Step } from "./study.ts";
import type { StudyWords } from "./words.ts";

/**
 * What a participant's page asks of the server. Each says where the participant was, so that one that comes a
 * second time, or from a page that is behind, does nothing: it is answered with where they are now.
 */

const index = z.int().min(0).max(1000);

/** Looks at how many there are before it looks at each: to complain about thousands takes long. */
function atMost<T extends z.ZodType>(most: number, each: T) {
  return z
    .unknown()
    .refine((all) => Object.keys(Object(all)).length <= most, { error: "too many", abort: true })
    .pipe(each);
}

const requests = z.discriminatedUnion("type", [
  /** Comes in, or comes back. */
  z.strictObject({
    type: z.literal("enter"),
    study: panelId.nullable().default(null),
    session: panelId.nullable().default(null),
  }),
  z.strictObject({ type: z.literal("consent"), version: z.string().max(40) }),
  z.strictObject({ type: z.literal("decline") }),
  z.strictObject({ type: z.literal("instructed") }),
  z.strictObject({
    type: z.literal("check"),
    /** How many tries there were before this one. */
    tries: index,
    answers: atMost(20, z.array(index).readonly()),
  }),
  z.strictObject({ type: z.literal("begin"), task: index }),
  z.strictObject({ type: z.literal("finish"), task: index, skip: z.boolean().default(false) }),
  z.strictObject({
    type: z.literal("answer"),
    answers: atMost(60, z.record(z.string().max(40), answer)),
  }),
  z.strictObject({ type: z.literal("device"), recording: deviceRecording }),
  z.strictObject({ type: z.literal("away"), recording: awayRecording }),
]);

/** Body of `POST /api/studies/NAME`; the answer is a {@link StudyView}. */
export const participantRequest = z.strictObject({ participant: panelId, request: requests });
export type ParticipantRequest = z.infer<typeof requests>;

/** What becomes of what the panel calls people: it stays, a hash that only this study has stands for it, or nothing. */
export const idChoices = ["keep", "hash", "omit"] as const;
export type IdChoice = (typeof idChoices)[number];

/** Body of `POST /api/studies/NAME/researcher`. */
export const researcherRequest = z.strictObject({
  secret: z.string().max(100),
  request: z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("look") }),
    z.strictObject({ type: z.literal("close") }),
    z.strictObject({ type: z.literal("reopen") }),
    z.strictObject({ type: z.literal("tables"), ids: z.enum(idChoices) }),
    z.strictObject({ type: z.literal("delete"), participant: z.int().positive() }),
  ]),
});
export type ResearcherRequest = z.infer<typeof researcherRequest>["request"];

/** What is said at the end of a participant's way. */
export interface EndingView {
  readonly kind: Ending;
  readonly title: string;
  readonly text: readonly string[];
  readonly code: string | null;
  /** Where the page goes then. */
  readonly redirect: string | null;
}

/** A question of the comprehension check, without what is right. */
export interface CheckView {
  readonly text: string;
  readonly options: readonly string[];
}

export interface TaskView {
  /** 0 for the first. */
  readonly number: number;
  readonly of: number;
  readonly title: string | null;
  readonly instructions: readonly string[];
  readonly isSkippable: boolean;
  /** The lesson and what lets one teach in it; null before it has begun. */
  readonly lesson: { readonly id: string; readonly secret: string } | null;
}

/** Where a participant is, with what they are told and asked there, and nothing of what comes later. */
export interface StudyView {
  readonly title: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly words: StudyWords;
  readonly step: Step | "full" | "closed";
  /** Share of the way that is behind them, in [0, 1]. */
  readonly progress: number;
  readonly consent?: Protocol["consent"];
  readonly instructions?: Protocol["instructions"];
  readonly check?: { readonly tries: number; readonly questions: readonly CheckView[] };
  readonly task?: TaskView;
  readonly questions?: readonly Question[];
  readonly ending?: EndingView;
}

/** The answer to a researcher's request: the study as it is then. */
export interface ResearcherView {
  /** Null before anybody came. */
  readonly overview: Overview | null;
  /** By name, where they were asked for. */
  readonly tables?: Readonly<Record<string, string>>;
}
