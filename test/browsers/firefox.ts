import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import WebSocket from "ws";
import { type Engine, endWithThis, keys, written } from "./engine.ts";

/** Firefox, by WebDriver BiDi, which it speaks itself. */
export async function openFirefox(program: string): Promise<Engine> {
  const profile = mkdtempSync(join(tmpdir(), "dojo-firefox-"));
  const flags = ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"];
  const child = spawn(program, [...flags, "--width", "1280", "--height", "800"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  endWithThis(child);
  const address = await written(child.stderr!, /WebDriver BiDi listening on (ws:\S+)/);
  const socket = new WebSocket(`${address}/session`);
  await once(socket, "open");
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.on("message", (data) => {
    const answer: Answer & { id?: number } = JSON.parse(String(data));
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });
  let id = 0;
  const send = async <Result = unknown>(method: string, params: object): Promise<Result> => {
    const number = ++id;
    const answer = new Promise<Answer>((resolve) => waiting.set(number, resolve));
    socket.send(JSON.stringify({ id: number, method, params }));
    const { type, result, message } = await answer;
    waiting.delete(number);
    if (type !== "success") throw new Error(`${method}: ${message}`);
    return result as Result;
  };
  const { capabilities } = await send<{ capabilities: { browserVersion: string } }>("session.new", {
    capabilities: {},
  });
  const { contexts } = await send<{ contexts: [{ context: string }] }>(
    "browsingContext.getTree",
    {},
  );
  const [{ context }] = contexts;
  await send("browsingContext.setViewport", { context, viewport: { width: 1280, height: 800 } });
  const key = (type: "keyDown" | "keyUp", value: string) =>
    send("input.performActions", {
      context,
      actions: [{ type: "key", id: "keyboard", actions: [{ type, value }] }],
    });
  return {
    version: `Firefox ${capabilities.browserVersion}`,
    async go(url) {
      await send("browsingContext.navigate", { context, url, wait: "complete" });
    },
    async run(body) {
      const called = await send<Called>("script.callFunction", {
        functionDeclaration: `async () => JSON.stringify(await (async () => { ${body} })())`,
        awaitPromise: true,
        target: { context },
      });
      if (called.type === "exception") throw new Error(called.exceptionDetails.text);
      return called.result.value && JSON.parse(called.result.value);
    },
    async look() {
      const { data } = await send<{ data: string }>("browsingContext.captureScreenshot", {
        context,
      });
      return Buffer.from(data, "base64");
    },
    async down(name) {
      await key("keyDown", keys[name]);
    },
    async up(name) {
      await key("keyUp", keys[name]);
    },
    async close() {
      const gone = once(child, "exit");
      await send("browser.close", {});
      await gone;
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

type Called =
  | { readonly type: "success"; readonly result: { readonly value?: string } }
  | { readonly type: "exception"; readonly exceptionDetails: { readonly text: string } };

interface Answer {
  readonly type: "success" | "error";
  readonly result?: unknown;
  readonly message?: string;
}
