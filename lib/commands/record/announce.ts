import { replaceUserFile } from "../../fs/files/atomic_file.ts";
import { messageOf, UsageError } from "../../base/errors.ts";
import type { RunOutcome } from "../../logger/lifecycle.ts";
import type { RedactedCounts } from "../../redact/redactor.ts";
import type { Context } from "../../cli/command.ts";
import type { RunArgs } from "./run_options.ts";
import { absolute } from "../../base/paths.ts";

/** The ids of a run, and where it is. */
interface Recorded {
  readonly exp: string;
  readonly run: string;
  readonly dir: string;
}

/**
 * Says on stderr that a run starts: a line for people, or with `--jsonl` one for machines. stdout is the child's alone.
 */
export function announceStart(context: Context, parsed: RunArgs, { exp, run, dir }: Recorded): void {
  say(context, parsed, `run ${exp}/${run} in ${context.repo}`, {
    event: "start",
    exp,
    run,
    repo: context.repo,
    dir,
  });
}

/** Says how a run ended, and what was redacted. */
export function announceEnd(
  context: Context,
  parsed: RunArgs,
  { exp, run }: Recorded,
  end: RunOutcome,
  { exitCode, lost, redacted, secrets }: {
    readonly exitCode: number;
    readonly lost: number;
    /** What was redacted, for a program and for a person; the latter undefined for nothing. */
    readonly redacted: RedactedCounts;
    readonly secrets: string | undefined;
  },
): void {
  const code = exitCode === 0 ? "" : ` (exit code ${exitCode})`;
  const { status, signal } = end;
  say(context, parsed, `run ${exp}/${run} ${status}${code}${secrets === undefined ? "" : `; ${secrets} redacted`}`, {
    event: "end",
    exp,
    run,
    status,
    exitCode,
    signal,
    lost,
    ...secrets !== undefined && { redacted },
  });
}

function say(context: Context, parsed: RunArgs, line: string, json: Readonly<Record<string, unknown>>): void {
  const asJson = parsed.options.jsonl;
  if (!asJson && parsed.options.quiet) return;
  try {
    if (asJson) context.stderr.json(json);
    else context.stderr.line(`dbx: ${line}`);
  } catch {
    // The reader has gone.
  }
}

/** The absolute path of `--id-file`, and of the file that is renamed to it. Needs write permission for both. */
export function idFilePaths(parsed: RunArgs, cwd: string): [path: string, temporary: string] | undefined {
  const file = parsed.options["id-file"];
  if (file === undefined) return undefined;
  if (file === "" || file.endsWith("/")) throw new UsageError(`Cannot use --id-file "${file}": it must name a file`);
  const path = absolute(file, cwd);
  return [path, `${path}.${Deno.pid}.tmp`];
}

/**
 * Writes the ids as `<experiment>/<run>` to `--id-file`, which has its former contents or the new ones at any moment. The
 * training does not wait for a file that cannot be written.
 */
export function writeIdFile(
  context: Context,
  parsed: RunArgs,
  ids: Omit<Recorded, "dir">,
  onWarning: (message: string) => void,
): void {
  const paths = idFilePaths(parsed, context.cwd);
  if (paths === undefined) return;
  try {
    const [path, temporary] = paths;
    replaceUserFile(path, temporary, `${ids.exp}/${ids.run}\n`);
  } catch (error) {
    onWarning(`Cannot write the id file "${paths[0]}": ${messageOf(error)}`);
  }
}
