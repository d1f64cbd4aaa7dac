import { createServer, connect as dial, type Socket } from "node:net";

/** A stretch of network between a page and a server, which can fail as networks do. */
export interface Network {
  /** Where the server is to be found through it. */
  readonly address: string;
  /** What is connected stays so, and nothing comes through: a line that died without a word. */
  freeze(): void;
  /** Nothing can be reached, and nobody is told. New lines wait. */
  down(): void;
  /** New lines go through again; those that died stay dead. */
  up(): void;
  /** What is connected is cut off, and everyone is told. */
  cut(): void;
  /** What becomes of new websockets: a proxy that knows nothing of them refuses, or never answers. */
  websockets: "pass" | "refused" | "swallowed";
  close(): Promise<void>;
}

const refusal = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/**
 * A network to `server`. Lines on which a browser asks for files are cut when it fails, as a browser
 * does itself where the network changes; it is the long-lived ones that die without a word.
 */
export async function networkTo(server: { address: string }): Promise<Network> {
  const lines = new Map<Socket, { talks: boolean }>();
  const waiting: (() => void)[] = [];
  let open = true;
  const take = (line: Socket, kind: { talks: boolean }) => {
    lines.set(line, kind);
    line.on("error", () => line.destroy());
    line.on("close", () => lines.delete(line));
  };
  const through = (near: Socket) => {
    const kind = { talks: false };
    take(near, kind);
    near.once("data", (chunk) => {
      kind.talks = /upgrade: websocket/i.test(chunk.toString("latin1"));
      const fate = kind.talks ? network.websockets : "pass";
      if (fate === "refused") near.end(refusal);
      if (fate !== "pass") return;
      const far = dial(Number(new URL(server.address).port), "localhost");
      take(far, kind);
      near.on("close", () => far.destroy());
      far.on("close", () => near.destroy());
      far.write(chunk);
      near.pipe(far);
      far.pipe(near);
    });
  };
  const proxy = createServer((near) => {
    if (open) through(near);
    else waiting.push(() => through(near));
  });
  await new Promise<void>((resolve) => proxy.listen(0, "localhost", resolve));
  const { port } = proxy.address() as { port: number };
  const network: Network = {
    address: `http://localhost:${port}`,
    websockets: "pass",
    freeze() {
      for (const [line, { talks }] of lines) {
        line.unpipe();
        if (talks) line.pause();
        else line.destroy();
      }
    },
    down() {
      open = false;
      network.freeze();
    },
    up() {
      open = true;
      for (const go of waiting.splice(0)) go();
    },
    cut() {
      for (const line of lines.keys()) line.destroy();
    },
    close() {
      network.cut();
      return new Promise<void>((resolve) => proxy.close(() => resolve()));
    },
  };
  return network;
}
