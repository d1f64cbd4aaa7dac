import * as z from "zod";
import { taskSummary } from "./summary.ts";

/** What happens in a study is an append-only log of these; what a study is now is their fold (`study.ts`). */

const number = z.int().positive();
const index = z.int().min(0);
const times = z.int().min(0).max(1e9);

/** What a panel gave a participant, as it stands in the address: shown as text, and never in a file's name. */
export const panelId = z.string().min(1).max(128);

/** What kind of a machine a page runs on. No address of the network, and not what the browser calls itself. */
export const deviceRecording = z.strictObject({
  v: z.literal(1),
  /** By the finger that it is made for and the size of its screen. */
  device: z.enum(["phone", "tablet", "computer"]),
  /** CSS pixels. */
  viewport: z.tuple([z.int().min(0).max(100_000), z.int().min(0).max(100_000)]).readonly(),
  /** Device pixels in a CSS pixel. */
  pixelRatio: z.number().positive().max(100),
  engine: z.enum(["Blink", "Gecko", "WebKit", "other"]),
  /** Minutes by which local time is ahead of UTC. */
  timeZoneOffset: z.int().min(-900).max(900),
  /** The shortest of a few round trips to the server; null where none came back. */
  roundTrip: z.number().min(0).max(60_000).nullable(),
});
export type DeviceRecording = z.infer<typeof deviceRecording>;

/** For how long the page was hidden or had not the focus, and how often, since it was told last. */
export const awayRecording = z.strictObject({
  v: z.literal(1),
  times: z.int().min(1).max(10_000),
  ms: times,
});
export type AwayRecording = z.infer<typeof awayRecording>;

/** An answer: the index of an option, a number of a scale, or a text; null where the question was passed over. */
export const answer = z.union([z.int().min(0).max(1000), z.string().max(4000), z.null()]);
export type Answer = z.infer<typeof answer>;

const of = { participant: number };

export const studyEvent = z.discriminatedUnion("type", [
  /** The file of the protocol is this from now on, for those who arrive from now on. */
  z.object({ type: z.literal("protocol"), digest: z.string(), text: z.string() }),
  /** Somebody came for the first time. The event's number is theirs from now on. */
  z.object({
    type: z.literal("arrived"),
    id: panelId,
    /** The panel's names of its study and its session. */
    study: panelId.nullable(),
    session: panelId.nullable(),
    /** Which protocol they take part in: its place among those of the log. */
    protocol: index,
  }),
  z.object({
    type: z.literal("consented"),
    ...of,
    version: z.string(),
    condition: index,
    order: index,
  }),
  z.object({ type: z.literal("declined"), ...of }),
  z.object({ type: z.literal("instructed"), ...of }),
  z.object({
    type: z.literal("checked"),
    ...of,
    answers: z.array(index).readonly(),
    passed: z.boolean(),
  }),
  /** A task's lesson was begun. */
  z.object({ type: z.literal("began"), ...of, task: index, lesson: z.string() }),
  z.object({
    type: z.literal("finished"),
    ...of,
    task: index,
    skipped: z.boolean(),
    summary: taskSummary,
    /** Number of the lesson's last event then: what is done in it later is not of the task. Events of before have none. */
    last: index.optional(),
  }),
  z.object({ type: z.literal("answered"), ...of, answers: z.record(z.string(), answer) }),
  /** They came back after their time. */
  z.object({ type: z.literal("timed-out"), ...of }),
  z.object({ type: z.literal("device"), ...of, recording: deviceRecording }),
  z.object({ type: z.literal("away"), ...of, recording: awayRecording }),
  z.object({ type: z.literal("closed") }),
  z.object({ type: z.literal("reopened") }),
  /** A participant was deleted: all that was of them is gone. */
  z.object({ type: z.literal("erased"), ...of }),
  /** What was here was theirs. */
  z.object({ type: z.literal("deleted") }),
]);
export type StudyEventBody = z.infer<typeof studyEvent>;

export type StudyEvent = StudyEventBody & { readonly seq: number; readonly at: number };
