import type { Context, Parsed } from "../../cli/command.ts";
import { type Column, listResult, type Result } from "../../terminal/result.ts";
import { bytes } from "../../terminal/values.ts";
import type { OPTIONS } from "./files.ts";
import { fileWord } from "./file_word.ts";
import { findFiles } from "./find_files.ts";
import { type FoundFile, isCode, latestVersions } from "./found_file.ts";

const FIELDS = [
  "file",
  "exp",
  "run",
  "log",
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
  const wanted = word === undefined ? undefined : fileWord(word);
  const found = await findFiles(context, wanted);
  const shown = parsed.options.code || wanted?.name !== undefined ? found : found.filter((file) => !isCode(file));
  const latest = all ? shown : latestVersions(shown).filter(({ kept, path }) => kept || path !== null);
  const hidden = [
    { count: countOf(shown) - countOf(latest), what: "no longer kept", option: "--versions" },
    { count: countOf(found) - countOf(shown), what: "code", option: "--code" },
  ].filter(({ count }) => count > 0);
  return listResult<FoundFile>({
    fields: FIELDS,
    items: latest,
    columns: columnsFor(latest, all),
    empty: word === undefined ? "no files yet" : `no files of ${word}`,
    end: () => ({
      exitCode: 0,
      line: hidden.map(({ count, what, option }) => {
        return `${count} more ${count === 1 ? "is" : "are"} ${what}; ${option} lists ${count === 1 ? "it" : "them"}`;
      }).join(", ") || undefined,
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

function countOf(files: readonly FoundFile[]): number {
  return new Set(files.map(({ file }) => file)).size;
}

function timeOf(ts: number | null): string {
  if (ts === null || !(Math.abs(ts) <= 8.64e15)) return "";
  return new Date(ts).toISOString().slice(0, 16).replace("T", " ");
}
