import type { ClassState, PupilState } from "../../shared/class/room.ts";
import { type ClassStep, stepsOf } from "../../shared/class/steps.ts";
import type { PlannedLevel } from "../../shared/lesson/plan.ts";
import { worlds } from "../../shared/worlds/index.ts";
import type { Level } from "../../shared/worlds/level.ts";

/** A class as it is at one moment: the room's state, which itself changes under one's hands. */
export interface ClassView extends Omit<ClassState, "pupils" | "level" | "world"> {
  readonly world: Level;
  readonly level: PlannedLevel;
  readonly steps: readonly ClassStep[];
  /** In the order in which they came. */
  readonly pupils: readonly PupilView[];
}

export interface PupilView extends Omit<PupilState, "curve"> {
  /** What they are called: their nickname or, while names are hidden, their place. */
  readonly name: string;
  /** A point for each of their learners, the first first. */
  readonly curve: readonly { readonly labels: number; readonly score: number }[];
}

export function viewOf(state: ClassState): ClassView {
  const level: PlannedLevel = JSON.parse(state.level);
  const pupils: PupilView[] = [];
  state.pupils.forEach((pupil) => {
    pupils.push(pupilOf(pupil));
  });
  pupils.sort((a, b) => a.place - b.place);
  return {
    title: state.title,
    world: worlds[state.world]!,
    level,
    steps: stepsOf(level, state.rounds),
    code: state.code,
    isEnded: state.isEnded,
    isShut: state.isShut,
    isFrozen: state.isFrozen,
    step: state.step,
    rounds: state.rounds,
    endsAt: state.endsAt,
    areNamesHidden: state.areNamesHidden,
    shown: state.shown,
    unit: state.unit,
    better: state.better,
    isComparing: state.isComparing,
    comparison: state.comparison,
    teacherPages: state.teacherPages,
    pupils,
  };
}

function pupilOf(pupil: PupilState): PupilView {
  const { nickname, place } = pupil;
  const numbers = Array.from(pupil.curve);
  return {
    number: pupil.number,
    place,
    nickname,
    name: nickname || `No. ${place}`,
    isHere: pupil.isHere,
    activity: pupil.activity,
    isTraining: pupil.isTraining,
    demonstrations: pupil.demonstrations,
    trained: pupil.trained,
    corrections: pupil.corrections,
    labels: pupil.labels,
    score: pupil.score,
    curve: Array.from({ length: Math.floor(numbers.length / 2) }, (_, i) => ({
      labels: numbers[2 * i]!,
      score: numbers[2 * i + 1]!,
    })),
    trace: pupil.trace,
    guessClone: pupil.guessClone,
    guessCorrected: pupil.guessCorrected,
  };
}
