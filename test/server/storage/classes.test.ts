import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";
import { SqliteLog } from "../../../server/storage/sqlite/log.ts";
import { classClauses } from "./classClauses.ts";

describe("the log of classes in SQLite", () => {
  const folder = mkdtempSync(join(tmpdir(), "dojo-"));
  for (const { name, run } of classClauses(() => SqliteLog.open(folder))) test(name, run);
});
