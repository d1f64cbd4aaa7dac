const names = ["paper", "dash", "line", "ink", "expert", "learner", "glass"] as const;

/** The theme's colours, "#rrggbb", as the style sheets have them. */
export type Colours = Readonly<Record<(typeof names)[number], string>> & {
  /** One that a kind of world has for itself, by its name in the style sheet. */
  of(name: string): string;
};

/** Reads the colours of the theme in force. */
export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  // Read once each: a drawing asks for its colours in every frame.
  const read = new Map<string, string>();
  const of = (name: string) => {
    const colour = read.get(name) ?? style.getPropertyValue(`--${name}`).trim();
    read.set(name, colour);
    return colour;
  };
  const entries = names.map((name) => [name, of(name)] as const);
  return { ...(Object.fromEntries(entries) as Record<(typeof names)[number], string>), of };
}

/** "#rrggbb" as the number that Phaser wants. */
export function toNumber(colour: string): number {
  return Number.parseInt(colour.slice(1), 16);
}
