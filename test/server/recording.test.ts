import { afterAll, beforeAll, expect, test } from "vitest";
import { recordOf } from "../../shared/data/lessonRecord.ts";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { lessonFile, readLessonFile } from "../../shared/lesson/file.ts";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import { mostHeldUp } from "../../shared/lesson/recording.ts";
import { worlds } from "../../shared/worlds/index.ts";
import {
  createLesson,
  eventsOf,
  join,
  newKey,
  type RunningServer,
  refusal,
  startServer,
} from "./server.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const episode = demonstrate(worlds.road!, 6000);
const length = episode.controllers.length;
/** As much as can be told of a drive. */
const recording = {
  inputs: ["keys", "mouse", "touch", "pen", "gamepad"] as const,
  times: Array.from({ length }, (_, t) => 45 + (t % 10)),
  gaps: Array.from({ length: mostHeldUp }, (_, t) => [t, 51 + t] as const),
  away: Array.from({ length: mostHeldUp }, (_, t) => [t, 3_600_000] as const),
};

test("all that is recorded of a drive comes back as it was sent, and out of the lesson's file", async () => {
  const participant = await join(server, await createLesson(server, "road"));
  await participant.room.request("demonstrate", { key: newKey(), episode, recording });
  await participant.room.request("demonstrate", { key: newKey(), episode });
  const events = [...(await eventsOf(participant))];
  const shown = (all: readonly LessonEvent[]) => all.filter(({ type }) => type === "demonstrated");
  expect(shown(events)).toMatchObject([{ recording }, {}]);
  expect(shown(events)[1]).not.toHaveProperty("recording");
  expect(shown(readLessonFile(lessonFile(events)))).toEqual(shown(events));
  const [first, second] = recordOf("x", events).episodes;
  expect(first!.recording).toEqual(recording);
  expect(second!.recording).toBeNull();
});

test.each([
  ["of a drive of another length", { ...recording, times: [50] }, "bad-episode"],
  ["of steps that there are not", { ...recording, gaps: [[length, 60]] }, "bad-episode"],
  [
    "with times before the drive",
    { ...recording, times: recording.times.map(() => -1) },
    "malformed",
  ],
  [
    "with more than there may be",
    { ...recording, gaps: new Array(201).fill([0, 60]) },
    "malformed",
  ],
  ["that says what nobody asked for", { ...recording, userAgent: "Mozilla/5.0" }, "malformed"],
])("a recording %s is refused", async (_, wrong, code) => {
  const { room } = await join(server, await createLesson(server, "road"));
  const asked = room.request("demonstrate", { key: newKey(), episode, recording: wrong as never });
  expect(await refusal(asked)).toMatchObject({ code });
});
