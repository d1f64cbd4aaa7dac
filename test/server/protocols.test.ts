import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSettings } from "../../server/settings.ts";
import { Protocols } from "../../server/studies/protocols.ts";
import { BadProtocol } from "../../shared/study/protocol.ts";
import { pilotProtocol } from "../studies/protocol.ts";
import { temporaryFolder } from "./server.ts";

test("a bad file is read once for all who ask, says no more than ten sentences, and is read again once it is mended", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "s.json");
  const questions = Array.from({ length: 60 }, () => ({ kind: "riddle" }));
  writeFileSync(path, JSON.stringify({ ...pilotProtocol(5), questions }));
  const protocols = new Protocols(folder);
  const read = () => protocols.read("s").catch((error: unknown) => error);
  const [first, ...rest] = await Promise.all([read(), read(), read()]);
  expect(first).toBeInstanceOf(BadProtocol);
  for (const other of [...rest, await read()]) expect(other).toBe(first);
  const { message, complaints } = first as BadProtocol;
  expect(message.split("\n")).toEqual(complaints);
  expect(complaints).toHaveLength(10);
  writeFileSync(path, JSON.stringify(pilotProtocol(5)));
  utimesSync(path, new Date(), new Date(Date.now() + 2000));
  expect(await read()).toMatchObject({ names: { participant: "PROLIFIC_PID" } });
});

test("no study is open before somebody has made its file", async () => {
  expect(await new Protocols(readSettings({}).studies).read("example")).toBeNull();
});
