import { resolve } from "node:path";
import { defineConfig } from "vite";

// How long the bundler took is nobody's concern but its own.
const checks = { bundlerTimings: false };

/** `vite build` makes the pages, `vite build --ssr` the server and its worker. */
export default defineConfig(({ isSsrBuild }) =>
  isSsrBuild
    ? {
        build: {
          target: "node20",
          outDir: "dist/server",
          copyPublicDir: false,
          rolldownOptions: {
            input: {
              index: "server/index.ts",
              worker: "server/worker.ts",
              "watchdog.worker": "server/watchdog.worker.ts",
              backup: "server/backup.ts",
            },
            checks,
          },
        },
      }
    : {
        root: "client",
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
