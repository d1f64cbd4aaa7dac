import type { Request, Response } from "express";
import type * as z from "zod";
import { NotStored, type Spend, Unreadable } from "../../shared/lesson/log.ts";
import type { Refusal } from "../../shared/lesson/refusal.ts";
import { tooFast } from "../../shared/lesson/service/refusals.ts";
import type { Budget } from "../door/budget.ts";
import { type Door, type HttpRefusal, httpRefusal } from "../door/door.ts";
import type { Reports, Route } from "../reports.ts";
import { Busy } from "../storage/decisions.ts";
import { now } from "../time.ts";
import { refuse } from "./refuse.ts";

export interface AnsweringParts {
  readonly door: Door;
  readonly budget: Budget;
  readonly reports: Reports;
}

/**
 * Answers a request with what `answer` gives: JSON, or a refusal. It is paid for by the address that it came from,
 * which has to wait where it has used its share.
 * @param route in reports
 * @param explain a refusal for an error that only this route knows; null for all others
 */
export async function answerWithinBudget(
  { door, budget, reports }: AnsweringParts,
  route: Route,
  request: Request,
  response: Response,
  answer: (spend: Spend) => Promise<HttpRefusal | object>,
  explain: (error: unknown) => HttpRefusal | null = () => null,
): Promise<void> {
  const address = door.addressOf(request);
  const say = (refusal: HttpRefusal) => {
    reports.refused(refusal.refusal.code, refusal.status, address);
    refuse(response, refusal);
  };
  const wait = budget.wait(address);
  if (wait > 0)
    return say(
      httpRefusal(429, tooFast.code, tooFast.reason, {
        "Retry-After": `${Math.ceil(wait / 1000)}`,
      }),
    );
  try {
    const found = await answer((ms) => budget.spend(address, ms));
    if (isHttpRefusal(found)) return say(found);
    response.json(found);
  } catch (error) {
    const own = explain(error);
    if (own) return say(own);
    if (error instanceof Busy)
      return say(httpRefusal(503, "busy", error.message, { "Retry-After": "2" }));
    if (error instanceof NotStored) {
      reports.failed(route, error);
      return say(httpRefusal(503, "not-stored", error.message, { "Retry-After": "2" }));
    }
    if (error instanceof Unreadable) {
      reports.failed(route, error);
      return say(httpRefusal(500, "damaged", error.message));
    }
    throw error;
  }
}

function isHttpRefusal(found: object): found is HttpRefusal {
  return "refusal" in found;
}

/** What a body comes to; whoever sent it pays for the look at it. */
export function parsed<T extends z.ZodType>(schema: T, body: unknown, spend: Spend) {
  const began = now();
  const result = schema.safeParse(body);
  spend(now() - began);
  return result;
}

/** A refusal of what the state does not allow, or of what makes no sense. */
export function conflict({ code, reason }: Refusal): HttpRefusal {
  return httpRefusal(code === "malformed" ? 400 : 409, code, reason);
}
