import { UsageError } from "../../base/errors.ts";
import { isUrl } from "../../base/server_url.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { isForPeople } from "../../cli/print_options.ts";
import type { ImportOptions, ImportReport } from "../../interop/engine/import_report.ts";
import { importOnce } from "../../interop/engine/import.ts";
import { Positions } from "../../interop/engine/positions.ts";
import { RepositoryTarget } from "../../interop/engine/repository_target.ts";
import { requireProgram } from "../../fs/find_program.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import { progressBar } from "../../terminal/progress.ts";
import { recordResult, type Result } from "../../terminal/result.ts";
import { type OPTIONS, PYTHON } from "./import.ts";
import { ImportTotals } from "./import_report.ts";
import { type ImportSource, sourcesOf } from "./import_sources.ts";

/** Milliseconds between two looks at a source that is followed. */
const LOOK_MS = 1000;

/** Milliseconds that the end waits for a server. */
const DRAIN_MS = 24 * 3600 * 1000;

/** Imports, once or until it is stopped. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const { options } = parsed;
  const dryRun = options["dry-run"];
  if (dryRun && options.follow) {
    throw new UsageError("Cannot use --follow with --dry-run: nothing would be there to go on from");
  }
  if (dryRun && isUrl(context.repo)) {
    throw new UsageError(
      "Cannot use --dry-run with a server: what it has already is not known here; import into a folder",
    );
  }
  const sources = await sourcesOf(parsed.positionals, context.cwd);
  const target = dryRun ? undefined : await context.target();
  const store = target?.store ?? new LocalStore(context.repo);
  const totals = new ImportTotals(context, {
    dryRun,
    forPeople: isForPeople(options),
    follows: options.follow,
    selects: options.select.length > 0,
    isRemote: target?.isRemote === true,
  });
  const passes = sources.map((source) => passOver(store, source, context, parsed));
  try {
    do {
      for (const [at, pass] of passes.entries()) totals.add(sources[at], await pass());
    } while (options.follow && await pause(LOOK_MS, context.signal));
  } catch (error) {
    // That is how following ends.
    if (!options.follow || !context.signal.aborted) throw error;
  }
  if (!options.follow) totals.end(sources);
  const isTaken = await target?.close(DRAIN_MS) ?? true;
  return recordResult(totals.record(), {
    text: (out) => totals.print(out),
    exitCode: totals.hasProblems || !isTaken ? 1 : 0,
  });
}

/** Reads a source again and again, each time from where it ended. */
function passOver(
  store: LocalStore,
  { reader, path }: ImportSource,
  context: Context,
  { options }: Parsed<typeof OPTIONS>,
): () => Promise<ImportReport> {
  const dryRun = options["dry-run"];
  const { tag: tags, select, kind, map, param, created } = options;
  const { path: python, code } = requireProgram(options.python ?? PYTHON, context);
  const settings = {
    map,
    param,
    created: created === undefined ? [] : [created],
    python: python === undefined || code !== undefined ? [] : [python],
  };
  const target = new RepositoryTarget(store, { tool: reader.kind, kind, tags, dryRun });
  const positions = new Positions(store, [
    reader.kind,
    path,
    kind ?? "",
    ...tags,
    "--select",
    ...select,
    JSON.stringify([map, param, settings.created]),
  ]);
  positions.load();
  const draw = progressBar(context.stderr, "import");
  const importOptions: ImportOptions = {
    dryRun,
    select: select.length === 0 ? undefined : select,
    settings,
    environment: context.env,
    signal: context.signal,
    mayGrow: options.follow,
    // How long it takes is of more use than the name of the file, where there is no room for both.
    onProgress: (read, total, file) => draw(read, total, context.stderr.columns < 100 ? undefined : file),
  };
  return async () => {
    try {
      return await importOnce(store, reader, path, target, positions, importOptions);
    } finally {
      context.stderr.clear();
    }
  };
}

/** Resolves to false when the signal aborts. */
function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const end = (goesOn: boolean) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      resolve(goesOn);
    };
    const stop = () => end(false);
    const timer = setTimeout(() => end(true), milliseconds);
    signal.addEventListener("abort", stop);
  });
}
