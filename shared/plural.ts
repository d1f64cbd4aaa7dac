const rules = new Intl.PluralRules("en");
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** The word for `n` things: "label" or "labels". */
export function plural(n: number, one: string, many = `${one}s`): string {
  return rules.select(n) === "one" ? one : many;
}

/** "1 label", "1,200 labels" */
export function count(n: number, one: string, many?: string): string {
  return `${grouped(n)} ${plural(n, one, many)}`;
}

/** A whole number with a comma for each thousand. */
export function grouped(n: number): string {
  return whole.format(n);
}
