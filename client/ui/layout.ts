import { signal } from "@preact/signals";

/** What the browser says is printed on the keys, by code; empty where it does not say. */
export const printed = signal<ReadonlyMap<string, string>>(new Map());

interface KeyboardWithLayout {
  getLayoutMap?(): Promise<ReadonlyMap<string, string>>;
}

const { keyboard } = navigator as Navigator & { readonly keyboard?: KeyboardWithLayout };
keyboard?.getLayoutMap?.().then(
  (map) => {
    printed.value = map;
  },
  () => {}, // Not on a page within another's frame.
);
