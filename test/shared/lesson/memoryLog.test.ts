import { describe, test } from "vitest";
import { contractOf, type Store } from "../../server/storage/contract.ts";
import { MemoryLog } from "./memoryLog.ts";

describe("a log in memory", () => {
  const log = new MemoryLog();
  const store: Store = { open: async () => log.another() };
  for (const { name, run } of contractOf(store)) test(name, () => run(store));
});
