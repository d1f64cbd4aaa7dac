import { readyLevel } from "../../../shared/class/plans.ts";
import { human } from "../../../shared/imitation/experts.ts";
import { rollout } from "../../../shared/imitation/rollout.ts";
import { emptyLesson, type Lesson } from "../../../shared/lesson/lesson.ts";
import { lessonPlan } from "../../../shared/lesson/plan.ts";
import { startRound } from "../../../shared/lesson/training.ts";
import { Stream, seeded } from "../../../shared/random.ts";
import { Controller, replay } from "../../../shared/worlds/episode.ts";
import { worlds } from "../../../shared/worlds/index.ts";
import { demonstrationWorld } from "../../../shared/worlds/level.ts";

export const level = readyLevel("fair-weather");
export const world = worlds[level.world]!;
const rounds = 2;

/** A lesson of somebody whose hands err so much, with a clone and a learner that was corrected once. */
export function taught(seed: number, noise: number): Lesson {
  const hands = human(world, { noise, inconsistency: 0, lag: 3, temperature: 0 });
  const random = seeded(seed, Stream.expert);
  const shown = human(demonstrationWorld(world), {
    noise,
    inconsistency: 0,
    lag: 3,
    temperature: 0,
  }).drives(random);
  const episode = rollout(demonstrationWorld(world), shown, Controller.expert, 50001);
  const plan = lessonPlan(level, () => 0);
  let lesson: Lesson = {
    ...emptyLesson,
    seq: 2,
    world: level.world,
    plan,
    demonstrations: [{ seq: 2, episode }],
  };
  for (let i = 0; i < rounds; i++) {
    const { round } = startRound(lesson, plan.learner!, 7, () => {}, 7);
    const answer = hands.answers(random);
    const answers = round.queries.map(([drive, t]) => {
      const { states } = replay(world, round.episodes[drive]!);
      const action = new Float64Array(1);
      answer(states.subarray(3 * t, 3 * t + 3), action);
      return [...action];
    });
    const seq = lesson.seq + 1;
    const answered = answers.map((_, k) => seq + 1 + k);
    const said = { digest: "", arithmetic: "", ms: 0, basis: lesson.seq, seq };
    const corrections = { answers, answered, interventions: [], shadows: [] };
    lesson = {
      ...lesson,
      seq: seq + answers.length,
      rounds: [...lesson.rounds, { ...round, ...said, ...corrections }],
    };
  }
  return lesson;
}
