import { afterAll, beforeAll } from "vitest";
import { type RunningServer, startServer } from "./server.ts";

/** A server for as long as the tests of the file that imports it run. */
export let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());
