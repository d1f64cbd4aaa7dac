import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { fromDebian } from "./debian.mjs";
import { onPath } from "./onPath.mjs";
import { fromRegistry } from "./registry.mjs";

/** Chromium without its windows, which take about a quarter of the time that a page takes. */
const shell = "chromium-headless-shell";
const others = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/**
 * The path of a Chromium for the tests: `CHROMIUM`, or Debian's headless one, which is installed where
 * that is possible, or an installed one, or else one from the npm registry.
 */
export async function chromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  if (!onPath(shell)) fromDebian([shell]);
  return [shell, ...others].map(onPath).find((path) => path) ?? packed();
}

/** A Chromium that comes inside an npm package. */
async function packed() {
  const name = "@sparticuz/chromium";
  const home = fromRegistry(name, "153");
  if (!home)
    throw new Error("There is no Chromium here, and none to be had: name one with CHROMIUM.");
  const path = createRequire(`${home}/`).resolve(name);
  const { default: chromium } = await import(pathToFileURL(path).href);
  return chromium.executablePath();
}
