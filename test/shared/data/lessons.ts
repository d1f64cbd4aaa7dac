import { sha256 } from "../../../server/sha256.ts";
import { learnersOf } from "../../../shared/data/learners.ts";
import { type LessonRecord, recordOf } from "../../../shared/data/lessonRecord.ts";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { replay } from "../../../shared/worlds/episode.ts";
import { worlds } from "../../../shared/worlds/index.ts";
import { History } from "../lesson/histories.ts";

/** What a spreadsheet would take for a formula, with all that CSV has to quote. */
export const hostileNote = '=HYPERLINK("http://example.com";"a, b")\nand more';

let made: Promise<History> | null = null;

/** A lesson on the clover in which everything happened once, and some of it was taken back: made once. */
export function fullHistory(): Promise<History> {
  made ??= teach();
  return made;
}

async function teach(): Promise<History> {
  const history = new History("road");
  history.show(3000);
  history.ask("demonstrate", {
    episode: demonstrate(worlds.road!, 3001),
    recording: {
      inputs: ["keys", "gamepad"],
      times: [0, ...new Array<number>(199).fill(50)],
      gaps: [[7, 130]],
      away: [[8, 900]],
    },
  });
  history.ask("forget", { demonstration: 3 });
  await history.train();
  history.ask("note", { step: "correct", text: hostileNote });
  const { queries } = history.lesson.rounds[0]!;
  for (let index = 0; index < 5; index++)
    history.ask("label", {
      round: 0,
      index,
      action: [0.01 * index - 0.02],
      ...(index < 3 && { recording: { input: "touch", ms: 1000 + index } }),
    });
  history.ask("undo", { round: 0, index: 4 });
  if (queries.length < 5) throw new Error("too few questions for what is tested");
  history.takeOver(3002);
  history.takeOver(3003);
  history.ask("retract", { correction: history.lesson.seq });
  history.shadow(1);
  history.infer();
  await history.train();
  return history;
}

export async function lessonRecord(
  { events }: Pick<History, "events">,
  id = "AAAAAAAAAAAAAAAAAAAAAA",
): Promise<LessonRecord> {
  const record = recordOf(id, events);
  const learners = await learnersOf(record, (text) => sha256(text).toString("hex"));
  return { ...record, learners };
}

/** A demonstration with its states, as a program elsewhere writes it. */
export function driven(world: string, seed: number) {
  const { actions } = demonstrate(worlds[world]!, seed);
  const { states } = replay(worlds[world]!, demonstrate(worlds[world]!, seed));
  const size = worlds[world]!.stateSize;
  const rows = Array.from({ length: states.length / size }, (_, t) => [
    ...states.subarray(t * size, (t + 1) * size),
  ]);
  return { world, seed, actions: [...actions], states: rows };
}
/** Objects as JSON Lines. */
export const lines = (...all: readonly object[]) =>
  all.map((one) => `${JSON.stringify(one)}\n`).join("");
