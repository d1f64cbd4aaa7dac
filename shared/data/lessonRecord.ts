import { realign } from "../imitation/lag.ts";
import type { Asking } from "../lesson/asking.ts";
import { bestRounds } from "../lesson/best.ts";
import { fold, type LessonEvent, read } from "../lesson/fold.ts";
import { emptyLesson, type InferenceRecord, type RoundStart } from "../lesson/lesson.ts";
import type { AnswerRecording, DriveRecording } from "../lesson/recording.ts";
import type { Policy } from "../policies/policy.ts";
import { askedBefore } from "../queries/repeats.ts";
import { width } from "../spaces.ts";
import { Controller, type Episode } from "../worlds/episode.ts";
import { worlds } from "../worlds/index.ts";
import type { Level } from "../worlds/level.ts";

/** By whom an episode was driven, and what for. */
export type EpisodeKind = "demonstration" | "rollout" | "takeover";

/** How the expert told what they would do. */
export type Way = "time-stop" | "takeover" | "shadow";

/** An episode of a lesson, whether it still counts or was taken back. */
export interface EpisodeRecord {
  /** In the order in which the lesson's log has them, 0 for the first. */
  readonly number: number;
  /** The event that brought it. */
  readonly event: number;
  /** When it was stored, milliseconds since 1970. */
  readonly at: number;
  readonly kind: EpisodeKind;
  readonly episode: Episode;
  /** Whose learner drove; null where none did. */
  readonly round: number | null;
  /** Which of the round's rollouts it is. */
  readonly drive: number | null;
  /** Key of the taste that the expert had been dealt by then. */
  readonly taste: string | null;
  /** How the person drove; null where nobody did, and where it was not recorded. */
  readonly recording: DriveRecording | null;
  /** Where the learner asked for the wheel; null where it did not. */
  readonly asking: Asking | null;
  /** What the expert said of its states, in the order of the log. */
  readonly labels: LabelRecord[];
  /** The event by which it was deleted or taken back. */
  takenBack: number | null;
}

/** What the expert said that they would do in a state, whether it still counts or was taken back. */
export interface LabelRecord {
  readonly number: number;
  readonly event: number;
  readonly at: number;
  readonly way: Way;
  readonly round: number;
  /** The question's place in the order of asking; null where none was asked. */
  readonly question: number | null;
  /** Place of the question of which this is the unannounced repeat. */
  readonly repeatOf: number | null;
  /** The episode that the state is of, and the time step. */
  readonly episode: EpisodeRecord;
  readonly t: number;
  /** [width] */
  readonly action: readonly number[];
  /** How it was answered; null where there was no question, and where it was not recorded. */
  readonly recording: AnswerRecording | null;
  takenBack: number | null;
}

export interface RoundRecord {
  readonly number: number;
  readonly event: number;
  readonly at: number;
  readonly start: RoundStart;
  /** The learner's drives. */
  readonly rollouts: readonly EpisodeRecord[];
  /** What was said about them, and in drives with a takeover. */
  readonly labels: LabelRecord[];
  /** The round whose policy was the best so far, see `bestRounds`. */
  best: number;
}

export interface RewardRecord {
  readonly event: number;
  readonly at: number;
  readonly taste: string | null;
  readonly inference: InferenceRecord;
}

/** All that happened in a lesson, what was taken back included. */
export interface LessonRecord {
  /** The lesson's address, or whatever it is to be called. */
  readonly id: string;
  /** What the learner is to do; demonstrations may have been driven in another weather. */
  readonly level: Level;
  /** The events as they are stored, and brought up to date. */
  readonly log: readonly object[];
  readonly events: readonly LessonEvent[];
  readonly episodes: readonly EpisodeRecord[];
  readonly labels: readonly LabelRecord[];
  readonly rounds: readonly RoundRecord[];
  readonly rewards: readonly RewardRecord[];
  /** By round: what drove beside the expert, as far as it could be computed again. */
  readonly learners: ReadonlyMap<number, Policy>;
}

/**
 * What is known of a lesson from its log alone.
 * @param log all events of the lesson as they are stored, with their numbers and times
 * @throws Error where an event is damaged, or of a version that came later
 */
export function recordOf(id: string, log: readonly object[]): Omit<LessonRecord, "learners"> {
  const events = log.map(read);
  const history = new History();
  for (const event of events) history.add(event);
  const lesson = fold(emptyLesson, events);
  const level = worlds[lesson.world];
  if (!level) throw new RangeError(`there is no world "${lesson.world}"`);
  bestRounds(lesson).forEach((best, i) => {
    history.rounds[i]!.best = best;
  });
  const { episodes, labels, rounds, rewards } = history;
  return { id, level, log, events, episodes, labels, rounds, rewards };
}

class History {
  readonly episodes: EpisodeRecord[] = [];
  readonly labels: LabelRecord[] = [];
  readonly rounds: RoundRecord[] = [];
  readonly rewards: RewardRecord[] = [];
  /** By the event that brought it: what can be taken back. */
  readonly #brought = new Map<number, { takenBack: number | null }[]>();
  #level: Level | undefined;
  #taste: string | null = null;

  add(event: LessonEvent): void {
    switch (event.type) {
      case "created":
        this.#level = worlds[event.world];
        this.#taste = event.taste;
        break;
      case "dealt":
        this.#taste = event.taste;
        break;
      case "demonstrated":
        this.#episode(event, "demonstration", event.episode, null, null, event.recording);
        break;
      case "forgotten":
        this.#takeBack(event.demonstration, event.seq);
        break;
      case "trained": {
        const { type: _, v: __, seq, at, ...start } = event;
        const number = this.rounds.length;
        const rollouts = start.episodes.map((episode, drive) =>
          this.#episode(event, "rollout", episode, number, drive),
        );
        this.rounds.push({ number, event: seq, at, start, rollouts, labels: [], best: number });
        break;
      }
      case "labelled":
        this.#answer(event);
        break;
      case "undone": {
        const { labels } = this.rounds[event.round]!;
        const label = labels.findLast(
          ({ question, takenBack }) => question === event.index && takenBack === null,
        );
        label!.takenBack = event.seq;
        break;
      }
      case "intervened": {
        const episode = this.#episode(
          event,
          "takeover",
          event.episode,
          event.round,
          null,
          event.recording,
          event.asking,
        );
        const wide = width(this.#level!.action);
        event.episode.controllers.forEach((controller, t) => {
          if (controller !== Controller.expert) return;
          const action = event.episode.actions.slice(t * wide, (t + 1) * wide);
          this.#label(event, { way: "takeover", episode, t, action, round: event.round });
        });
        break;
      }
      case "shadowed": {
        const episode = this.rounds[event.round]!.rollouts[event.drive]!;
        for (const { t, action } of realign(this.#level!, event.actions, event.lag))
          this.#label(event, { way: "shadow", episode, t, action, round: event.round });
        break;
      }
      case "retracted":
        this.#takeBack(event.correction, event.seq);
        break;
      case "inferred": {
        const { type: _, seq, at, ...inference } = event;
        this.rewards.push({ event: seq, at, taste: this.#taste, inference });
        break;
      }
    }
  }

  #episode(
    { seq: event, at }: Pick<LessonEvent, "seq" | "at">,
    kind: EpisodeKind,
    episode: Episode,
    round: number | null,
    drive: number | null,
    recording: DriveRecording | null = null,
    asking: Asking | null = null,
  ): EpisodeRecord {
    const number = this.episodes.length;
    const place = { number, event, at, kind, round, drive, taste: this.#taste };
    const record: EpisodeRecord = {
      ...place,
      episode,
      recording,
      asking,
      labels: [],
      takenBack: null,
    };
    this.episodes.push(record);
    this.#bring(event, record);
    return record;
  }

  #answer(event: Extract<LessonEvent, { type: "labelled" }>): void {
    const { round, index: question, action, recording = null } = event;
    const { rollouts, start } = this.rounds[round]!;
    const [drive, t] = start.queries[question]!;
    const repeatOf = askedBefore(start.queries, question);
    const episode = rollouts[drive]!;
    const asked = { question, repeatOf, recording };
    this.#label(event, { way: "time-stop", episode, t, action, round, ...asked });
  }

  #label(
    { seq: event, at }: Pick<LessonEvent, "seq" | "at">,
    said: Pick<LabelRecord, "way" | "episode" | "t" | "action" | "round"> &
      Partial<Pick<LabelRecord, "question" | "repeatOf" | "recording">>,
  ): void {
    const number = this.labels.length;
    const none = { question: null, repeatOf: null, recording: null, takenBack: null };
    const label: LabelRecord = { number, event, at, ...none, ...said };
    this.labels.push(label);
    this.rounds[said.round]!.labels.push(label);
    said.episode.labels.push(label);
    this.#bring(event, label);
  }

  #bring(event: number, record: { takenBack: number | null }): void {
    const others = this.#brought.get(event);
    if (others) others.push(record);
    else this.#brought.set(event, [record]);
  }

  /** @param brought the event that brought what event `by` takes back */
  #takeBack(brought: number, by: number): void {
    for (const record of this.#brought.get(brought)!) record.takenBack = by;
  }
}
