import { connect } from "node:net";
import { expect, test, vi } from "vitest";
import { endOn, type StoppableServer } from "../../server/stop.ts";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { createLesson, eventsOf, join, newKey, startServer, temporaryFolder } from "./server.ts";

const messages = (printed: string): string[] =>
  printed
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => JSON.parse(line).msg);

test("stops cleanly while a learner trains and a client does not read, and keeps everything acknowledged", async () => {
  const server = await startServer(temporaryFolder(), { LOG_LEVEL: "info" });
  const lesson = await createLesson(server, "road");
  const someone = await join(server, lesson);
  for (let i = 0; i < 12; i++) {
    const episode = demonstrate(worlds.road!, 5000 + i);
    await someone.room.request("demonstrate", { key: newKey(), episode });
  }
  const response = await fetch(`${server.address}/matchmake/joinOrCreate/lesson`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ lesson }),
  });
  const { processId, roomId, sessionId } = (await response.json()) as Record<string, string>;
  const deaf = connect(Number(new URL(server.address).port), "localhost");
  deaf.on("error", () => {});
  deaf.write(
    `GET /${processId}/${roomId}?sessionId=${sessionId} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${"a".repeat(21)}Q==\r\n\r\n`,
  );
  const plan = { policy: "mlpEnsemble", query: "novel", budget: 4, drives: 1 };
  const training = someone.room.request("train", { key: newKey(), plan }, { timeout: 60_000 });
  training.catch(() => {});
  await expect.poll(() => someone.progress.length).toBeGreaterThan(0);

  expect(await server.stop()).toBe(0);
  expect(someone.left).toEqual([4001]);
  expect(server.stderr).toBe("");
  for (const msg of ["work started", "left", "stopping"])
    expect(messages(server.stdout)).toContain(msg);
  expect(messages(server.stdout).at(-1)).toBe("stopped");
  deaf.destroy();

  await server.start();
  expect(await eventsOf(await join(server, lesson))).toHaveLength(13);
  await server.stop();
});

test("ends the process after a time limit if stopping hangs", () => {
  vi.useFakeTimers();
  const exit = vi.spyOn(process, "exit").mockReturnValue(undefined as never);
  const heard = ["SIGUSR2", "uncaughtException"].map(
    (event) => [event, process.listeners(event as "SIGUSR2")] as const,
  );
  const logged: unknown[] = [];
  const logger = { info: () => {}, error: (_: object, msg: string) => logged.push(msg) };
  const never = () => new Promise<never>(() => {});
  const running = { http: { close() {} }, colyseus: { gracefullyShutdown: never }, logger };
  try {
    endOn(["SIGUSR2"], running as unknown as StoppableServer);
    process.emit("SIGUSR2");
    process.emit("SIGUSR2");
    vi.advanceTimersByTime(4499);
    expect(exit).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(exit.mock.calls).toEqual([[1]]);
    expect(logged).toEqual(["did not stop in time, and is stopped"]);
  } finally {
    for (const [event, before] of heard)
      for (const listener of process.listeners(event as "SIGUSR2"))
        if (!before.includes(listener)) process.off(event, listener);
    exit.mockRestore();
    vi.useRealTimers();
  }
});
