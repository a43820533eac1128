import { isObject } from "../../base/json.ts";
import type { ForeignData } from "../foreign.ts";
import { parseForeignJson } from "../values.ts";
import { readSmallFile, sourceEntry } from "./source_files.ts";

/** A larger file is not read: all of it would be in memory. */
const MAX_SIZE = 256 * 1024 * 1024;

/** The object in a JSON file; `fields` is undefined where there is no file, or where `why` says what is wrong with it. */
export async function readJsonFile(path: string): Promise<{ readonly fields?: ForeignData; readonly why?: string }> {
  const entry = await sourceEntry(path);
  if (entry === undefined) return {};
  if (entry.size > MAX_SIZE) return { why: "it has more than 256 MiB" };
  const bytes = await readSmallFile(path);
  if (bytes === undefined) return {};
  try {
    const value = parseForeignJson(new TextDecoder().decode(bytes));
    return isObject(value) ? { fields: value as ForeignData } : { why: "it is not a JSON object" };
  } catch {
    return { why: "it is not JSON" };
  }
}
