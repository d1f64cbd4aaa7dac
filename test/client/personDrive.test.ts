import { describe, expect, test } from "vitest";
import { PersonDrive } from "../../client/lesson/activities/person-drive.ts";
import { Controls } from "../../client/stage/controls.ts";
import { kinds } from "../../shared/worlds/index.ts";
import { isByKeys, type Key } from "../../shared/worlds/steering.ts";

const frame = 1 / 60;

/** A drive that follows another, at whose end `held` was still down. */
function following(world: (typeof kinds)[number]["levels"][number], ...held: Key[]) {
  const controls = new Controls();
  for (const key of held) controls.press(key);
  const driving = new PersonDrive(world, 5001, controls, {
    background: [],
    another: true,
    onOver: () => {},
  });
  driving.enter();
  const run = (seconds: number) => {
    for (let t = 0; t < seconds; t += frame) driving.frame(frame);
    return driving.progress.value.phase;
  };
  return { controls, run };
}

const levels = kinds.map(({ levels: [world] }) => ({ world, name: world.name }));

describe.each(levels)("a drive on $name that follows another", ({ world }) => {
  const [key, other] = Object.keys(world.steering.keys) as [Key, Key];

  test("waits for a press of its own, after all was up and a breath was taken", () => {
    const { controls, run } = following(world, key);
    expect(run(3), "what is held since before").toBe("waiting");
    controls.press(other);
    expect(run(0.1), "before all is up").toBe("waiting");
    controls.release(key);
    expect(run(1), "one of two is up").toBe("waiting");
    controls.release(other);
    expect(run(0.1), "all is up").toBe("waiting");
    controls.press(key);
    expect(run(0.1)).toBe("driving");
  });

  test("is not begun by a press within a breath, however long it lasts", () => {
    const { controls, run } = following(world);
    expect(run(0.3)).toBe("waiting");
    controls.press(key);
    expect(run(2)).toBe("waiting");
    controls.release(key);
    controls.press(key);
    expect(run(0.1), "pressed afresh").toBe("driving");
  });

  test("waits for a pointer that was down to come back", () => {
    const { controls, run } = following(world);
    const { x, y } = world.picture.pose(new Float64Array(world.stateSize));
    controls.point(x, y, true, "mouse");
    expect(run(2)).toBe("waiting");
    controls.point(x + 1, y, false);
    expect(run(2)).toBe("waiting");
    controls.lift();
    expect(run(0.1)).toBe("waiting");
    controls.point(x + 1, y, true);
    expect(run(0.1)).toBe(isByKeys(world) ? "waiting" : "driving");
  });
});
