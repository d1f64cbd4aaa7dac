/** Why a request is not done: a code for programs, and a reason in words for whoever asked. */
export type Refusal = { readonly code: RefusalCode; readonly reason: string };

export type RefusalCode =
  | "malformed"
  | "not-yours"
  | "locked"
  | "held"
  | "not-yet"
  | "taken"
  | "ended"
  | "too-many"
  | "spent"
  | "full"
  | "not-stored"
  | "damaged"
  | "bad-taste"
  | "bad-episode"
  | "bad-action"
  | "unknown-demonstration"
  | "unknown-correction"
  | "no-demonstrations"
  | "no-labels"
  | "no-rounds"
  | "nothing-new"
  | "stale-round"
  | "out-of-order"
  | "bad-plan"
  | "bad-network"
  | "other-request"
  | "busy"
  | "stopped"
  | "too-long"
  | "failed";

export function refusal(code: RefusalCode, reason: string): Refusal {
  return { code, reason };
}

export function isRefusal(answer: object): answer is Refusal {
  return "code" in answer;
}
