import { readFileSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const { dependencies } = JSON.parse(readFileSync(join(here, "../package.json"), "utf8"));

/** Colyseus exports everything from one module; most of it is not used here. */
const colyseus = /[/\\]node_modules[/\\]@?colyseus[/\\]/;
/** Packages of the unused parts; one of them reads `.env` files as soon as it is loaded. */
const unused =
  /[/\\]node_modules[/\\](cookie-parser|cors|dotenv|express-jwt|express-session|grant|jsonwebtoken|node-os-utils)[/\\]/;
/** A package that Colyseus loads if it is installed. */
const optional = /^@pm2\/io$/;

/**
 * How the server is bundled. The `dependencies` in package.json are installed where the server runs;
 * everything else that it uses becomes part of the bundle.
 */
export const bundle = {
  ssr: { noExternal: /** @type {const} */ (true), external: Object.keys(dependencies) },
  resolve: { alias: [{ find: optional, replacement: join(here, "nothing.mjs") }] },
  treeshake: {
    moduleSideEffects: (/** @type {string} */ id) => !colyseus.test(id) && !unused.test(id),
  },
};
