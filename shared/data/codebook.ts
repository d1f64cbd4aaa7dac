import { width } from "../spaces.ts";
import { worlds } from "../worlds/index.ts";
import type { Legend, Level } from "../worlds/level.ts";
import { classTables } from "./class/index.ts";
import { studyTables } from "./study/index.ts";
import { type ColumnType, type ColumnWords, isByLevel } from "./table.ts";
import { tables } from "./tables/index.ts";

/** What is said of a column, as JSON. */
interface ColumnEntry {
  readonly name: string;
  readonly type: ColumnType;
  readonly unit: string | null;
  readonly meaning: string;
  /** Whether there are several, numbered: `name_0`, `name_1`, … as many as the world has. */
  readonly numbered: boolean;
}

/** What is said of a world, as JSON. */
interface WorldEntry {
  readonly world: string;
  readonly title: string;
  /** Where people demonstrate, where that is another weather. */
  readonly demonstratedIn: string | null;
  readonly stateSize: number;
  readonly observationSize: number;
  readonly actionSize: number;
  readonly action: Level["action"];
  readonly legend: Legend;
  readonly features: readonly string[];
  readonly measure: string;
  /** Null where the world waits for each action. */
  readonly stepsPerSecond: number | null;
  /** Most steps in an episode. */
  readonly horizon: number;
}

export interface Codebook {
  readonly tables: readonly {
    readonly name: string;
    readonly row: string;
    readonly filePerWorld: boolean;
    readonly columns: readonly ColumnEntry[];
  }[];
  readonly worlds: readonly WorldEntry[];
}

/** What every table, column and world means; it travels with all data. */
export const codebook: Codebook = {
  tables: tables.map((table) => ({ ...entriesOf(table), filePerWorld: isByLevel(table) })),
  worlds: Object.values(worlds).map((level) => ({
    world: level.name,
    title: level.title,
    demonstratedIn: level.demonstratedIn?.name ?? null,
    stateSize: level.stateSize,
    observationSize: level.observationSize,
    actionSize: width(level.action),
    action: level.action,
    legend: level.legend,
    features: level.lattice.featureNames,
    measure: `${level.measure.name} (${level.measure.unit})`,
    stepsPerSecond: level.steering.pace === "runs" ? level.steering.stepsPerSecond : null,
    horizon: level.horizon,
  })),
};

/** What the tables mean that a study has beside those of its lessons. */
const studyCodebook: Pick<Codebook, "tables"> = {
  tables: studyTables.map((table) => ({ ...entriesOf(table), filePerWorld: false })),
};

/** What the tables mean that a class has beside those of its lessons. */
const classCodebook: Pick<Codebook, "tables"> = {
  tables: classTables.map((table) => ({ ...entriesOf(table), filePerWorld: false })),
};

function entriesOf({ name, row, columns }: TableWords) {
  return { name, row, columns: columns.map(entryOf) };
}

/** A table without what makes its rows. */
interface TableWords {
  readonly name: string;
  readonly row: string;
  readonly columns: readonly ColumnWords[];
}

function entryOf({ name, type, unit, meaning, width }: ColumnWords): ColumnEntry {
  return { name, type, unit: unit ?? null, meaning, numbered: width !== undefined };
}

/** The codebook as a page of Markdown, headings from the second level on. */
export function codebookPage({ tables, worlds }: Codebook = codebook): string {
  const worldRows = worlds.map(
    (world) =>
      `| \`${world.world}\` | ${world.demonstratedIn ? `\`${world.demonstratedIn}\`` : ""} | ${world.stateSize} | ${world.observationSize} | ${sayAction(world.action)} | ${world.features.join("; ")} | ${world.measure} | ${world.stepsPerSecond ?? "waits"} | ${world.horizon} |`,
  );
  return [
    "## Tables",
    "",
    "A cell that is empty (null, NaN) is not known, was not asked for or was not recorded. A name that ends in `_i` is as many columns as the world has numbers of that kind: `_0`, `_1`, … `numbers` is a list; in CSV it is written as JSON.",
    "",
    tablePages(tables),
    "",
    "## Worlds",
    "",
    "| world | demonstrated in | state | observation | action | `feature_i` | measure | steps a second | horizon |",
    "|---|---|---|---|---|---|---|---|---|",
    ...worldRows,
    "",
    "What their numbers are:",
    "",
    "| world | `state_i` | `action_i` | `observation_i` |",
    "|---|---|---|---|",
    ...worlds.map(
      ({ world, legend: { state, action, observation } }) =>
        `| \`${world}\` | ${state.join("; ")} | ${action.join("; ")} | ${observation} |`,
    ),
    "",
  ].join("\n");
}

/** What the tables of a study mean, as Markdown. */
export function studyCodebookPage(): string {
  return `## Tables of a study\n\nBeside those of its lessons, and always in CSV.\n\n${tablePages(studyCodebook.tables)}\n`;
}

/** What the tables of a class mean, as Markdown. */
export function classCodebookPage(): string {
  return `## Tables of a class\n\nBeside those of its lessons, and always in CSV.\n\n${tablePages(classCodebook.tables)}\n`;
}

function tablePages(tables: Codebook["tables"]): string {
  const pages = tables.map(({ name, row, filePerWorld, columns }) =>
    [
      `### \`${name}\``,
      "",
      `A row is ${row}.${filePerWorld ? " Each world has a file of its own, as its columns are the world's." : ""}`,
      "",
      "| column | type | unit | meaning |",
      "|---|---|---|---|",
      ...columns.map(
        (column) =>
          `| \`${column.name}${column.numbered ? "_i" : ""}\` | ${column.type} | ${column.unit ?? ""} | ${column.meaning} |`,
      ),
    ].join("\n"),
  );
  return pages.join("\n\n");
}

/** The codebook as the files that travel with all data, by name. */
export const codebookFiles: Readonly<Record<string, string>> = {
  "codebook.md": `# Codebook\n\n${codebookPage()}`,
  "codebook.json": `${JSON.stringify(codebook, null, 2)}\n`,
};

/** Those of a study, which travel with its data. */
export const studyCodebookFiles: Readonly<Record<string, string>> = {
  "codebook-study.md": `# Codebook of a study\n\n${studyCodebookPage()}`,
  "codebook-study.json": `${JSON.stringify(studyCodebook, null, 2)}\n`,
};

/** Those of a class, likewise. */
export const classCodebookFiles: Readonly<Record<string, string>> = {
  "codebook-class.md": `# Codebook of a class\n\n${classCodebookPage()}`,
  "codebook-class.json": `${JSON.stringify(classCodebook, null, 2)}\n`,
};

function sayAction(action: Level["action"]): string {
  if (action.kind === "discrete") return action.names.map((name, i) => `${i} ${name}`).join(", ");
  return action.low.map((low, i) => `[${short(low)}, ${short(action.high[i]!)}]`).join(" × ");
}

/** Without what a sum of decimals leaves in the last bits. */
function short(value: number): string {
  return `${Math.round(1e6 * value) / 1e6}`.replace("-", "−");
}
