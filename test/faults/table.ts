/** A table of names and figures. */
export function rows(all: readonly (readonly [name: string, value: string | number])[]): string {
  return all.map(([name, value]) => `${name.padEnd(46)}${`${value}`.padStart(10)}\n`).join("");
}
