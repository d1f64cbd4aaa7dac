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

/** Where a point of the world is on the page. */
export async function pixelOf(
  page: Page,
  { picture }: Level,
  [x, y]: readonly [number, number],
): Promise<Pixel> {
  const box = (await page.locator(".stage").boundingBox())!;
  const { left, right, bottom, top } = picture.bounds;
  const scale = Math.min(box.width / (right - left), box.height / (top - bottom));
  return {
    x: box.x + box.width / 2 + (x - (left + right) / 2) * scale,
    y: box.y + box.height / 2 - (y - (bottom + top) / 2) * scale,
  };
}

/** Where a point of the world is on the page, close up to a car that is at `pose`. */
export async function closePixelOf(
  page: Page,
  { picture }: Level,
  pose: Pose,
  [x, y]: readonly [number, number],
): Promise<Pixel> {
  const box = (await page.locator(".stage").boundingBox())!;
  const { left, right, bottom, top } = picture.bounds;
  const scale = 1.9 * Math.min(box.width / (right - left), box.height / (top - bottom));
  // The middle of the picture is 1.5 units ahead of the car, or where nothing beyond the land is seen.
  const within = (middle: number, land: number, size: number) =>
    Math.min((1.9 * land - size) / 2, Math.max((size - 1.9 * land) / 2, middle));
  const middleX = (pose.x + 1.5 * Math.cos(pose.heading!) - (left + right) / 2) * scale;
  const middleY = (pose.y + 1.5 * Math.sin(pose.heading!) - (bottom + top) / 2) * scale;
  return {
    x:
      box.x +
      box.width / 2 +
      (x - (left + right) / 2) * scale -
      within(middleX, box.width, box.width),
    y:
      box.y +
      box.height / 2 -
      (y - (bottom + top) / 2) * scale +
      within(middleY, box.height, box.height),
  };
}

/** Waits until the picture does not move. */
export async function stageStill(page: Page): Promise<void> {
  const picture = () =>
    page.evaluate(() => document.querySelector<HTMLCanvasElement>(".stage canvas")!.toDataURL());
  let before = "";
  const isStill = async () => {
    const now = await picture();
    const same = now === before;
    before = now;
    return same;
  };
  await expect.poll(isStill, { interval: 150 }).toBe(true);
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
