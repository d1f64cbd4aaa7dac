import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { defineConfig, type Plugin } from "vite";
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

/** `vite build` makes the pages, `vite build --ssr` the server and its worker. */
export default defineConfig(({ isSsrBuild }) =>
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
              worker: "server/jobs/worker.ts",
              "lessonFile.worker": "server/http/lessonFile.worker.ts",
              "watchdog.worker": "server/watchdog.worker.ts",
              backup: "server/storage/backup.ts",
            },
            treeshake: bundle.treeshake,
            checks,
          },
        },
      }
    : {
        root: "client",
        // The pages are wherever the server, or a proxy, has them.
        base: "./",
        plugins: [compressed],
        build: {
          outDir: resolve("dist/client"),
          emptyOutDir: true,
          chunkSizeWarningLimit: 1600, // kB: Phaser is large
          rolldownOptions: {
            input: {
              index: resolve("client/index.html"),
              explorer: resolve("client/explorer.html"),
              "bc-vs-dagger": resolve("client/bc-vs-dagger.html"),
            },
            checks,
          },
        },
      },
);
