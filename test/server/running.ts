import { afterAll, beforeAll } from "vitest";
import { type RunningServer, startServer } from "./server.ts";

/** A server, in files that {@link useServer}. */
export let server: RunningServer;

/** Starts it for as long as the tests of the file that calls it run. */
export function useServer(): void {
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());
}
