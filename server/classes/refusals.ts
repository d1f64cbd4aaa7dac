import type { RateLimiterRes } from "rate-limiter-flexible";
import type * as z from "zod";
import { ended } from "../../shared/class/pace.ts";
import { refusal } from "../../shared/lesson/refusal.ts";
import { type HttpRefusal, httpRefusal } from "../door/door.ts";
import { conflict } from "../http/withinBudget.ts";

/** A refusal with the status that a page goes by. */
export function refused(why: Parameters<typeof conflict>[0]): HttpRefusal {
  if (why.code === "ended") return httpRefusal(410, why.code, why.reason);
  return why.code === "not-yours" ? httpRefusal(403, why.code, why.reason) : conflict(why);
}

/** What is wrong with a plan, with its place. */
export function malformedPlan(error: z.ZodError): HttpRefusal {
  const [issue] = error.issues.flatMap((issue) =>
    issue.code === "invalid_union" ? (issue.errors.at(-1) ?? []) : [issue],
  );
  const where = issue?.path.join(".") || "class";
  const message = (issue?.message ?? "no plan").slice(0, 200).replace(/\.$/, "");
  return httpRefusal(400, "malformed", `${where}: ${message}.`);
}

/** Nicknames are what people type; all else is a page's. */
export function malformedNickname(error: z.ZodError): HttpRefusal {
  const issue = error.issues.find(({ path }) => path.includes("nickname"));
  const words = issue && `${issue.message[0]!.toUpperCase()}${issue.message.slice(1)}.`;
  return httpRefusal(400, "malformed", words ?? "This is no request of a class's page.");
}

export function tooManyGuesses({ msBeforeNext }: RateLimiterRes): HttpRefusal {
  const minutes = Math.max(1, Math.ceil(msBeforeNext / 60_000));
  return httpRefusal(
    429,
    "too-many",
    `There were too many wrong codes from your network address; wait ${minutes} min.`,
    { "Retry-After": `${Math.max(1, Math.ceil(msBeforeNext / 1000))}` },
  );
}

export const gone = httpRefusal(410, ended.code, ended.reason);
export const unknownCode = httpRefusal(
  404,
  "malformed",
  "There is no class with these letters; check them on the big screen.",
);
export const noClass = httpRefusal(404, "malformed", "There is no class at this address.");
export const notYourLink = httpRefusal(
  403,
  "not-yours",
  "This is not the link of a pupil of this class.",
);
export const notTeacher = httpRefusal(
  403,
  "not-yours",
  "This is not the link of this class's teacher.",
);
export const tooFew = refusal("no-rounds", "At least two pupils must be in the class.");
