import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { timeLeft } from "../../shared/class/pace.ts";
import type { ClassEntry } from "../../shared/class/room.ts";
import { ClassConnection } from "./connection.ts";
import { Traces } from "./traces.ts";

/** A class's room for as long as the component is there, and the drives that it shows. */
export function useClass(entry: ClassEntry): {
  readonly connection: ClassConnection;
  readonly traces: Traces;
} {
  const { class: id, pupil, secret } = entry;
  const opened = useMemo(() => {
    const connection = new ClassConnection(entry);
    return { connection, traces: new Traces(connection) };
  }, [id, pupil, secret]);
  useEffect(() => () => opened.connection.close(), [opened]);
  return opened;
}

/** Seconds that are left by the server's clock; null where there is no end, and once nobody waits any more. */
export function useTimeLeft(connection: ClassConnection, endsAt: number): number | null {
  const now = useSignal(connection.now);
  useEffect(() => {
    if (endsAt === 0) return;
    now.value = connection.now;
    const timer = setInterval(() => {
      now.value = connection.now;
    }, 250);
    return () => clearInterval(timer);
  }, [connection, endsAt, now]);
  const left = timeLeft({ endsAt: endsAt || null }, now.value);
  return left === null ? null : left / 1000;
}
