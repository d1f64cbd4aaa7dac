import { once } from "node:events";
import { createServer, connect as dial, type Socket } from "node:net";

/** What stands before several servers, as deploy/nginx-several.conf does: one address for all of them. */
export interface Front {
  readonly address: string;
  /** Whose turn it is among those that are up; a port first in the list is asked first. */
  ports: readonly number[];
  /** Cuts off everyone who is connected. */
  cut(): void;
  close(): Promise<void>;
}

/**
 * Passes on what is under /at/PORT/ to that port without the prefix, and all else to the first of `ports` that answers.
 * @param isTrusted whether it says who asks, each time somebody else: an address of its own
 */
export async function frontOf(ports: readonly number[], isTrusted = false): Promise<Front> {
  const lines = new Set<Socket>();
  let strangers = 0;
  const keep = (line: Socket) => {
    lines.add(line);
    line.on("error", () => line.destroy());
    line.on("close", () => lines.delete(line));
  };
  const reach = async (candidates: readonly number[]) => {
    for (const port of candidates) {
      const far = dial(port, "127.0.0.1");
      keep(far);
      const is = await Promise.race([
        once(far, "connect").then(() => true),
        once(far, "close").then(() => false),
      ]).catch(() => false);
      if (is) return far;
    }
    return null;
  };
  const server = createServer(async (near) => {
    keep(near);
    const [chunk] = (await once(near, "data").catch(() => [null])) as [Buffer | null];
    if (!chunk) return near.destroy();
    near.pause();
    const head = chunk.toString("latin1");
    const [, port] = head.match(/^[A-Z]+ \/at\/(\d+)\//) ?? [];
    const far = await reach(port ? [Number(port)] : front.ports);
    if (!far)
      return near.end("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
    // One request a line: the next may be for another server.
    const oneRequest = /upgrade: websocket/i.test(head)
      ? head
      : head.replace(/\r\nConnection: [^\r]*/i, "").replace(/\r\n/, "\r\nConnection: close\r\n");
    const stranger = ++strangers;
    const from = `\r\nX-Forwarded-For: 10.${[16, 8, 0].map((shift) => (stranger >> shift) & 255).join(".")}\r\n`;
    const request = oneRequest.replace(/^([A-Z]+) \/at\/\d+\//, "$1 /");
    far.write(Buffer.from(isTrusted ? request.replace("\r\n", from) : request, "latin1"));
    near.pipe(far);
    far.pipe(near);
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const front: Front = {
    address: `http://localhost:${port}`,
    ports,
    cut() {
      for (const line of lines) line.destroy();
    },
    async close() {
      front.cut();
      server.close();
      await once(server, "close");
    },
  };
  return front;
}
