import { expect, test } from "vitest";
import {
  classCodebookPage,
  codebook,
  codebookPage,
  studyCodebookPage,
} from "../../../shared/data/codebook.ts";
import { flatColumns } from "../../../shared/data/table.ts";
import { tables } from "../../../shared/data/tables/index.ts";
import { worlds } from "../../../shared/worlds/index.ts";

test("docs/codebook.md is the codebook; `npx vitest run --project shared test/shared/data -u` brings it up to date", async () => {
  const head =
    "# Codebook\n\nMade from `shared/data/`: see [data.md](data.md) for how to get the files, and open them.\n\n";
  await expect(
    `${head}${codebookPage()}\n${studyCodebookPage()}\n${classCodebookPage()}`,
  ).toMatchFileSnapshot("../../../docs/codebook.md");
});

test("every column says what it is, once", () => {
  for (const { name, columns } of codebook.tables) {
    expect(new Set(columns.map((column) => column.name)).size, name).toBe(columns.length);
    for (const { meaning } of columns) expect(meaning).toMatch(/^[A-Z`].+[.…]$/s);
  }
  for (const level of Object.values(worlds))
    for (const table of tables) {
      const names = flatColumns(table.columns, level).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
    }
});
