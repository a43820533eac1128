// deno-lint-ignore no-import-prefix -- a URL import of the library has no import map
import { parquetMetadataAsync, parquetReadObjects } from "npm:hyparquet@1.33.0";
import { randomAccess } from "../files/random_access.ts";

/** A row: a value of an attribute of a run. Of the columns with values, the one that its type says is not null. */
export interface NeptuneRow {
  readonly project_id?: unknown;
  readonly run_id?: unknown;
  readonly attribute_path?: unknown;
  readonly attribute_type?: unknown;
  readonly step?: unknown;
  readonly timestamp?: unknown;
  readonly int_value?: unknown;
  readonly float_value?: unknown;
  readonly string_value?: unknown;
  readonly bool_value?: unknown;
  readonly datetime_value?: unknown;
  readonly string_set_value?: unknown;
  readonly file_value?: unknown;
  readonly histogram_value?: unknown;
}

/** A larger group of rows is not read: all of it would be in memory. */
const MAX_GROUP = 512 * 1024 * 1024;

/** Rows that are made at once. */
const ROWS = 20_000;

/** The rows of a Parquet file, in pieces. Throws where it is not one, or is damaged. */
export async function* rowsOf(path: string): AsyncGenerator<readonly NeptuneRow[]> {
  using file = await randomAccess(path);
  const metadata = await parquetMetadataAsync(file);
  let start = 0;
  for (const group of metadata.row_groups) {
    const end = start + Number(group.num_rows);
    if (Number(group.total_byte_size) > MAX_GROUP) throw new RangeError("a group of rows has more than 512 MiB");
    for (let from = start; from < end; from += ROWS) {
      const options = { file, metadata, rowStart: from, rowEnd: Math.min(end, from + ROWS) };
      yield await parquetReadObjects(options) as NeptuneRow[];
    }
    start = end;
  }
}
