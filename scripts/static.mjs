import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { install, requireNode } from "./install.mjs";

// The whole lesson as files, for any server that serves files: `npm run build:static`.

/** The name of the built service worker, which pages register. */
const workerName = "service-worker.js";

/**
 * Builds the static pages into `outDir`.
 * @param {string} [outDir]
 * @param {string} [assetsDir] name of the folder for files whose names have hashes
 */
export async function buildStatic(outDir = "dist/static", assetsDir = "assets") {
  const { build } = await import("vite"); // imported late: it may have been installed just now
  const folder = resolve(outDir);
  await build({
    mode: "static",
    logLevel: "warn",
    build: { outDir: folder, emptyOutDir: true, assetsDir },
  });
  const files = filesIn(folder);
  await build({
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    define: {
      buildFiles: JSON.stringify(files),
      buildName: JSON.stringify(digest("hex", JSON.stringify(files)).slice(0, 16)),
    },
    build: {
      outDir: folder,
      emptyOutDir: false,
      lib: {
        entry: "client/local/service-worker.ts",
        formats: ["iife"],
        name: "serviceWorker",
        fileName: () => workerName,
      },
    },
  });
}

/**
 * Every file in a folder, as its path there and its digest.
 * @param {string} folder
 */
function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true, encoding: "utf8" })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
    .map((path) => [
      path.slice(folder.length + 1).replaceAll(sep, "/"),
      `sha256-${digest("base64", readFileSync(path))}`,
    ]);
}

/**
 * SHA-256.
 * @param {"hex" | "base64"} encoding
 * @param {string | Buffer} content
 */
function digest(encoding, content) {
  return createHash("sha256").update(content).digest(encoding);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.chdir(join(import.meta.dirname, ".."));
  requireNode();
  install();
  await buildStatic();
  console.log("The pages are in dist/static.");
}
