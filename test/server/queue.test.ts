import { describe, expect, test } from "vitest";
import { FairQueue } from "../../server/jobs/queue.ts";

/** A queue with a manual clock, and work that ends on demand. */
function bench(slots: number) {
  let now = 0;
  const queue = new FairQueue(slots, () => now);
  const order: string[] = [];
  const ends = new Map<string, () => void>();
  const places = new Map<string, number[]>();
  const ask = (
    name: string,
    {
      owner = name as string,
      address = owner as string,
      long = false,
      wanted = true,
      signal = undefined as AbortSignal | undefined,
    } = {},
  ) => {
    const heard: number[] = [];
    places.set(name, heard);
    return queue.run(
      {
        owners: [address, owner],
        long,
        isWanted: () => wanted,
        wait: (place) => heard.push(place),
      },
      () => {
        order.push(name);
        return new Promise<string>((resolve) => {
          ends.set(name, () => resolve(name));
        });
      },
      signal,
    );
  };
  const end = async (name: string, ms = 0) => {
    now += ms;
    ends.get(name)!();
    await settled();
  };
  return { queue, order, places, ask, end };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("the queue for the worker threads", () => {
  test("runs as many jobs at once as there are slots, and the others in order", async () => {
    const { queue, order, ask, end } = bench(2);
    const all = ["a", "b", "c", "d"].map((name) => ask(name));
    await settled();
    expect(order).toEqual(["a", "b"]);
    expect([queue.busy, queue.waiting]).toEqual([2, 2]);
    await end("b");
    expect(order).toEqual(["a", "b", "c"]);
    await end("a");
    await end("d");
    await end("c");
    expect(await Promise.all(all)).toEqual(["a", "b", "c", "d"]);
    expect([queue.busy, queue.waiting]).toEqual([0, 0]);
  });

  test("reports a waiting job's place whenever it may have changed", async () => {
    const { places, ask, end } = bench(1);
    for (const name of ["a", "b", "c"]) void ask(name);
    await settled();
    expect(places.get("a")).toEqual([]);
    expect(places.get("c")!.at(-1)).toBe(2);
    await end("a");
    expect(places.get("c")!.at(-1)).toBe(1);
  });

  test("puts owners with much past use behind owners with little", async () => {
    const { order, ask, end } = bench(1);
    void ask("heavy 1", { owner: "heavy" });
    await settled();
    void ask("heavy 2", { owner: "heavy" });
    void ask("heavy 3", { owner: "heavy" });
    void ask("light");
    await end("heavy 1", 10_000);
    expect(order).toEqual(["heavy 1", "light"]);
    void ask("newcomer");
    await end("light", 100);
    expect(order.at(-1)).toBe("newcomer");
    await end("newcomer", 100);
    await end("heavy 2", 100);
    expect(order.slice(3)).toEqual(["heavy 2", "heavy 3"]);
  });

  test("puts all lessons of a busy address behind another address, and alternates between them", async () => {
    const { order, ask, end } = bench(1);
    const many = (n: number) => ask(`many ${n}`, { address: "one" });
    void many(0);
    await settled();
    for (let n = 1; n < 4; n++) void many(n);
    void ask("many 0 again", { owner: "many 0", address: "one" });
    void ask("other", { address: "another" });
    await end("many 0", 10_000);
    expect(order.at(-1)).toBe("other");
    await end("other", 20_000);
    void ask("other again", { owner: "other", address: "another" });
    for (const n of [1, 2, 3]) await end(`many ${n}`, 1000);
    expect(order.slice(2)).toEqual(["many 1", "many 2", "many 3", "many 0 again"]);
  });

  test("forgets past use with time", async () => {
    const { order, ask, end } = bench(1);
    void ask("once", { owner: "heavy" });
    await settled();
    await end("once", 10_000);
    void ask("lately", { owner: "other" });
    await settled();
    // A quarter of an hour later the ten seconds count for a third of a millisecond.
    void ask("heavy", { owner: "heavy" });
    void ask("again", { owner: "other" });
    await end("lately", 15 * 60_000);
    expect(order.at(-1)).toBe("heavy");
  });

  test("keeps one slot free of long jobs", async () => {
    const { order, ask, end } = bench(2);
    void ask("long 1", { long: true });
    void ask("long 2", { long: true });
    void ask("short 1");
    void ask("short 2");
    await settled();
    expect(order).toEqual(["long 1", "short 1"]);
    await end("short 1");
    expect(order.at(-1)).toBe("short 2");
    await end("short 2");
    expect(order.at(-1)).toBe("short 2");
    await end("long 1");
    expect(order.at(-1)).toBe("long 2");
  });

  test("never gives all slots to one address, nor all of its slots to its long jobs", async () => {
    const { order, ask, end } = bench(3);
    const mine = (name: string, long: boolean) => ask(name, { address: "mine", long });
    for (const n of [1, 2, 3]) void mine(`long ${n}`, true);
    for (const n of [1, 2]) void mine(`short ${n}`, false);
    await settled();
    expect(order).toEqual(["long 1", "short 1"]);
    void ask("other long", { address: "another", long: true });
    void ask("third long", { address: "a third", long: true });
    await settled();
    expect(order.slice(2)).toEqual(["other long"]);
    await end("short 1", 10);
    // Two of three slots have long work; the last is for short work of any owner.
    expect(order.slice(3)).toEqual(["short 2"]);
  });

  test("runs jobs that nobody waits for last", async () => {
    const { order, ask, end } = bench(1);
    void ask("first");
    await settled();
    void ask("deserted", { wanted: false });
    void ask("wanted");
    await end("first");
    await end("wanted");
    expect(order).toEqual(["first", "wanted", "deserted"]);
  });

  test("removes an aborted job and moves the others up", async () => {
    const { order, places, queue, ask, end } = bench(1);
    const stop = new AbortController();
    void ask("a");
    const given = ask("b", { signal: stop.signal });
    void ask("c");
    await settled();
    stop.abort(new Error("enough"));
    await expect(given).rejects.toThrow("enough");
    expect(queue.waiting).toBe(1);
    expect(places.get("c")!.at(-1)).toBe(1);
    await end("a");
    expect(order).toEqual(["a", "c"]);
    await expect(ask("d", { signal: stop.signal })).rejects.toThrow("enough");
  });

  test("frees the slot of a failed job", async () => {
    const queue = new FairQueue(1);
    const job = { owners: ["a"] as const, long: false, isWanted: () => true, wait: () => {} };
    await expect(queue.run(job, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(queue.busy).toBe(0);
    expect(await queue.run(job, async () => 1)).toBe(1);
  });

  test("tells a place when it changes, and not again", async () => {
    const { queue, places, ask, end } = bench(3);
    const all = ["a", "b", "c"].map((name) => ask(name, { owner: name }));
    await settled();
    all.push(ask("waits", { owner: "w" }));
    await settled();
    expect(places.get("waits")).toEqual([1]);
    all.push(ask("behind", { owner: "v" }));
    await settled();
    expect(places.get("waits")).toEqual([1]);
    expect(places.get("behind")).toEqual([2]);
    for (const name of ["a", "b", "c", "waits", "behind"]) await end(name);
    await Promise.all(all);
    expect(queue.busy).toBe(0);
  });
});
