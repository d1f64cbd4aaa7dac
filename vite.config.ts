import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { defineConfig, mergeConfig, type Plugin, type UserConfig } from "vite";
import { bundle } from "./scripts/bundle.mjs";

// How long the bundler took is nobody's concern but its own.
const checks = { bundlerTimings: false };

/** Puts each file's brotli and gzip beside it, as small as they can be: the server sends them as they are. */
const compressed: Plugin = {
  name: "compressed",
  async writeBundle({ dir }, bundle) {
    const names = Object.keys(bundle).filter((name) => /\.(js|css|html|svg|json)$/.test(name));
    await Promise.all(
      names.map(async (name) => {
        const path = join(dir!, name);
        const file = await readFile(path);
        const quality = {
          [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
          [constants.BROTLI_PARAM_SIZE_HINT]: file.length,
        };
        await writeFile(`${path}.br`, await promisify(brotliCompress)(file, { params: quality }));
        await writeFile(`${path}.gz`, await promisify(gzip)(file, { level: 9 }));
      }),
    );
  },
};

/** What the server's pages get in their headers (`server/http/app.ts`), as far as a page can say it itself. */
const policy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "img-src 'self' data: blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Pages that no server says anything about: they restrict themselves, and keep their own files. */
const onTheirOwn: Plugin = {
  name: "on-their-own",
  transformIndexHtml: {
    order: "pre",
    handler: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: policy },
        injectTo: "head-prepend",
      },
      {
        tag: "script",
        attrs: { type: "module", src: "./local/keep-offline.ts" },
        injectTo: "head",
      },
    ],
  },
};

/** Of Phaser's source only what the stage uses, with the switches of its own build. */
const partsOfPhaser: UserConfig = {
  resolve: {
    alias: [
      { find: /^phaser$/, replacement: resolve("client/stage/phaser.js") },
      // Named where the game begins, fetched only where there is a graphics card (`client/stage/webgl.ts`).
      {
        find: "../renderer/webgl/WebGLRenderer",
        replacement: resolve("client/stage/webgl-renderer.cjs"),
      },
      // Two dozen effects, of which the stage has none.
      {
        find: /^(\.\.\/\.\.\/filters\/\w+|\.\/filters\/Filter\w+)$/,
        replacement: resolve("client/stage/no-filter.cjs"),
      },
    ],
  },
  define: {
    "typeof CANVAS_RENDERER": "true",
    "typeof WEBGL_RENDERER": "true",
    "typeof WEBGL_DEBUG": "false",
    "typeof FEATURE_SOUND": "false",
    "typeof PLUGIN_CAMERA3D": "false",
    "typeof PLUGIN_FBINSTANT": "false",
  },
};

/**
 * What differs where lessons are kept by the browser. Three modules of `client/net/`, by which all else of it
 * is reached, give way to their namesakes in `client/local/`: an alias, as a condition in the code would have
 * both in the graph, and either build would ship chunks and workers of the other.
 */
const withoutServer: UserConfig = {
  plugins: [onTheirOwn],
  resolve: {
    alias: [
      {
        find: /^\.{1,2}\/net\/((?:new-lesson|open-session)\.ts|keeping\.tsx)$/,
        replacement: resolve("client/local/$1"),
      },
    ],
  },
  worker: { format: "es", rolldownOptions: { checks } },
  // The polyfill fetches, which the pages do not do otherwise.
  build: { modulePreload: { polyfill: false } },
};

/**
 * `vite build` makes the pages, `vite build --ssr` the server and its worker. `--mode static` makes pages that
 * need no server; `scripts/static.mjs` adds what keeps them.
 */
export default defineConfig(({ command, isSsrBuild, mode }) =>
  isSsrBuild
    ? {
        ssr: bundle.ssr,
        resolve: bundle.resolve,
        build: {
          target: "node20",
          outDir: "dist/server",
          copyPublicDir: false,
          rolldownOptions: {
            input: {
              index: "server/index.ts",
              trainer: "server/trainers/index.ts",
              worker: "server/jobs/worker.ts",
              "lessonFile.worker": "server/http/lessonFile.worker.ts",
              "watchdog.worker": "server/watchdog.worker.ts",
              backup: "server/storage/backup.ts",
              export: "server/export/index.ts",
              exportStudy: "server/export/study.ts",
              exportClass: "server/export/class.ts",
              import: "server/import/index.ts",
              move: "server/storage/move.ts",
              study: "server/studies/command.ts",
            },
            treeshake: bundle.treeshake,
            checks,
          },
        },
      }
    : mergeConfig(mode === "static" ? withoutServer : { plugins: [compressed] }, {
        root: "client",
        // The pages are wherever the server, a proxy or a folder has them.
        base: "./",
        ...(command === "build" ? partsOfPhaser : {}),
        build: {
          outDir: resolve("dist/client"),
          emptyOutDir: true,
          chunkSizeWarningLimit: 600, // kB: Phaser is large
          rolldownOptions: {
            input: {
              index: resolve("client/index.html"),
              explorer: resolve("client/explorer.html"),
              "bc-vs-dagger": resolve("client/bc-vs-dagger.html"),
              // Without a server there is nobody to take part in anything.
              ...(mode === "static"
                ? {}
                : { study: resolve("client/study.html"), class: resolve("client/class.html") }),
            },
            checks,
          },
        },
      }),
);
