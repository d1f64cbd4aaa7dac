import type { ComparedDrives } from "../../shared/class/compare.ts";
import type { Trace } from "../../shared/class/trace.ts";

/** A trace as JSON has it. */
interface StoredTrace extends Omit<Trace, "samples"> {
  /** base64 */
  readonly samples: string;
}

/** The drives of a comparison, as the database has them. */
export interface StoredDrives {
  readonly pooled: StoredTrace;
  readonly agreed: StoredTrace;
  readonly swaps: Readonly<Record<string, StoredTrace>>;
}

export function storedDrives({ pooled, agreed, swaps }: ComparedDrives): StoredDrives {
  return {
    pooled: stored(pooled),
    agreed: stored(agreed),
    swaps: Object.fromEntries(
      Object.entries(swaps).map(([pupil, trace]) => [pupil, stored(trace)]),
    ),
  };
}

export function traceIn(stored: StoredTrace): Trace {
  return { ...stored, samples: Buffer.from(stored.samples, "base64") };
}

function stored(trace: Trace): StoredTrace {
  return { ...trace, samples: Buffer.from(trace.samples).toString("base64") };
}
