import { ask, clone, drive, measure } from "./imitation/dagger.ts";
import { aggregate, type Label, pairsOf } from "./imitation/dataset.ts";
import { inferFrom } from "./irl/reward.ts";
import type { Inference, Lesson, Plan, Turn } from "./lesson.ts";
import { policyKinds } from "./policies/index.ts";
import type { Policy } from "./policies/policy.ts";
import { firstOpenSeed, nHeldOut } from "./protocol.ts";
import { queries } from "./queries/index.ts";
import { replay } from "./worlds/episode.ts";
import { worlds } from "./worlds/index.ts";
import type { World } from "./worlds/world.ts";

/**
 * One turn of the DAgger loop for a lesson: train on everything the person has shown and answered,
 * measure on the held-out seeds, drive, and choose what to ask.
 * @param progress told the share of the fit that is done; at 1 the fit is over
 */
export function takeTurn(
  lesson: Lesson,
  plan: Plan,
  seed: number,
  progress: (share: number) => void = () => {},
): { policy: Policy; turn: Omit<Turn, "basis" | "digest" | "ms"> } {
  const world = worlds[lesson.world]!;
  const method = { ...plan, kind: policyKinds[plan.policy]!, query: queries[plan.query]! };
  const labels = labelsOf(world, lesson);
  const demonstrations = lesson.demonstrations.map(({ episode }) => replay(world, episode));
  const data = aggregate(world, pairsOf(world, demonstrations), labels);

  const { policy, loss } = clone(data, method.kind, seed, progress);
  progress(1);
  const episodes = drive(world, policy, plan.drives, seed, firstOpenSeed);
  const visited = episodes.map((episode) => replay(world, episode));
  const questions = ask(world, policy, visited, method, seed);

  const observation = new Float64Array(world.observationSize);
  const uncertainty = visited.map(({ states, length }) =>
    Array.from({ length }, (_, t) => {
      world.observe(states.subarray(t * world.stateSize, (t + 1) * world.stateSize), observation);
      return Math.round(policy.uncertainty(observation) * 1000) / 1000;
    }),
  );
  const heldOut = measure(
    world,
    policy,
    Array.from({ length: nHeldOut }, (_, i) => i),
  );
  return {
    policy,
    turn: {
      plan,
      seed,
      pairs: data.n,
      labels: labels.length,
      loss,
      heldOut,
      episodes,
      uncertainty,
      queries: questions.map(({ drive, t }) => [drive, t] as const),
    },
  };
}

/** Maximum entropy inverse reinforcement learning on the lesson's demonstrations. */
export function inferReward(
  lesson: Lesson,
  progress: (share: number) => void = () => {},
): Omit<Inference, "basis" | "ms"> {
  const world = worlds[lesson.world]!;
  return inferFrom(
    world,
    lesson.demonstrations.map(({ episode }) => replay(world, episode)),
    progress,
  );
}

/** The person's answers in all rounds, each with the state that it is about. */
export function labelsOf(world: World, lesson: Lesson): Label[] {
  return lesson.rounds.flatMap(({ episodes, queries, answers }) => {
    const visited = episodes.map((episode) => replay(world, episode));
    return answers.map((action, i) => {
      const [drive, t] = queries[i]!;
      const state = visited[drive]!.states.subarray(t * world.stateSize, (t + 1) * world.stateSize);
      return { state, action };
    });
  });
}
