import { NotFoundError } from "../../base/errors.ts";
import { lastSegment } from "../../base/paths.ts";
import { looksLikeDatabase } from "../files/database_file.ts";
import { folderEntries } from "../files/folder_entries.ts";
import { isFolder } from "../files/source_files.ts";
import type { ForeignReader, ForeignRecord, ReadOptions } from "../foreign.ts";

/** Reads what Trackio keeps: a database for each project, or lines of JSON in its inbox. */
export const reader: ForeignReader = {
  kind: "trackio",
  title: "Trackio's databases and JSON lines",
  detect: async (path) => (await databasesAt(path)).length > 0 || await holdsInbox(path),
  open,
};

async function* open(path: string, options: ReadOptions): AsyncGenerator<readonly ForeignRecord[]> {
  const databases = await databasesAt(path);
  const inbox = await isFolder(`${path}/inbox`) ? `${path}/inbox` : lastSegment(path) === "inbox" ? path : undefined;
  if (databases.length === 0 && inbox === undefined) {
    throw new NotFoundError(`Cannot read "${path}": it is neither a database of Trackio nor its folder`);
  }
  const { readDatabase } = await import("./database_reader.ts");
  for (const database of databases) {
    const name = lastSegment(database);
    yield* readDatabase(database, name, name.replace(/\.db$/, ""), options);
  }
  if (inbox === undefined) return;
  const { readFragments } = await import("./fragments_reader.ts");
  yield* readFragments(inbox, options);
}

async function databasesAt(path: string): Promise<string[]> {
  if (!await isFolder(path)) return await isTrackioDatabase(path) ? [path] : [];
  const found: string[] = [];
  for (const { name, isFolder } of await folderEntries(path)) {
    if (!isFolder && name.endsWith(".db") && await isTrackioDatabase(`${path}/${name}`)) found.push(`${path}/${name}`);
  }
  return found;
}

async function isTrackioDatabase(path: string): Promise<boolean> {
  return await looksLikeDatabase(path, ["metrics", "configs", "system_metrics"]);
}

async function holdsInbox(path: string): Promise<boolean> {
  const { isFragment } = await import("./fragments_reader.ts");
  const writers = await folderEntries(`${path}/inbox`);
  const first = writers.find(({ isFolder }) => isFolder);
  return first !== undefined &&
    (await folderEntries(`${path}/inbox/${first.name}`)).some(({ name }) => isFragment(name));
}
