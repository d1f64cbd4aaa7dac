import type { Level } from "../../shared/worlds/level.ts";
import { garden } from "./garden.ts";
import { mountain } from "./mountain.ts";
import { path } from "./path.ts";
import type { Presentation } from "./presentation.ts";
import { road } from "./road.ts";

/** How each kind of world is drawn and spoken of, by the kind's name. */
const presentations: Readonly<Record<string, Presentation>> = {
  // One line each.
  road,
  garden,
  path,
  mountain,
};

/** How this world is drawn and spoken of. */
export function presentationOf({ kind }: Pick<Level, "kind">): Presentation {
  return presentations[kind]!;
}
