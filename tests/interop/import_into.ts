import type { ForeignReader, ForeignRecord } from "../../lib/interop/foreign.ts";
import { importOnce } from "../../lib/interop/engine/import.ts";
import type { ImportOptions, ImportReport } from "../../lib/interop/engine/import_report.ts";
import { Positions } from "../../lib/interop/engine/positions.ts";
import { RepositoryTarget } from "../../lib/interop/engine/repository_target.ts";
import { checkRepository } from "../../lib/repo/check/check.ts";
import { initRepository } from "../../lib/repo/open.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { assertEquals } from "../assert.ts";

/** Imports a path into the repository in a folder, which is made and then checked. */
export async function importInto(
  repository: string,
  reader: ForeignReader,
  path: string,
  { isForgetful = false, tags = [], ...options }: Partial<ImportOptions> & {
    /** Whether nothing is known of earlier imports. */
    readonly isForgetful?: boolean;
    readonly tags?: readonly string[];
  } = {},
): Promise<ImportReport> {
  await initRepository(repository);
  const store = new LocalStore(repository);
  const target = new RepositoryTarget(store, { tool: reader.kind, tags, dryRun: false });
  const positions = new Positions(store, [reader.kind, path]);
  if (!isForgetful) positions.load();
  const report = await importOnce(store, reader, path, target, positions, { dryRun: false, ...options });
  const { repository: read } = await initRepository(repository);
  assertEquals(await Array.fromAsync(checkRepository(read)), []);
  return report;
}

/** A line of a log. */
export type Line = { readonly event: string; readonly ts: number; readonly [key: string]: unknown };

/** The lines of all logs of a repository but for `dbx`, by the names of their files, and all definitions. */
export async function contentsOf(repository: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const walk = async (folder: string) => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (name.startsWith(".") || (folder === repository && name === "dbx.json")) continue;
      const path = `${folder}/${name}`;
      if (isDirectory) await walk(path);
      else found.set(path.slice(repository.length + 1), new Uint8Array(await Deno.readFile(path)).toBase64());
    }
  };
  await walk(repository);
  return new Map([...found].sort());
}

/** The lines of the logs whose file names fit, of all runs. */
export async function linesOf(repository: string, fits: (name: string) => boolean): Promise<Line[]> {
  const lines: Line[] = [];
  for (const [name, bytes] of await contentsOf(repository)) {
    if (!name.endsWith(".jsonl") || !fits(name.slice(name.lastIndexOf("/") + 1))) continue;
    const text = new TextDecoder().decode(Uint8Array.fromBase64(bytes));
    for (const line of text.split("\n").slice(0, -1)) lines.push(JSON.parse(line));
  }
  return lines;
}

/** The definitions of all experiments. */
export async function definitionsOf(repository: string): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for (const [name, bytes] of await contentsOf(repository)) {
    if (!name.endsWith("/meta.json") || name.includes("/runs/")) continue;
    found.push(JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(bytes))));
  }
  return found;
}

/** Everything that a reader says of a path. */
export async function recordsOf(reader: ForeignReader, path: string): Promise<ForeignRecord[]> {
  return (await Array.fromAsync(reader.open(path, { positions: new Map(), scratch: () => Deno.makeTempDir() }))).flat();
}
