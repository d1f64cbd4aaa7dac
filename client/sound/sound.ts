import { signal } from "@preact/signals";
import { recall, remember } from "../browser/local-storage.ts";
import type { Synthesiser } from "./synthesiser.ts";

/** What is to be heard of whoever is under way. */
export interface Heard {
  /** How fast they are, as a share of how fast one usually is. */
  readonly speed: number;
  /** How strongly the wind blows, in [0, 1]. */
  readonly wind: number;
}

const key = "dagger-dojo.sound";

/** Whether the person wants to hear anything. */
export const isOn = signal(recall(key) === "on");

/** Made by a press and never before, since browsers let a page sound only then. */
let synthesiser: Synthesiser | null = null;
let isMaking = false;

/** Turns the sound on or off; called in a press. */
export function turnSound(on: boolean): void {
  isOn.value = on;
  remember(key, on ? "on" : "off");
  if (on) start();
  else synthesiser?.silence();
}

/** What was on in an earlier visit is on again at the first press of anything. */
export function startAtFirstPress(): () => void {
  const press = () => {
    stop();
    if (isOn.peek()) start();
  };
  const stop = () => {
    removeEventListener("pointerdown", press);
    removeEventListener("keydown", press);
  };
  addEventListener("pointerdown", press);
  addEventListener("keydown", press);
  return stop;
}

function start(): void {
  if (synthesiser) synthesiser.wake();
  else if (!isMaking) void make();
}

/** The context in the press itself; what plays on it may come a little later. */
async function make(): Promise<void> {
  isMaking = true;
  const context = new AudioContext();
  try {
    const { Synthesiser } = await import("./synthesiser.ts");
    synthesiser = new Synthesiser(context);
    if (!isOn.peek()) synthesiser.silence();
  } catch {
    // Without it the page is silent, and nothing else is amiss.
    isMaking = false;
    await context.close();
  }
}

/** Whether there was nothing to be heard of anyone. */
let isQuiet = true;

/** Lets an engine and the wind be heard as they are now; null where nobody drives. */
export function hear(heard: Heard | null): void {
  if (heard === null && isQuiet) return;
  isQuiet = heard === null;
  if (isOn.peek()) synthesiser?.hear(heard);
}

/** A fall. */
export function crash(): void {
  if (isOn.peek()) synthesiser?.crash();
}

/** Something has come out well. */
export function chime(): void {
  if (isOn.peek()) synthesiser?.chime();
}
