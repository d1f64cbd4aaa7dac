/**
 * Bundles the TypeScript module `entry` into one JavaScript module, as Node 20 cannot read TypeScript.
 * @param {string} entry
 * @param {import("vite").InlineConfig} [config] further options of Vite
 * @returns {Promise<string>} its source
 */
export async function compile(entry, config = {}) {
  const { build } = await import("vite"); // imported late: it may have been installed just now
  const result = await build({
    ...config,
    configFile: false,
    logLevel: "error",
    build: {
      ssr: entry,
      target: "node20",
      write: false,
      // What is imported late is in it, too.
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const [output] = [result].flat();
  if (!output || !("output" in output)) throw new Error(`${entry} was not bundled`);
  return output.output[0].code;
}
