import { useSignal } from "@preact/signals";
import type { IdChoice } from "../../shared/study/requests.ts";
import { download } from "../browser/download.ts";
import type { Ask } from "./participants.tsx";

const choices: Readonly<Record<IdChoice, string>> = {
  omit: "without the panel’s ids",
  hash: "with hashes of the panel’s ids",
  keep: "with the panel’s ids",
};

/** The study's tables and its log, as a zip. */
export function Download({ study, ask }: { study: string; ask: Ask }) {
  const ids = useSignal<IdChoice>("omit");
  const save = async () => {
    const { tables } = (await ask({ type: "tables", ids: ids.peek() })) ?? {};
    if (!tables) return;
    const { strToU8, zipSync } = await import("fflate");
    const files = Object.entries(tables).map(([name, text]) => [name, strToU8(text)] as const);
    const zip = zipSync(Object.fromEntries(files));
    download(new Blob([zip], { type: "application/zip" }), `${study}.zip`);
  };
  return (
    <span class="download">
      <button type="button" class="primary" onClick={save}>
        Download the tables
      </button>
      <select
        aria-label="What to do with the panel’s ids"
        value={ids.value}
        onChange={({ currentTarget }) => {
          ids.value = currentTarget.value as IdChoice;
        }}
      >
        {Object.entries(choices).map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
    </span>
  );
}
