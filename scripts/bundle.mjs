import { readFileSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const { dependencies } = JSON.parse(readFileSync(join(here, "../package.json"), "utf8"));

/** Colyseus exports all that it has from one module, most of which no server here uses. */
const parts = /[/\\]node_modules[/\\]@?colyseus[/\\]/;
/** Packages behind those parts; one of them reads `.env` files as soon as it is loaded. */
const behind =
  /[/\\]node_modules[/\\](cookie-parser|cors|dotenv|express-jwt|express-session|grant|jsonwebtoken|node-os-utils)[/\\]/;
/** What Colyseus loads later where it is there: for PM2, and for more than one process. */
const later = /^(@pm2\/io|@colyseus\/redis-(driver|presence))$/;

/**
 * How the server is bundled. What package.json has as `dependencies` is installed where the server
 * runs; everything else becomes part of the bundle, as far as it is used.
 */
export const bundle = {
  ssr: { noExternal: /** @type {const} */ (true), external: Object.keys(dependencies) },
  resolve: { alias: [{ find: later, replacement: join(here, "nothing.mjs") }] },
  treeshake: {
    moduleSideEffects: (/** @type {string} */ id) => !parts.test(id) && !behind.test(id),
  },
};
