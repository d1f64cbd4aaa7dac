const level = {
  world: "garden",
  demonstrations: { least: 1, most: 2, seeds: "participant" },
  learner: { policy: "softmax", query: "novel", budget: 4, drives: 2 },
  rounds: 1,
  tools: ["undo"],
};

/** A study that bots can do in seconds: two short tasks, each with another way of correcting. */
export function pilotProtocol(participants: number): object {
  return {
    title: "A pilot of bots",
    consent: { version: "2", text: ["You are a bot."] },
    instructions: [{ text: ["Do as you are made."] }],
    check: {
      tries: 2,
      questions: [{ text: "Are you a bot?", options: ["No", "Yes"], correct: 1 }],
    },
    plan: {
      levels: [
        { ...level, corrections: { ways: ["time-stop"], least: 4, most: 4 } },
        { ...level, corrections: { ways: ["takeover"], least: 1, most: 3 }, skippable: true },
      ],
    },
    orders: "counterbalanced",
    conditions: [
      { name: "novel" },
      { name: "random", levels: { learner: { ...level.learner, query: "random" } } },
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
