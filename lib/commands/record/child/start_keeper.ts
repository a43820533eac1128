// What `dbx run` puts beside its child: the folders, and the keeper.
import { PIPES_FOLDER } from "../../../repo/check/left_output.ts";
import type { LocalStore } from "../../../store/local/local_store.ts";
import type { Context } from "../../../cli/command.ts";
import type { RunArgs } from "../run_options.ts";
import { ownWords } from "../../../cli/own_command.ts";
import { requireProgram } from "../../../fs/find_program.ts";
import { Keeper } from "./keeper.ts";
import { temporaryFolder } from "./helpers.ts";

/** Where the FIFOs may lie: in the repository's own folder, else in one for temporary files, which this process alone has. */
export function pipeFolders(context: Context, run: string, store: LocalStore): string[] {
  return [store.path(`${PIPES_FOLDER}/${run}`), temporaryFolder(context)];
}

/** Starts the keeper; without a shell there is none. */
export async function startKeeper(
  context: Context,
  parsed: RunArgs,
  env: Readonly<Record<string, string>>,
): Promise<Keeper | undefined> {
  const { path: sh, code } = requireProgram("sh", context);
  if (sh === undefined || code !== undefined) return undefined;
  return await Keeper.start({ sh, cwd: context.cwd, env, words: parsed.rest });
}

/** The command line by which another dbx goes on with a recording. */
export function adoptWords(context: Context, parsed: RunArgs, folder: string): string[] {
  const scalars = parsed.options.scalars;
  return [
    ...ownWords(),
    "run",
    "--repo",
    context.repo,
    ...context.tokenFile === undefined ? [] : ["--token-file", context.tokenFile],
    ...context.insecure ? ["--insecure"] : [],
    ...scalars === undefined ? [] : ["--scalars", scalars],
    ...parsed.options["no-scalars"] ? ["--no-scalars"] : [],
    // What they name may have to be read outside of the working folder.
    ...parsed.options.keep.flatMap((glob) => ["--keep", glob]),
    ...parsed.options.quiet ? ["--quiet"] : [],
    "--adopt",
    folder,
  ];
}
