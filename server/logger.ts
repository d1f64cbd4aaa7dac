import pino, { type Logger } from "pino";
import type { LogLevel } from "./settings.ts";

export type { Logger };

/** Writes one line of JSON an entry to standard output, synchronously. */
export function createLogger(level: LogLevel): Logger {
  const out = pino.destination({ dest: 1, sync: true });
  // A log that cannot be written, as on a full disk, must not stop the server.
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

/** Only name, message and stack of an error: other properties may hold data, such as a request's body. */
export function plainError(error: unknown): object {
  if (!(error instanceof Error)) return { message: inOneLine(error) };
  return { type: inOneLine(error.name), message: inOneLine(error.message), stack: frames(error) };
}

/** The first line of a message, shortened: libraries quote what clients sent, at any length. */
export function inOneLine(message: unknown): string {
  return String(message).split("\n", 1)[0]!.slice(0, 300);
}

/** The stack without the message, which it would repeat in full; lines of that may look like frames. */
function frames({ stack = "" }: Error): string[] {
  const lines = stack.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line.startsWith("at "))
    .slice(0, 10)
    .map(inOneLine);
}
