import { type FileMetaData, parquetMetadata, parquetReadObjects } from "hyparquet";
import { BadEpisodes, type Found } from "../../shared/data/imported.ts";
import { mostDrives } from "../../shared/lesson/episodes.ts";

/** Numbers in a file of as many drives as a lesson takes, each as long as one can be and with all of its states. */
const mostValues = 2e7;
const columns = ["world", "seed", "actions", "states"] as const;

/** Whether a file begins as Parquet does. */
export function isParquet(file: Uint8Array): boolean {
  return file.length >= 4 && String.fromCharCode(...file.subarray(0, 4)) === "PAR1";
}

/**
 * The rows of a Parquet file, an episode each: columns `world`, `seed`, `actions` and perhaps `states`.
 * @throws BadEpisodes where it is damaged, or holds more than a lesson can
 */
export async function parquetRows(file: Uint8Array<ArrayBuffer>): Promise<Found[]> {
  const { buffer } = file;
  const metadata = readOrComplain(() => parquetMetadata(buffer));
  const names = metadata.schema.map(({ name }) => name);
  const missing = columns.slice(0, 3).filter((name) => !names.includes(name));
  if (missing.length > 0) throw new BadEpisodes([`It has no column ${missing.join(", ")}.`]);
  // Before anything is unpacked: what is packed can be much more than the file.
  if (metadata.num_rows > mostDrives)
    throw new BadEpisodes([
      `It has ${metadata.num_rows} rows, and a lesson ${mostDrives} at most.`,
    ]);
  const sizes = sizesIn(metadata);
  if (sizes.some((size) => !(size >= 0)))
    complain(new RangeError("a number of values is negative"));
  if (sizes.reduce((sum, size) => sum + size, 0) > mostValues)
    throw new BadEpisodes(["It holds more numbers than a lesson can."]);
  const wanted = columns.filter((name) => names.includes(name));
  const rows = await parquetReadObjects({ file: buffer, metadata, columns: wanted }).catch(
    complain,
  );
  // Lists in lists may be deeper than the stack.
  return readOrComplain(() => rows.map((row, i) => ({ place: `Row ${i + 1}`, value: plain(row) })));
}

/** How many values each part of a file has, as the file says. */
function sizesIn({ row_groups }: FileMetaData): number[] {
  const parts = row_groups.flatMap(({ columns }) => columns);
  return parts.map(({ meta_data }) => Number(meta_data?.num_values ?? 0));
}

/** As JSON would have it: whole numbers of 64 bits as numbers, lists as arrays, nothing where there is nothing. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const known = Object.entries(value).filter(([, part]) => part !== null && part !== undefined);
  return Object.fromEntries(known.map(([name, part]) => [name, plain(part)]));
}

function readOrComplain<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    return complain(error);
  }
}

function complain(error: unknown): never {
  throw new BadEpisodes([`It is no Parquet that can be read: ${(error as Error).message}.`]);
}
