import { arithmetic } from "../../shared/arithmetic.ts";
import { aggregate, pairsOf } from "../../shared/imitation/dataset.ts";
import { demonstrate, driverOf, rollout } from "../../shared/imitation/rollout.ts";
import { type LessonEvent, lessonAt, type NewEvent, read } from "../../shared/lesson/fold.ts";
import { labelsOf } from "../../shared/lesson/training.ts";
import { fourier } from "../../shared/policies/fourier.ts";
import { type Dataset, finish } from "../../shared/policies/policy.ts";
import { seeded } from "../../shared/random.ts";
import { Controller, type Episode, replay } from "../../shared/worlds/episode.ts";
import { road } from "../../shared/worlds/road/levels.ts";
import { type Bench, interleave, ratio } from "./harness.ts";

const nDemonstrations = 50;
const nRounds = 20;
const budget = 40;
const repeats = 5;
const firstSeed = 2000;

/** Reading a long lesson from its log, against the time in which it was played. */
export const lessons: Bench = {
  name: `A lesson's log: ${nDemonstrations} demonstrations, ${nRounds} rounds of ${budget} answers (road)`,
  run(clock) {
    const log = record();
    const played = playedIn(log);
    let data: Dataset | undefined;
    const times = interleave(
      {
        replay: {
          run() {
            data = pairsIn(log);
          },
        },
        learn: { run: () => void finish(fourier.fit(data!, seeded(1))) },
      },
      repeats,
      clock,
    );
    const again = times.replay.map((ms, i) => ms + times.learn[i]!);
    const seconds = times.replay.map(() => 1000 * played);
    return [
      ratio("time at the wheel / log to data set", seconds, times.replay),
      ratio("time at the wheel / log to the last policy (fourier)", seconds, again),
    ];
  },
};

/** The log of an expert who acts as the script and answers every question. */
function record(): LessonEvent[] {
  const shown = Array.from({ length: nDemonstrations }, (_, i) => demonstrate(road, firstSeed + i));
  const { policy } = finish(
    fourier.fit(
      pairsOf(
        road,
        shown.slice(0, 3).map((episode) => replay(road, episode)),
      ),
      seeded(1),
    ),
  );
  const events: NewEvent[] = [
    { type: "created", world: road.name },
    ...shown.map((episode) => ({ type: "demonstrated", episode }) as const),
  ];
  for (let round = 0; round < nRounds; round++) {
    const seed = firstSeed + nDemonstrations + round;
    const episode = rollout(road, driverOf(road, policy), Controller.learner, seed);
    events.push(...roundOf(episode, round, events.length));
  }
  return events.map((event, i) => read({ seq: i + 1, at: 0, ...event }));
}

/** One round: rollouts of the learner, and labels by the script for states at even distances. */
function roundOf(episode: Episode, round: number, basis: number): NewEvent[] {
  const { states, length } = replay(road, episode);
  const queries = Array.from(
    { length: budget },
    (_, i) => [0, Math.floor((i * length) / budget)] as const,
  );
  const answers = queries.map(([, t], index): NewEvent => {
    const action = new Float64Array(1);
    road.expert(states.subarray(t * road.stateSize, (t + 1) * road.stateSize), action);
    return { type: "labelled", round, index, action: [...action] };
  });
  const turn = {
    type: "trained",
    v: 2,
    plan: { policy: "fourier", query: "novel", budget, drives: 1 },
    basis,
    seed: round,
    pairs: 0,
    labels: round * budget,
    loss: 0,
    ms: 0,
    digest: "",
    arithmetic,
    heldOut: [],
    episodes: [episode],
    uncertainty: [episode.controllers.map(() => 1)],
    queries,
  } as const;
  return [turn, ...answers];
}

/** The lesson's data set, computed from its log. */
function pairsIn(log: readonly LessonEvent[]): Dataset {
  const lesson = lessonAt(log, log.length);
  const shown = lesson.demonstrations.map(({ episode }) => replay(road, episode));
  return aggregate(road, pairsOf(road, shown), labelsOf(road, lesson));
}

/** Seconds that the episodes in the log took to play. */
function playedIn(log: readonly LessonEvent[]): number {
  const episodes = log.flatMap((event) => {
    if (event.type === "demonstrated") return [event.episode];
    return event.type === "trained" ? event.episodes : [];
  });
  const steps = episodes.reduce((sum, { controllers }) => sum + controllers.length, 0);
  return steps / road.steering.stepsPerSecond;
}
