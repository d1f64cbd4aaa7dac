import type { Locator, Page } from "playwright-core";
import type { Level } from "../../shared/worlds/level.ts";

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
