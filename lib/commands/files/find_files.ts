import { NotFoundError } from "../../base/errors.ts";
import { glob } from "../../base/glob.ts";
import { didYouMean } from "../../base/suggest.ts";
import { query, type QueryResult, type QueryValue } from "../../query/query.ts";
import type { Context } from "../../cli/command.ts";
import { indexProgress } from "../../cli/index_progress.ts";
import { endQuestion } from "../../cli/repository/listings.ts";
import { BadLines, warnOfLines } from "../../cli/repository/problems.ts";
import { findExperimentOrRun } from "../../cli/repository/experiment_or_run.ts";
import { type FileWord, isGlob } from "./file_word.ts";
import { type FileRow, type FoundFile, versionsOf } from "./found_file.ts";

const COLUMNS = ["exp", "run", "log", "name", "held", "kept", "sha256", "size", "ts", "path", "hostname"] as const;

/** What stands in a row, by the columns above. */
type Row = readonly QueryValue[];

/** The versions of the files that a word names; without one, of all files of the repository. */
export async function findFiles(context: Context, word?: FileWord): Promise<FoundFile[]> {
  if (word === undefined) return versionsOf(await ask(context, "", {}));
  const { experiment, run, named } = await findExperimentOrRun(await context.repository(), word.id);
  const [where, id] = named ? [" WHERE run = :id AND exp = :exp", run!.id] : [" WHERE exp = :id", experiment.id];
  const files = versionsOf(await ask(context, where, { id, ...named && { exp: experiment.id } }));
  const { name } = word;
  if (name === undefined) return files;
  const matches = glob(name);
  // A name that holds a star is found by itself too.
  const exact = files.filter((file) => file.name === name);
  const found = exact.length > 0 ? exact : files.filter((file) => matches(file.name));
  if (found.length > 0) return found;
  const what = named ? `run ${id}` : `experiment ${id}`;
  const names = new Set(files.map((file) => file.name));
  const hint = names.size === 0 ? "; it has no files" : didYouMean(name, names) || `; dbx files ${word.id} lists them`;
  throw new NotFoundError(`Cannot find "${name}": ${what} has no such file${isGlob(name) ? "s" : ""}${hint}`);
}

async function ask(context: Context, where: string, params: Readonly<Record<string, string>>): Promise<FileRow[]> {
  const sql = `SELECT ${COLUMNS.join(", ")} FROM files${where}`;
  const { signal } = context;
  // Whoever names a deleted experiment means it.
  const all = where !== "";
  const server = await context.onlyServer();
  if (server !== undefined) {
    using answer = await server.query(sql, params, { all, signal });
    const rows = await rowsOf(answer.chunks());
    warnOfLines(context, answer.badLines);
    return rows;
  }
  const badLines = new BadLines();
  const sources = await context.sources();
  using answer: QueryResult = await query(sources, sql, {
    params,
    all,
    signal,
    now: context.now,
    onProblem: badLines.add,
    onProgress: indexProgress(context),
  });
  const rows = await rowsOf(answer.chunks());
  endQuestion(context, sources, badLines);
  return rows;
}

async function rowsOf(chunks: Iterable<readonly Row[]> | AsyncIterable<readonly Row[]>): Promise<FileRow[]> {
  const rows: FileRow[] = [];
  for await (const chunk of chunks) for (const row of chunk) rows.push(fileOf(row));
  return rows;
}

function fileOf(row: Row): FileRow {
  const [exp, run, log, name, held, kept, sha256, size, ts, path, hostname] = row;
  return {
    exp: String(exp),
    run: String(run),
    log: String(log),
    name: String(name),
    size: numberOf(size),
    ts: numberOf(ts),
    sha256: String(sha256),
    kept: Number(held) === 1 && Number(kept) === 1,
    path: textOf(path),
    hostname: textOf(hostname),
  };
}

function numberOf(value: QueryValue): number | null {
  return value === null ? null : Number(value);
}

function textOf(value: QueryValue): string | null {
  return value === null ? null : String(value);
}
