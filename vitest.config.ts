import { defineConfig } from "vitest/config";

/** Tests run what is built, so it had better be what is written. */
const built = "scripts/build.mjs";

/** These replace a module for all who import it, so that they need modules of their own. */
const replacing = ["test/shared/imitation/oneRound.test.ts", "test/server/seats.test.ts"];

const here = import.meta.dirname.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** Has Node itself load the modules in `folders`; see `test/typescript`. */
const native = (...folders: string[]) => ({
  execArgv: ["--import", "./test/typescript/register.mjs"],
  server: { deps: { external: folders.map((folder) => new RegExp(`^${here}/${folder}/`)) } },
});

/** Units first, then the real server, then the real page in a real browser. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "shared",
          ...native("shared"),
          include: ["test/*.test.ts", "test/{shared,client}/**/*.test.ts"],
          exclude: replacing,
          // To load the same modules for each file takes as long as a third of the tests.
          isolate: false,
          setupFiles: "test/properties.ts",
          testTimeout: 60_000, // ms
          // Vitest itself leaves one core alone.
          maxWorkers: "100%",
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "replacing",
          include: replacing,
          testTimeout: 60_000, // ms
          maxWorkers: "100%",
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "server",
          ...native("shared", "server"),
          include: ["test/server/**/*.test.ts"],
          exclude: replacing,
          isolate: false,
          globalSetup: built,
          testTimeout: 180_000, // ms
          hookTimeout: 60_000, // ms
          expect: { poll: { timeout: 30_000 } }, // ms
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "browser",
          ...native("shared", "server"),
          include: ["test/browser/**/*.test.ts"],
          isolate: false,
          globalSetup: built,
          testTimeout: 300_000, // ms
          hookTimeout: 120_000, // ms
          expect: { poll: { timeout: 10_000 } }, // ms
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
