import { areEqual } from "../../base/bytes.ts";
import { readHead, sourceEntry } from "./source_files.ts";

const HEADER = new TextEncoder().encode("SQLite format 3\0");

/** Bytes that are looked through for the names of tables: those of a schema stand at the front. */
const LOOKED_THROUGH = 1024 * 1024;

/** Whether a file is a database of SQLite whose schema seems to name all of these tables. Nothing is opened as a database. */
export async function looksLikeDatabase(path: string, tables: readonly string[]): Promise<boolean> {
  const head = await headOf(path);
  if (head.length < HEADER.length || !areEqual(head.subarray(0, HEADER.length), HEADER)) return false;
  const decoder = new TextDecoder("latin1");
  const text = decoder.decode(head) + decoder.decode(await headOf(`${path}-wal`));
  return tables.every((table) => new RegExp(`CREATE TABLE (?:IF NOT EXISTS )?["'\`]?${table}\\b`, "i").test(text));
}

async function headOf(path: string): Promise<Uint8Array> {
  return await sourceEntry(path) === undefined ? new Uint8Array() : await readHead(path, LOOKED_THROUGH);
}
