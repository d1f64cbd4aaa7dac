import { csv } from "./csv.ts";
import type { Format } from "./format.ts";
import { jsonl } from "./jsonl.ts";
import { lerobot } from "./lerobot.ts";
import { parquet } from "./parquet.ts";

/** Every format that is plain files, which a page can make as well as a server: a line for each. */
export const formats: Readonly<Record<string, Format>> = { csv, jsonl, parquet, lerobot };
