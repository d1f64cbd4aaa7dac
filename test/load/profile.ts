import { basename } from "node:path";

/** V8's profile of a thread. */
export interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly children?: readonly number[];
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
    };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** The functions with the most self time: [share of the busy time, function]. */
export function hottest({ nodes, samples, timeDeltas }: Profile, most = 30): [number, string][] {
  const names = new Map(nodes.map((node) => [node.id, nameOf(node)]));
  for (const { id, children = [], callFrame } of nodes) {
    if (!callFrame.url) continue;
    // Native code has no name, or one that says little.
    for (const child of children) {
      if (isNative(child, nodes)) names.set(child, `${names.get(child)} ← ${names.get(id)}`);
    }
  }
  const own = new Map<string, number>();
  let busy = 0;
  samples.forEach((id, i) => {
    const name = names.get(id)!;
    if (name === "(idle)") return;
    const time = timeDeltas[i]!;
    busy += time;
    own.set(name, (own.get(name) ?? 0) + time);
  });
  return [...own]
    .sort((a, b) => b[1] - a[1])
    .slice(0, most)
    .map(([name, time]) => [time / busy, name]);
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: Profile["nodes"][number]) {
  return `${functionName || "(anonymous)"} ${url ? `${basename(url)}:${lineNumber + 1}` : ""}`.trim();
}

function isNative(id: number, nodes: Profile["nodes"]): boolean {
  const { url, functionName } = nodes.find((node) => node.id === id)!.callFrame;
  return !url && functionName !== "(garbage collector)";
}
