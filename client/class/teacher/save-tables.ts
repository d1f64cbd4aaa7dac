import { download } from "../../browser/download.ts";

/** Hands the person a class's tables and its log, as a zip. */
export async function saveTables(
  tables: Readonly<Record<string, string>>,
  title: string,
): Promise<void> {
  const { strToU8, zipSync } = await import("fflate");
  const files = Object.entries(tables).map(([name, text]) => [name, strToU8(text)] as const);
  const zip = zipSync(Object.fromEntries(files));
  const name = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  download(new Blob([zip], { type: "application/zip" }), `class-${name || "data"}.zip`);
}
