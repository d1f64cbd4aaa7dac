import { strFromU8, unzipSync } from "fflate";
import { expect, test } from "vitest";
import { Archive } from "../../client/net/archive.ts";

test("an archive has its files as they were written, texts and bytes", async () => {
  const archive = new Archive();
  const long = "a line of a table\n".repeat(10_000);
  const table = archive.file("csv/table.csv");
  table.write(long);
  table.write("ü");
  table.close();
  const numbers = archive.file("numbers");
  const bytes = Uint8Array.of(1, 2, 3);
  numbers.write(bytes);
  bytes.fill(0);
  numbers.close();
  const made = archive.close();
  expect(made.type).toBe("application/zip");
  const files = unzipSync(new Uint8Array(await made.arrayBuffer()));
  expect(Object.keys(files)).toEqual(["csv/table.csv", "numbers"]);
  expect(strFromU8(files["csv/table.csv"]!)).toBe(`${long}ü`);
  expect([...files.numbers!]).toEqual([1, 2, 3]);
});

test("what is too large for a page is refused in a sentence", () => {
  const archive = new Archive(1000);
  const first = archive.file("first");
  first.write(new Uint8Array(900));
  const second = archive.file("second");
  expect(() => second.write(new Uint8Array(101))).toThrow(
    /^These tables are too large for a page;/,
  );
});
