import { readFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

// Loaded into a process before its program (`node --import`), this shifts its clock by the milliseconds in the file
// that CLOCK_SHIFT names, read at the start and at each SIGUSR2. As on a machine whose clock is set, timers and
// `performance.now` are as they were. It is JavaScript because modules that are loaded so are not bundled.

const file = process.env.CLOCK_SHIFT;
if (file) {
  const Real = Date;
  let shift = 0;
  const read = () => {
    shift = Number(readFileSync(file, "utf8"));
  };
  read();
  if (isMainThread) process.on("SIGUSR2", read);
  globalThis.Date = new Proxy(Real, {
    construct: (_, args, target) =>
      Reflect.construct(Real, args.length === 0 ? [Real.now() + shift] : args, target),
    apply: () => new Real(Real.now() + shift).toString(),
    get: (_, name) => (name === "now" ? () => Real.now() + shift : Reflect.get(Real, name)),
  });
}
