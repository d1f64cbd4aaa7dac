import type { AwayRecording, DeviceRecording } from "../../shared/study/events.ts";

/** Shortest absence that is told, and the shortest time between two that are told, ms. */
const shortest = 500;
const interval = 5000;
/** Round trips of which the shortest is told. */
const trips = 3;

/** What kind of a machine this is, as far as a study keeps it: nothing by which it could be found again. */
export async function recordDevice(): Promise<DeviceRecording> {
  const isCoarse = matchMedia("(pointer: coarse)").matches;
  const smaller = Math.min(screen.width, screen.height);
  return {
    v: 1,
    device: isCoarse ? (smaller < 600 ? "phone" : "tablet") : "computer",
    viewport: [innerWidth, innerHeight],
    pixelRatio: devicePixelRatio,
    engine: engineOf(),
    timeZoneOffset: -new Date().getTimezoneOffset(),
    roundTrip: await roundTrip(),
  };
}

/** By what only one of them has: what a browser calls itself says more than is asked for. */
function engineOf(): DeviceRecording["engine"] {
  if (CSS.supports("-moz-appearance", "none")) return "Gecko";
  if (CSS.supports("-apple-pay-button-style", "plain") || "GestureEvent" in window) return "WebKit";
  return CSS.supports("-webkit-app-region", "none") ? "Blink" : "other";
}

/** Milliseconds; null where nothing comes back. */
async function roundTrip(): Promise<number | null> {
  let least: number | null = null;
  for (let i = 0; i < trips; i++) {
    const began = performance.now();
    const isThere = await fetch("./api/live", { cache: "no-store" }).then(
      ({ ok }) => ok,
      () => false,
    );
    const ms = Math.round(10 * (performance.now() - began)) / 10;
    if (isThere && ms <= 60_000) least = Math.min(least ?? ms, ms);
  }
  return least;
}

/**
 * Tells how often and for how long the page was hidden or had not the focus, once it is back.
 * @returns stops it
 */
export function recordAway(tell: (recording: AwayRecording) => void): () => void {
  let since: number | null = isHere() ? null : performance.now();
  let [times, ms, told] = [0, 0, Number.NEGATIVE_INFINITY];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const send = () => {
    timer = undefined;
    told = performance.now();
    tell({ v: 1, times: Math.min(times, 10_000), ms: Math.min(Math.round(ms), 1e9) });
    [times, ms] = [0, 0];
  };
  const look = () => {
    if (!isHere()) since ??= performance.now();
    else if (since !== null) {
      const away = performance.now() - since;
      since = null;
      if (away < shortest) return;
      times++;
      ms += away;
      timer ??= setTimeout(send, Math.max(0, told + interval - performance.now()));
    }
  };
  const signs = ["focus", "blur"] as const;
  for (const sign of signs) addEventListener(sign, look);
  document.addEventListener("visibilitychange", look);
  return () => {
    clearTimeout(timer);
    for (const sign of signs) removeEventListener(sign, look);
    document.removeEventListener("visibilitychange", look);
  };
}

function isHere(): boolean {
  return !document.hidden && document.hasFocus();
}
