import { plural } from "../plural.ts";

/** The flags cannot be followed; the message is a sentence for whoever typed them. */
export class BadFlags extends Error {}

export interface Flag {
  readonly help: string;
  /** A number from `least` to `most`, one of `choices`, or any text. */
  readonly takes:
    | { readonly kind: "whole" | "number"; readonly least: number; readonly most: number }
    | { readonly kind: "choice"; readonly choices: readonly string[] }
    | { readonly kind: "file" }
    | { readonly kind: "nothing" };
}

export const whole = (least: number, most: number) => ({ kind: "whole", least, most }) as const;
export const number = (least: number, most: number) => ({ kind: "number", least, most }) as const;
export const choice = (of: object) => ({ kind: "choice", choices: Object.keys(of) }) as const;
export const file = { kind: "file" } as const;
export const nothing = { kind: "nothing" } as const;

export type Flags = Readonly<Record<string, Flag>>;

/**
 * The flags in `args`, each checked on its own.
 * @throws BadFlags
 */
export function valuesOf(flags: Flags, args: readonly string[]): Map<string, string> {
  const names = Object.keys(flags).map((name) => `--${name}`);
  const values = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const [, name = "", attached] = /^--([^=]*)(?:=(.*))?$/s.exec(args[i]!) ?? [];
    const flag = Object.hasOwn(flags, name) ? flags[name]! : null;
    if (!flag)
      throw new BadFlags(
        `There is no flag "${args[i]}": there ${plural(names.length, "is", "are")} ${list(names, "and")}.`,
      );
    if (values.has(name)) throw new BadFlags(`--${name} is given twice.`);
    if (flag.takes.kind === "nothing") {
      if (attached !== undefined) throw new BadFlags(`--${name} takes no value.`);
      values.set(name, "");
      continue;
    }
    const value = attached ?? args[++i];
    const complaint = complain(value, flag.takes);
    if (complaint) {
      throw new BadFlags(
        `--${name} takes ${complaint}${value === undefined ? "" : `, not "${value}"`}.`,
      );
    }
    values.set(name, value!);
  }
  return values;
}

/** What would have been right, or null where `value` is. */
function complain(value: string | undefined, takes: Flag["takes"]): string | null {
  switch (takes.kind) {
    case "nothing":
      return null;
    case "file":
      return value && !value.startsWith("--") ? null : "the name of a file";
    case "choice":
      return takes.choices.includes(value ?? "") ? null : list(takes.choices);
    default: {
      const { kind, least, most } = takes;
      const number = value?.trim() ? Number(value) : Number.NaN;
      const right = number >= least && number <= most && (kind === "number" || number % 1 === 0);
      const range = `from ${least} to ${Number.isInteger(most) ? most : most.toFixed(2)}`;
      return right ? null : `a ${kind === "whole" ? "whole " : ""}number ${range}`;
    }
  }
}

/** A line of help for each flag. */
export function described(flags: Flags): string[] {
  const width = Math.max(...Object.keys(flags).map((name) => name.length));
  return Object.entries(flags).map(
    ([name, { help, takes }]) =>
      `  --${name.padEnd(width)}  ${help}${takes.kind === "choice" ? `: ${takes.choices.join(", ")}` : ""}`,
  );
}

export function list(words: readonly string[], last = "or"): string {
  return words.length < 2
    ? words.join()
    : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}
