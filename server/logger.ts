import pino, { type Logger } from "pino";
import type { LogLevel } from "./settings.ts";

export type { Logger };

/** One line of JSON an event, on standard output, written before whoever logs goes on. */
export function createLogger(level: LogLevel): Logger {
  const out = pino.destination({ dest: 1, sync: true });
  // A log that nobody can keep, on a full disk, is no reason to stop.
  out.on("error", () => {});
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: plainError },
    },
    out,
  );
}

/** Errors carry along what they are about, such as the body that could not be read; none of it is for a log. */
function plainError(error: unknown): object {
  if (!(error instanceof Error)) return { message: inOneLine(error) };
  return { type: error.name, message: inOneLine(error.message), stack: frames(error) };
}

/** What libraries report is mostly what clients did wrong, at whatever length they like. */
export function inOneLine(message: unknown): string {
  return String(message).split("\n", 1)[0]!.slice(0, 300);
}

/** Where it happened, without the message, which the stack would repeat in full. */
function frames({ stack = "" }: Error): string[] {
  const lines = stack.split("\n").map((line) => line.trim());
  return lines.filter((line) => line.startsWith("at ")).slice(0, 10);
}
