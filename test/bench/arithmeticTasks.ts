import { pairsOf } from "../../shared/imitation/dataset.ts";
import { demonstrate, driverOf, rollout } from "../../shared/imitation/rollout.ts";
import { fourier } from "../../shared/policies/fourier.ts";
import { mlp } from "../../shared/policies/mlp.ts";
import { finish, type PolicyKind } from "../../shared/policies/policy.ts";
import { softmax } from "../../shared/policies/softmax.ts";
import { seeded } from "../../shared/random.ts";
import { Controller, replay } from "../../shared/worlds/episode.ts";
import { garden } from "../../shared/worlds/garden/levels.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { road } from "../../shared/worlds/road/levels.ts";
import type { Task } from "./harness.ts";
import { fourierLabelTask, pairs } from "./labels.ts";

const firstSeed = 2000;

/**
 * What a person waits for, each of it with whichever arithmetic this module was bundled with.
 * @returns tasks by name
 */
export function arithmeticTasks(): Record<string, Task> {
  return {
    "a label (fourier)": fourierLabelTask(1000, pairs(3000)),
    "a rollout (road, fourier)": rolloutTask(road, fourier, 30),
    "a rollout (road, mlp)": rolloutTask(road, mlp, 30),
    "a rollout (garden, softmax)": rolloutTask(garden, softmax, 1000),
    "a training (road, fourier)": trainingTask(road, fourier, 20),
    "a training (road, mlp)": trainingTask(road, mlp, 1),
    "a training (garden, softmax)": trainingTask(garden, softmax, 5),
  };
}

function shownIn(world: Level) {
  return pairsOf(
    world,
    Array.from({ length: 5 }, (_, i) => replay(world, demonstrate(world, firstSeed + i))),
  );
}

function rolloutTask(world: Level, kind: PolicyKind, times: number): Task {
  const { policy } = finish(kind.fit(shownIn(world), seeded(1)));
  return {
    times,
    run: () => void rollout(world, driverOf(world, policy), Controller.learner, firstSeed),
  };
}

function trainingTask(world: Level, kind: PolicyKind, times: number): Task {
  const shown = shownIn(world);
  return { times, run: () => void finish(kind.fit(shown, seeded(1))) };
}
