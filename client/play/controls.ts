import type { Key, World } from "../../shared/worlds/world.ts";

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

/**
 * What the person's hands are doing: keys held and, on the stage, a finger or a pressed mouse. The
 * keyboard, the buttons for thumbs and the pointer all end here, so that whoever plays need not
 * know which of them it was.
 */
export class Controls {
  readonly held = new Set<Key>();
  /** Where the pointer presses, in the world's units; null while it does not. */
  pointer: { x: number; y: number } | null = null;
  /** Called for each fresh press of a key. */
  onPress: (key: Key) => void = () => {};
  /** Called when the pointer goes down. */
  onPoint: (x: number, y: number) => void = () => {};
  /** Called when the pointer moves over the stage without pressing. */
  onHover: (x: number, y: number) => void = () => {};

  press(key: Key): void {
    if (this.held.has(key)) return;
    this.held.add(key);
    this.onPress(key);
  }

  release(key: Key): void {
    this.held.delete(key);
  }

  point(x: number, y: number, fresh: boolean): void {
    this.pointer = { x, y };
    if (fresh) this.onPoint(x, y);
  }

  lift(): void {
    this.pointer = null;
  }

  letGo(): void {
    this.held.clear();
    this.pointer = null;
  }

  /** Whether anything that this world knows is held. */
  active(world: World): boolean {
    return this.pointer !== null || [...this.held].some((key) => key in world.keys);
  }

  /** Follows the keyboard until the returned function is called. */
  listen(): () => void {
    const down = (event: KeyboardEvent) => {
      const key = keyOf[event.code];
      if (!key || event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event)) return;
      event.preventDefault();
      if (!event.repeat) this.press(key);
    };
    const up = (event: KeyboardEvent) => {
      const key = keyOf[event.code];
      if (key) this.release(key);
    };
    const blur = () => this.letGo();
    addEventListener("keydown", down);
    addEventListener("keyup", up);
    addEventListener("blur", blur);
    return () => {
      removeEventListener("keydown", down);
      removeEventListener("keyup", up);
      removeEventListener("blur", blur);
    };
  }
}

/** Whether a key belongs to the control that has the focus rather than to the stage. */
export function isElsewhere(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("input, select, textarea")) return true;
  return (
    (event.code === "Space" || event.code === "Enter") && !!target?.closest("button, a, summary")
  );
}
