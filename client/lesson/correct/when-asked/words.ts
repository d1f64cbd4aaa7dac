import type { Cause } from "../../../../shared/imitation/asking.ts";
import { count } from "../../../../shared/plural.ts";
import type { AskedProgress } from "./asked-drive.ts";

/** What the person may change where it never asks, beside another drive. */
export interface Choices {
  /** For how much it may ask. */
  readonly rate: boolean;
  /** The way of correcting. */
  readonly way: boolean;
}

const causeCaptions: Readonly<Record<Cause, string>> = {
  unfamiliar: "this is new to it",
  danger: "it would soon crash",
};
const causeWords: Readonly<Record<Cause, string>> = {
  unfamiliar: "This place is new to it.",
  danger: "It would soon crash.",
};

/**
 * What the stage shows.
 * @param learned what has become of the learner by what it asked for, where that is known
 */
export function sayStage({ phase, hands, cause, given, asked }: AskedProgress, learned?: string) {
  switch (phase) {
    case "ready":
      return "Let it drive. It will ask you to steer";
    case "asking":
      return `It asks you to steer: ${causeCaptions[cause!]}`;
    case "over":
      return learned || (asked > 0 ? "The drive is over" : "It never asked you");
    case "driving":
      if (hands) return "You drive";
      return given === null ? "The learner drives" : "The learner drives again";
  }
}

/** Who has the wheel and why, in a sentence or two; at the end what to do where there is nothing to learn. */
export function sayTurn(progress: AskedProgress, choices: Choices): string {
  const { phase, hands, cause, given, asked, labels } = progress;
  if (phase === "ready") return "";
  if (phase === "over") {
    if (labels > 0) return "";
    return asked === 0
      ? `It never asked you, so it has nothing to learn. Let it drive once more${sayChoices(choices)}.`
      : "It got no help from you, so it has nothing to learn. Let it drive once more, and steer when it asks.";
  }
  if (phase === "asking") return `${causeWords[cause!]} Steer to take over.`;
  if (hands) return "You drive, until it knows its way.";
  if (given === "spent")
    return `It has had ${count(labels, "answer")}, and does not ask again in this drive.`;
  return given === "over" ? "Thank you. It knows its way again." : "";
}

function sayChoices({ rate, way }: Choices): string {
  const more = rate ? ", let it ask for more" : "";
  return `${more}${way ? ", or correct it in another way" : ": each drive has another start"}`;
}
