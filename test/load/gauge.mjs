import { rmSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { createServer } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread } from "node:worker_threads";

// Loaded into a process before its program (`node --import`), this reports the process's usage at the
// socket named by GAUGE. It is JavaScript because modules that are loaded so are not bundled.

if (isMainThread && process.env.GAUGE) {
  const socket = process.env.GAUGE;
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const resolution = 10; // ms
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();

  const session = new Session();
  /** @param {string} wish */
  async function profiled(wish) {
    if (wish.includes("begin-profile")) {
      session.connect();
      await session.post("Profiler.enable");
      await session.post("Profiler.setSamplingInterval", { interval: 500 }); // µs
      await session.post("Profiler.start");
    }
    return wish.includes("end-profile") ? (await session.post("Profiler.stop")).profile : null;
  }

  /**
   * Delay of the event loop, ms. The histogram's entries are times between two ticks of a timer, so that
   * no delay is `resolution`.
   * @param {number} ns
   */
  const late = (ns) => Math.max(0, ns / 1e6 - resolution);

  /**
   * Answers each byte with the longest delay of the event loop since the last one, and the memory.
   * @param {import("node:net").Socket} asker
   */
  function beat(asker) {
    const step = 5; // ms
    let last = performance.now();
    let late = 0;
    const tick = () => {
      const now = performance.now();
      late = Math.max(late, now - last - step);
      last = now;
    };
    const ticking = setInterval(tick, step).unref();
    asker.on("close", () => clearInterval(ticking));
    asker.on("end", () => asker.destroy());
    asker.on("data", () => {
      // A delay of this answer is a delay of a tick too.
      tick();
      const { rss, external } = process.memoryUsage();
      asker.write(`${JSON.stringify({ late, rss, external })}\n`);
      late = 0;
    });
    asker.write("\n");
  }

  const gauge = createServer({ allowHalfOpen: true }, (asker) => {
    asker.on("error", () => {});
    asker.once("data", async (chunk) => {
      const wish = String(chunk);
      if (wish === "beat") return beat(asker);
      const profile = await profiled(wish);
      if (wish.includes("collect")) for (let i = 0; i < 3; i++) collect();
      const { rss, heapUsed, external } = process.memoryUsage();
      const { user, system } = process.cpuUsage();
      const loop = {
        p50: late(delay.percentile(50)),
        p99: late(delay.percentile(99)),
        max: late(delay.max),
      };
      if (wish.includes("reset")) delay.reset();
      asker.end(
        JSON.stringify({ rss, heapUsed, external, cpu: (user + system) / 1e6, loop, profile }),
      );
    });
  });
  rmSync(socket, { force: true });
  gauge.listen(socket);
  gauge.unref();
}
