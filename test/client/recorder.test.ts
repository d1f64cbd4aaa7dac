import { afterEach, expect, test, vi } from "vitest";
import { Recorder } from "../../client/lesson/activities/recorder.ts";
import { Controls } from "../../client/stage/controls.ts";
import { driveRecording, mostHeldUp } from "../../shared/lesson/recording.ts";

afterEach(() => vi.restoreAllMocks());

/** A recorder, and what sets its clock. */
function recorder() {
  let now = 1000;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const controls = new Controls();
  const at = (ms: number) => {
    now = ms;
  };
  return { controls, recorder: new Recorder(controls), at };
}

test("tells the time before each action, and no rounding adds up", () => {
  const { recorder: drive, at } = recorder();
  at(2000.4);
  drive.begin();
  const times = Array.from({ length: 100 }, (_, i) => 2000.4 + 16.6 * (i + 1));
  for (const ms of times) {
    at(ms);
    drive.step();
  }
  const { times: told } = drive.recording;
  expect(told).toHaveLength(100);
  expect(told.reduce((sum, ms) => sum + ms, 0)).toBe(1660);
});

test("tells the longest of the frames that took more than 50 ms, before the step that they delayed", () => {
  const { recorder: drive, at } = recorder();
  at(5000);
  // Whoever waits before the drive is held up by nothing.
  drive.frame();
  at(0);
  drive.begin();
  for (const [ms, steps] of [
    [50, true],
    [120, false],
    [220, true],
    [236, true],
    [400, false],
  ] as const) {
    at(ms);
    drive.frame();
    if (steps) drive.step();
  }
  // The last gap is before a step that was never taken.
  expect(drive.recording.gaps).toEqual([[1, 100]]);
  expect(drive.recording.away).toEqual([]);
});

test("tells with what the person drove, each once", () => {
  const { controls, recorder: drive } = recorder();
  drive.step();
  expect(drive.recording.inputs).toEqual([]);
  controls.press("left");
  drive.step();
  controls.press("right", "touch");
  drive.step();
  controls.press("left");
  drive.step();
  controls.point(0, 0, true, "pen");
  controls.point(1, 0, false);
  drive.step();
  expect(drive.recording.inputs).toEqual(["keys", "touch", "pen"]);
});

test("is one that can be sent, however often something held the person up, and for however long", () => {
  const { recorder: drive, at } = recorder();
  at(0);
  drive.begin();
  for (let i = 1; i <= 2 * mostHeldUp; i++) {
    at(i * 1e8);
    drive.frame();
    drive.step();
  }
  const { recording } = drive;
  expect(driveRecording.parse(recording)).toEqual(recording);
  expect(recording.gaps).toHaveLength(mostHeldUp);
});
