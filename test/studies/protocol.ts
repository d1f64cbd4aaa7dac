import { worlds } from "../../shared/worlds/index.ts";

/** Where the bots play, and the way of correcting in each of their tasks. */
export interface PilotTasks {
  readonly world: string;
  /** `time-stop`, `takeover` or `when-asked`; the last not in a world that waits. */
  readonly ways: readonly string[];
}

export const usualTasks: PilotTasks = { world: "garden", ways: ["time-stop", "takeover"] };

/** Corrections in a round: all four answers, or some drives. */
const [all, some] = [
  { least: 4, most: 4 },
  { least: 1, most: 3 },
];

/** A study that bots can do in seconds: short tasks, each with another way of correcting. The last may be left. */
export function pilotProtocol(participants: number, { world, ways } = usualTasks): object {
  const { kind } = worlds[world]!.action;
  const learner = {
    policy: kind === "discrete" ? "softmax" : "fourier",
    query: "novel",
    budget: 4,
    drives: 2,
  };
  const level = {
    world,
    demonstrations: { least: 1, most: 2, seeds: "participant" },
    learner,
    rounds: 1,
    tools: ["undo"],
  };
  return {
    title: "A pilot of bots",
    consent: { version: "2", text: ["You are a bot."] },
    instructions: [{ text: ["Do as you are made."] }],
    check: {
      tries: 2,
      questions: [{ text: "Are you a bot?", options: ["No", "Yes"], correct: 1 }],
    },
    plan: {
      levels: ways.map((way, i) => ({
        ...level,
        corrections: { ways: [way], ...(way === "time-stop" ? all : some) },
        ...(i > 0 && i === ways.length - 1 && { skippable: true }),
      })),
    },
    orders: "counterbalanced",
    conditions: [
      { name: "novel" },
      { name: "random", levels: { learner: { ...learner, query: "random" } } },
    ],
    questions: [
      { kind: "choice", id: "easier", text: "Which was easier?", options: ["first", "second"] },
      { kind: "scale", id: "trust", text: "Trust?", ends: ["no", "yes"] },
      { kind: "text", id: "remarks", text: "Remarks?" },
    ],
    endings: { completed: { code: "DONE", redirect: "https://panel.example/done" } },
    participants,
  };
}
