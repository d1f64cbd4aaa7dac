import type { Format } from "../../shared/data/formats/format.ts";
import { formats as plain } from "../../shared/data/formats/index.ts";
import type { DiskFolder } from "./diskFolder.ts";
import { imitation } from "./imitation.ts";
import { minari } from "./minari.ts";

/** Every format: those that are plain files, and those that need a disk to make. A line for each. */
export const formats: Readonly<Record<string, Format<DiskFolder>>> = {
  ...plain,
  minari,
  imitation,
};
