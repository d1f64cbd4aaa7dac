/**
 * The TypeScript module `entry` and what it imports, as one module of JavaScript: Node 20 cannot read
 * TypeScript.
 * @param {string} entry
 * @param {import("vite").InlineConfig} [config] added to how it is bundled
 * @returns {Promise<string>}
 */
export async function compile(entry, config = {}) {
  const { build } = await import("vite"); // which may have been installed just now
  const result = await build({
    ...config,
    configFile: false,
    logLevel: "error",
    build: { ssr: entry, target: "node20", write: false },
  });
  const [output] = [result].flat();
  if (!output || !("output" in output)) throw new Error(`${entry} was not bundled`);
  return output.output[0].code;
}
