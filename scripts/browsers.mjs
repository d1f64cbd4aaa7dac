import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import buildServer from "./build.mjs";
import { compile } from "./compile.mjs";
import { fromDebian } from "./debian.mjs";
import { codeOf, install, requireNode } from "./install.mjs";
import { onPath } from "./onPath.mjs";

// Plays the first level in other browsers than Chromium: `npm run browsers`. `-- --only webkitgtk` leaves the
// others out, and `-- --language C` has WebKit speak another language. What is missing is installed from Debian
// where that is possible.

process.chdir(join(import.meta.dirname, ".."));
requireNode();
install();
buildServer();

const firefox = found("firefox-esr", "firefox-esr") ?? onPath("firefox") ?? null;
const driver = found("WebKitWebDriver", "webkit2gtk-driver");
const screen = found("Xvfb", "xvfb");
const browser = miniBrowser();
if (!firefox) leftOut("Firefox", "firefox-esr");
if (!driver || !browser) leftOut("WebKitGTK", "webkit2gtk-driver");
else if (!screen) leftOut("WebKitGTK", "xvfb");
const webkit = driver && screen && browser ? { driver, screen, browser } : null;

// Inside the project, where what is not bundled is found.
const bundle = resolve("dist/browsers/browsers.js");
mkdirSync(dirname(bundle), { recursive: true });
writeFileSync(bundle, await compile("test/browsers/index.ts"));
const { run } = await import(pathToFileURL(bundle).href);
try {
  process.exit((await run(process.argv.slice(2), { firefox, webkit })) ? 0 : 1);
} catch (error) {
  if (!(error instanceof Error && codeOf(error).startsWith("ERR_PARSE_ARGS"))) throw error;
  console.error(error.message);
  process.exit(2);
}

/**
 * The path of a program, which is installed from Debian where it is missing and that is possible.
 * @param {string} program
 * @param {string} package_
 */
function found(program, package_) {
  if (!onPath(program)) fromDebian([package_]);
  return onPath(program);
}

/** WebKitGTK's own small browser, which comes with its library and is on no path. */
function miniBrowser() {
  for (const libraries of ["/usr/lib", "/usr/libexec"]) {
    if (!existsSync(libraries)) continue;
    const folders = readdirSync(libraries, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    for (const { name } of [{ name: "." }, ...folders]) {
      for (const version of ["webkitgtk-6.0", "webkit2gtk-4.1", "webkit2gtk-4.0"]) {
        const path = join(libraries, name, version, "MiniBrowser");
        if (existsSync(path)) return path;
      }
    }
  }
  return undefined;
}

/**
 * @param {string} name
 * @param {string} package_
 */
function leftOut(name, package_) {
  console.log(`${name} is left out: there is no ${package_} here, and it cannot be installed.`);
}
