import { build, type Rolldown } from "vite";

/** `test/shared/bits.ts` as a script for a page, which then has `bits`. */
export async function bundledBits(): Promise<string> {
  const bundled = await build({
    configFile: false,
    logLevel: "error",
    build: {
      lib: { entry: "test/shared/bits.ts", formats: ["iife"], name: "bits" },
      write: false,
    },
  });
  const [{ output }] = bundled as Rolldown.RolldownOutput[] as [Rolldown.RolldownOutput];
  return output[0].code;
}
