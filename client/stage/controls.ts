import type { InputKind } from "../../shared/lesson/recording.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { isByKeys, type Key } from "../../shared/worlds/steering.ts";
import { isElsewhere } from "../ui/keyboard.ts";

const keyOf: Readonly<Record<string, Key>> = {
  ArrowUp: "up",
  KeyW: "up",
  ArrowDown: "down",
  KeyS: "down",
  ArrowLeft: "left",
  KeyA: "left",
  ArrowRight: "right",
  KeyD: "right",
  Space: "space",
};

/** What a gamepad's buttons stand for, each with its number in the standard mapping. */
const padArrows = [
  ["up", 12],
  ["down", 13],
  ["left", 14],
  ["right", 15],
] as const;
const padCommands = [
  ["Enter", "Enter", 0],
  ["KeyZ", "z", 1],
] as const;
/** How far a stick is from its middle where it is at rest, and where it is a key: pressed, and still. */
const stickRest = 0.15;
const stickPress = 0.5;
const stickStill = 0.3;

/**
 * What the person's hands are doing: keys held and, on the stage, a finger or a pressed mouse. The
 * keyboard, the buttons for thumbs, a gamepad and the pointer all end here, so that whoever plays
 * need not know which of them it was.
 */
export class Controls {
  readonly held = new Set<Key>();
  /** Where the pointer presses, in the world's units; null while it does not. */
  pointer: { x: number; y: number } | null = null;
  /**
   * Where a gamepad's left stick is, right and down positive, each in [-1, 1]; null until it is
   * moved, and again as soon as a key or the pointer is used.
   */
  stick: { x: number; y: number } | null = null;
  /** What was used last; null before anything was. */
  input: InputKind | null = null;
  /** What is pressed on the gamepad, by key or command. */
  readonly #pad = new Set<string>();
  /** Called for each fresh press of a key. */
  onPress: (key: Key) => void = () => {};
  /** Called when the pointer goes down. */
  onPoint: (x: number, y: number) => void = () => {};
  /** Called when the pointer moves over the stage without pressing. */
  onHover: (x: number, y: number) => void = () => {};

  press(key: Key, input: InputKind = "keys"): void {
    this.input = input;
    this.stick = null;
    this.#hold(key);
  }

  release(key: Key): void {
    this.held.delete(key);
  }

  /** @param input what points, where that is not what pointed before */
  point(x: number, y: number, fresh: boolean, input: InputKind | null = this.input): void {
    this.input = input;
    this.stick = null;
    this.pointer = { x, y };
    if (fresh) this.onPoint(x, y);
  }

  lift(): void {
    this.pointer = null;
  }

  letGo(): void {
    this.held.clear();
    this.pointer = this.stick = null;
  }

  /** Whether nothing is held or pressed. */
  get isAtRest(): boolean {
    return this.held.size === 0 && this.pointer === null;
  }

  /** Whether anything that this world knows is held. */
  active(world: Level): boolean {
    const points = this.pointer !== null && !isByKeys(world);
    return points || [...this.held].some((key) => key in world.steering.keys);
  }

  #hold(key: Key): void {
    if (this.held.has(key)) return;
    this.held.add(key);
    this.onPress(key);
  }

  /** Follows the keyboard and a gamepad until the returned function is called. */
  listen(): () => void {
    const down = (event: KeyboardEvent) => {
      const key = keyOf[event.code];
      // A command of the page may have this letter on it in the person's layout.
      if (!key || event.defaultPrevented || isElsewhere(event)) return;
      event.preventDefault();
      if (!event.repeat) this.press(key);
    };
    const up = (event: KeyboardEvent) => {
      const key = keyOf[event.code];
      if (key) this.release(key);
    };
    const blur = () => this.letGo();
    const poll = () => this.#readPad();
    addEventListener("keydown", down);
    addEventListener("keyup", up);
    addEventListener("blur", blur);
    // A gamepad tells nobody what happens to it: it has to be asked.
    let frame = requestAnimationFrame(function ask() {
      poll();
      frame = requestAnimationFrame(ask);
    });
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener("keydown", down);
      removeEventListener("keyup", up);
      removeEventListener("blur", blur);
    };
  }

  #readPad(): void {
    // Not every browser has gamepads on a page that came without encryption.
    const pad = navigator.getGamepads?.().find((pad) => pad?.connected);
    const [x = 0, y = 0] = pad?.axes ?? [];
    if (Math.hypot(x, y) > stickRest) {
      this.input = "gamepad";
      this.stick = { x, y };
    } else if (this.stick) this.stick = { x: 0, y: 0 };
    const level = Math.abs(x) > Math.abs(y);
    const pushed = {
      left: level ? -x : 0,
      right: level ? x : 0,
      up: level ? 0 : -y,
      down: level ? 0 : y,
    };
    const pressed = (button: number) => pad?.buttons[button]?.pressed ?? false;
    for (const [key, button] of padArrows) {
      const far = pushed[key] > (this.#pad.has(key) ? stickStill : stickPress);
      if (pressed(button)) this.stick = null;
      if (!this.#isFresh(key, far || pressed(button))) continue;
      this.input = "gamepad";
      this.#hold(key);
    }
    for (const [code, key, button] of padCommands) {
      if (!this.#isFresh(code, pressed(button))) continue;
      dispatchEvent(new KeyboardEvent("keydown", { code, key, cancelable: true }));
    }
  }

  /** Takes in whether something on the gamepad is down; true where it was not before. */
  #isFresh(name: string, down: boolean): boolean {
    const before = this.#pad.has(name);
    if (down) this.#pad.add(name);
    else if (this.#pad.delete(name))
      for (const [key] of padArrows) if (key === name) this.release(key);
    return down && !before;
  }
}
