import { once } from "node:events";
import { createServer, connect as dial, type Socket } from "node:net";

/** A line to a store, which can be cut: then nothing comes through, and nobody is told. */
export interface Line {
  readonly port: number;
  /** From now on nothing comes through. Who connects is let wait. */
  cut(): void;
  /**
   * Lets things through again.
   * @param isLost whether lines that were open are of no use any more, and what was on its way is lost; else it
   * arrives late, even from who has given up meanwhile
   */
  mend(isLost: boolean): void;
  close(): void;
}

interface Pair {
  readonly near: Socket;
  far: Socket | null;
}

/** A line to this port of this machine. */
export async function lineTo(port: number): Promise<Line> {
  const pairs = new Set<Pair>();
  let isCut = false;
  const connect = (pair: Pair) => {
    const { near } = pair;
    const far = dial(port, "127.0.0.1");
    pair.far = far;
    far.on("error", () => {});
    pass(near, far);
    pass(far, near);
    near.resume();
  };
  const pass = (from: Socket, to: Socket) => {
    from.on("data", (chunk) => to.write(chunk));
    // Comes after all data, and so not before a cut line is mended.
    from.on("end", () => to.end());
    from.on("close", () => {
      if (!isCut) to.destroy();
    });
  };
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const pair: Pair = { near, far: null };
    pairs.add(pair);
    near.on("error", () => {});
    near.on("close", () => {
      if (!isCut) pairs.delete(pair);
    });
    near.pause();
    if (!isCut) connect(pair);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address() as { port: number };
  return {
    port: address.port,
    cut() {
      isCut = true;
      for (const { near, far } of pairs) {
        near.pause();
        far?.pause();
      }
    },
    mend(isLost) {
      isCut = false;
      for (const pair of pairs) {
        const { near, far } = pair;
        if (isLost) {
          near.destroy();
          far?.destroy();
          pairs.delete(pair);
        } else if (!far) {
          if (near.destroyed) pairs.delete(pair);
          else connect(pair);
        } else {
          near.resume();
          far.resume();
          if (near.destroyed) far.destroy();
          if (far.destroyed) near.destroy();
        }
      }
    },
    close() {
      server.close();
      for (const { near, far } of pairs) {
        near.destroy();
        far?.destroy();
      }
    },
  };
}
