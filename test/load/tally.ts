import type { Kind } from "./agenda.ts";

/** The outcomes of many requests. */
export interface Tally {
  /** Time from when a request was due, not from when it was sent, to its answer, ms. */
  readonly waited: Record<string, number[]>;
  /** How long each page was away whose connection was closed, until it was in its lesson again, ms. */
  readonly away: number[];
  /** Requests that were refused, by the refusal's code. */
  readonly refused: Record<string, number>;
  /** Requests without an answer. */
  unanswered: number;
  /** The errors of the first of them. */
  readonly complaints: string[];
}

export function newTally(): Tally {
  return { waited: {}, away: [], refused: {}, unanswered: 0, complaints: [] };
}

/**
 * Waits for the answer to a request that was due at a time of `performance.now()`. Timing from there also
 * counts the delay of requests that wait behind a slow one.
 */
export async function counted<Answer>(
  tally: Tally,
  kind: Kind | string,
  due: number,
  answer: Promise<Answer>,
): Promise<Answer | null> {
  try {
    const answered = await answer;
    tally.waited[kind] ??= [];
    tally.waited[kind].push(performance.now() - due);
    return answered;
  } catch (error) {
    const { name, reason, message } = error as Error & { reason?: { code?: string } };
    if (name === "rejected" && reason?.code) {
      tally.refused[reason.code] = (tally.refused[reason.code] ?? 0) + 1;
    } else {
      tally.unanswered++;
      if (tally.complaints.length < 5) tally.complaints.push(`${kind}: ${message}`);
    }
    return null;
  }
}

export function sum(tallies: readonly Tally[]): Tally {
  const all = newTally();
  for (const { waited, away, refused, unanswered, complaints } of tallies) {
    for (const [kind, times] of Object.entries(waited)) {
      all.waited[kind] = [...(all.waited[kind] ?? []), ...times];
    }
    for (const [code, n] of Object.entries(refused)) {
      all.refused[code] = (all.refused[code] ?? 0) + n;
    }
    all.away.push(...away);
    all.unanswered += unanswered;
    all.complaints.push(...complaints);
  }
  return all;
}

export interface Times {
  readonly n: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Order statistics: the smallest time that a share p of all times do not exceed. */
export function times(waited: readonly number[]): Times {
  const sorted = Float64Array.from(waited).sort();
  const at = (p: number) => sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
  return { n: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
