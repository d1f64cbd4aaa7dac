import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import type { Readable } from "node:stream";
import { type Engine, endWithThis, keys, until, written } from "./engine.ts";

/** The driver, the browser that it drives, and the screen that both need. */
export interface WebKitPrograms {
  readonly driver: string;
  readonly browser: string;
  readonly screen: string;
}

/** Has it draw by itself: a graphics card that is only imitated, as on such a screen, takes a second to read. */
const plain = { WEBKIT_SKIA_ENABLE_CPU_RENDERING: "1", WEBKIT_DISABLE_COMPOSITING_MODE: "1" };

/** WebKitGTK's own small browser, by plain WebDriver over HTTP, on a screen that nobody sees. */
export async function openWebKit(programs: WebKitPrograms, language: string): Promise<Engine> {
  const flags = ["-displayfd", "3", "-screen", "0", "1280x900x24", "-nolisten", "tcp"];
  const screen = spawn(programs.screen, flags, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  endWithThis(screen);
  const display = await written(screen.stdio[3] as Readable, /(\d+)\n/);
  const port = await freePort();
  const driver = spawn(programs.driver, [`--port=${port}`, "--host=127.0.0.1"], {
    env: { ...process.env, ...plain, DISPLAY: `:${display}`, LANG: language, LC_ALL: language },
    stdio: "ignore",
  });
  endWithThis(driver);
  const send = async <Value = unknown>(
    method: string,
    path: string,
    body?: object,
  ): Promise<Value> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
      headers: { "content-type": "application/json" },
    });
    const { value } = (await response.json()) as { value: unknown };
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(value)}`);
    return value as Value;
  };
  await until("WebKitWebDriver", () => send("GET", "/status").catch(() => null));
  const { sessionId, capabilities } = await send<Session>("POST", "/session", {
    capabilities: {
      alwaysMatch: {
        "webkitgtk:browserOptions": {
          binary: programs.browser,
          args: ["--automation", "--enable-webgl=false"],
        },
      },
    },
  });
  const at = `/session/${sessionId}`;
  await send("POST", `${at}/timeouts`, { script: 180_000 });
  await send("POST", `${at}/window/rect`, { x: 0, y: 0, width: 1280, height: 880 });
  const key = (type: "keyDown" | "keyUp", value: string) =>
    send("POST", `${at}/actions`, {
      actions: [{ type: "key", id: "keyboard", actions: [{ type, value }] }],
    });
  return {
    version: `WebKitGTK ${capabilities.browserVersion}`,
    async go(url) {
      await send("POST", `${at}/url`, { url });
    },
    async run(body) {
      const script = `const done = arguments[0];
        (async () => { ${body} })().then(
          (value) => done({ json: JSON.stringify(value) }),
          (error) => done({ error: String(error) }),
        );`;
      const { json, error } = await send<{ json?: string; error?: string }>(
        "POST",
        `${at}/execute/async`,
        { script, args: [] },
      );
      if (error !== undefined) throw new Error(error);
      return json && JSON.parse(json);
    },
    look: async () => Buffer.from(await send<string>("GET", `${at}/screenshot`), "base64"),
    async down(name) {
      await key("keyDown", keys[name]);
    },
    async up(name) {
      await key("keyUp", keys[name]);
    },
    async close() {
      await send("DELETE", at).catch(() => {});
      for (const child of [driver, screen]) await ended(child);
    },
  };
}

interface Session {
  readonly sessionId: string;
  readonly capabilities: { readonly browserVersion: string };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill();
  await gone;
}
