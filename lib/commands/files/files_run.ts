import type { Context, Parsed } from "../../cli/command.ts";
import { type Column, listResult, type Result } from "../../terminal/result.ts";
import { bytes } from "../../terminal/values.ts";
import type { OPTIONS } from "./files.ts";
import { fileWord } from "./file_word.ts";
import { findFiles } from "./find_files.ts";
import { type FoundFile, latestVersions } from "./found_file.ts";

const FIELDS = [
  "file",
  "exp",
  "run",
  "name",
  "version",
  "versions",
  "size",
  "ts",
  "sha256",
  "kept",
  "path",
  "hostname",
] as const satisfies readonly (keyof FoundFile)[];

/** Lists files. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const [word] = parsed.positionals;
  const all = parsed.options.versions;
  const found = await findFiles(context, word === undefined ? undefined : fileWord(word));
  const latest = all ? found : latestVersions(found).filter(({ kept, path }) => kept || path !== null);
  const gone = all ? 0 : new Set(found.map(({ file }) => file)).size - latest.length;
  return listResult<FoundFile>({
    fields: FIELDS,
    items: latest,
    columns: columnsFor(latest, all),
    empty: word === undefined ? "no files yet" : `no files of ${word}`,
    end: () => ({
      exitCode: 0,
      line: gone === 0 ? undefined : `${gone} more ${gone === 1 ? "is" : "are"} no longer kept; --versions lists them`,
    }),
  });
}

function columnsFor(files: readonly FoundFile[], all: boolean): Column<FoundFile>[] {
  const columns: (Column<FoundFile> | false)[] = [
    { head: "name", text: ({ name }) => name },
    { head: "size", text: ({ size }) => size === null ? "" : bytes(size) },
    { head: "time", text: ({ ts }) => timeOf(ts) },
    all
      ? { head: "version", text: ({ version }) => String(version) }
      : { head: "versions", text: ({ versions }) => String(versions) },
    all &&
    { head: "kept", text: ({ kept }) => kept ? "yes" : "no", colour: (text) => text === "no" ? "yellow" : undefined },
    { head: "experiment", text: ({ exp }) => exp },
    { head: "run", text: ({ run }) => run },
    { head: "sha256", text: ({ sha256 }) => sha256.slice(0, 12) },
    files.some(({ path }) => path !== null) &&
    { head: "only at", text: ({ path, hostname }) => path === null ? "" : `${hostname ?? ""}:${path}` },
  ];
  return columns.filter((column) => column !== false);
}

function timeOf(ts: number | null): string {
  if (ts === null || !(Math.abs(ts) <= 8.64e15)) return "";
  return new Date(ts).toISOString().slice(0, 16).replace("T", " ");
}
