import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import type { Level } from "../../shared/worlds/level.ts";
import type { Pose } from "../../shared/worlds/picture.ts";

/** What one can point with, by the name that browsers have for it. */
export type Device = "mouse" | "touch";

/** A place on the page, CSS pixels. */
export interface Pixel {
  readonly x: number;
  readonly y: number;
}

/** A mouse, or a finger, that presses on the page, is dragged and let go. */
export async function handOn(page: Page, device: Device) {
  if (device === "mouse") {
    return {
      down: async ({ x, y }: Pixel) => {
        await page.mouse.move(x, y);
        await page.mouse.down();
      },
      drag: ({ x, y }: Pixel) => page.mouse.move(x, y),
      up: () => page.mouse.up(),
      press: (button: Locator) => button.click(),
    };
  }
  const session = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", ...touchPoints: Pixel[]) =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints });
  return {
    down: (at: Pixel) => touch("touchStart", at),
    drag: (to: Pixel) => touch("touchMove", to),
    up: () => touch("touchEnd"),
    press: (button: Locator) => button.tap(),
  };
}

/**
 * Where a point of the world is on the page.
 * @param closeTo the car that the picture is close up to; left out where all of the world is seen
 */
export async function pixelOf(
  page: Page,
  { picture }: Level,
  [x, y]: readonly [number, number],
  closeTo?: Pose,
): Promise<Pixel> {
  const box = (await page.locator(".stage").boundingBox())!;
  const { left, right, bottom, top } = picture.bounds;
  const closeness = closeTo ? 1.9 : 1;
  const scale = closeness * Math.min(box.width / (right - left), box.height / (top - bottom));
  const fromMiddle = ({ x, y }: Pixel): Pixel => ({
    x: (x - (left + right) / 2) * scale,
    y: ((bottom + top) / 2 - y) * scale,
  });
  // From close up one looks 1.5 units ahead of the car, and never beyond the land.
  const aim = closeTo && {
    x: closeTo.x + 1.5 * Math.cos(closeTo.heading!),
    y: closeTo.y + 1.5 * Math.sin(closeTo.heading!),
  };
  const eye = aim ? fromMiddle(aim) : { x: 0, y: 0 };
  const within = (middle: number, size: number) => {
    const most = ((closeness - 1) * size) / 2;
    return Math.min(most, Math.max(-most, middle));
  };
  const point = fromMiddle({ x, y });
  return {
    x: box.x + box.width / 2 + point.x - within(eye.x, box.width),
    y: box.y + box.height / 2 + point.y - within(eye.y, box.height),
  };
}

/** Waits until what is read stays the same. */
export async function untilStill(read: () => Promise<string | null>): Promise<void> {
  let before: string | null = null;
  const isStill = async () => {
    const now = await read();
    const same = now === before;
    before = now;
    return same;
  };
  await expect.poll(isStill, { interval: 100 }).toBe(true);
}

/** Has a page remember what its picture and its buttons for thumbs are pressed with. */
export function rememberDevices(): void {
  const devices: string[] = [];
  Object.assign(globalThis, { devices });
  const remember = ({ target, pointerType }: PointerEvent) => {
    if ((target as Element).closest(".stage, .pads")) devices.push(pointerType);
  };
  addEventListener("pointerdown", remember, true);
}
/** What they have been pressed with since, in order. */
export const devicesOf = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { devices: string[] }).devices);
