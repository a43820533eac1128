import { DbxError, messageOf, NotFoundError } from "../../base/errors.ts";
import { absolute } from "../../base/paths.ts";
import { shellText } from "../../base/shell_text.ts";
import type { RunDefinition } from "../../format/definitions/definition.ts";
import { isExpfile } from "../../format/json/special_values.ts";
import { listUserFolder, lookAtUserFile, placeUserFolder, removeUserFolder } from "../../fs/files/user_files.ts";
import { requireProgram } from "../../fs/find_program.ts";
import type { Experiment } from "../../repo/experiments/experiment.ts";
import { readStored } from "../../repo/experiments/stored_file.ts";
import type { Repository } from "../../repo/repository.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { isForPeople } from "../../cli/print_options.ts";
import { recordResult, type Result } from "../../terminal/result.ts";
import { findExperimentOrRun } from "../../cli/repository/experiment_or_run.ts";
import { PACKAGES_FILE } from "../../format/events/file_event.ts";
import type { OPTIONS } from "./checkout.ts";
import {
  findSource,
  gitEnvironment,
  type GitProgram,
  type GitSource,
  makeTree,
  userGit,
} from "./checkout/git_source.ts";
import { commandIn, folderToRunIn, recordedAs, type RunAgain } from "./checkout/run_again.ts";
import { type KeptCode, keptCode } from "./checkout/kept_code.ts";
import { writeCode } from "./checkout/write_code.ts";

/** Where the changes are left that do not apply. */
const CHANGES_FILE = "uncommitted.diff";

/** Makes a folder with the code of a run. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const [id, dir] = parsed.positionals;
  const { from, worktree } = parsed.options;
  const target = absolute(dir, context.cwd);
  checkFree(target, dir);
  const repository = await context.repository();
  const { experiment, run } = await findExperimentOrRun(repository, id);
  if (run === undefined) throw new NotFoundError(`Cannot check out "${id}": the experiment has no run`);
  const { definition } = run;
  const code = await keptCode(run, context.signal);
  const commit = commitOf(definition);
  if (commit === undefined && code.files.length === 0) {
    throw new NotFoundError(
      `Cannot check out "${id}": its run has no commit of git and no files of code; ` +
        "dbx run keeps them unless --no-git or --no-code is given",
    );
  }
  const temporary = worktree && commit !== undefined ? target : context.found!.temporary as string;
  let source: GitSource | undefined;
  let changes: Changes = { state: "none" };
  let isMade = false;
  try {
    if (commit !== undefined) {
      const program: GitProgram = {
        program: gitPath(context),
        env: gitEnvironment(context.env),
        signal: context.signal,
      };
      source = await findSource(commit, {
        from,
        folders: foldersOf(definition, context),
        remote: definition.git?.remote,
        cwd: context.cwd,
        git: program,
      });
      const git = userGit(program);
      if (!source.isLocal && isForPeople(parsed.options)) context.stderr.line(`dbx: cloning ${source.location} …`);
      await makeTree(git, source, commit, { path: temporary, isWorktree: worktree });
      changes = await applyChanges(
        repository,
        experiment,
        definition,
        (diff) => git(["-C", temporary, "apply", "--binary", "--whitespace=nowarn", "-"], diff),
      );
    }
    await writeCode(repository, experiment, temporary, code.files, changes.left);
    if (temporary !== target) placeUserFolder(temporary, target);
    isMade = true;
  } finally {
    if (!isMade && temporary !== target) removeUserFolder(temporary);
  }
  const { name = experiment.name } = await experiment.notes();
  return describe({
    ...{ id, target, source, commit, changes, code, definition, run: run.id, repo: context.repo },
    experiment: { id: experiment.id, kind: experiment.kind, name },
  });
}

function checkFree(target: string, word: string): void {
  const info = lookAtUserFile(target);
  if (info === undefined || info.isDirectory && listUserFolder(target).length === 0) return;
  throw new DbxError(`Cannot check out to "${word}": ${info.isDirectory ? "it is not empty" : "it is not a folder"}`);
}

function gitPath(context: Context): string {
  const { path } = requireProgram("git", context);
  if (path === undefined) throw new DbxError("Cannot check out: there is no git in PATH");
  return path;
}

/** The commit that a definition names, if it is a name of one: what stands there may be anything. */
function commitOf({ git }: RunDefinition): string | undefined {
  const commit = git?.commit;
  return typeof commit === "string" && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit) ? commit : undefined;
}

function foldersOf({ pwd, hostname }: RunDefinition, { cwd }: Context): string[] {
  return pwd !== undefined && pwd.startsWith("/") && hostname === Deno.hostname() ? [cwd, pwd] : [cwd];
}

/** What became of the uncommitted changes. */
interface Changes {
  readonly state: "none" | "applied" | "failed" | "missing";
  /** Why they did not apply. */
  readonly why?: string;
  /** What did not apply, by the name that it gets. */
  readonly left?: { readonly name: string; readonly data: Uint8Array };
}

async function applyChanges(
  { store }: Repository,
  experiment: Experiment,
  { git }: RunDefinition,
  apply: (diff: Uint8Array) => Promise<unknown>,
): Promise<Changes> {
  if (!isExpfile(git?.diff)) {
    return git?.dirty === true && hasTrackedChanges(git.changes) ? { state: "missing" } : { state: "none" };
  }
  const data = (await readStored(store, experiment, git.diff))!;
  try {
    await apply(data);
    return { state: "applied" };
  } catch (error) {
    return { state: "failed", why: messageOf(error), left: { name: CHANGES_FILE, data } };
  }
}

/** Whether `git status --porcelain` named changes of files that git knows. */
function hasTrackedChanges(changes: unknown): boolean {
  return Array.isArray(changes) && changes.some((line) => typeof line === "string" && !line.startsWith("??"));
}

function describe({ id, target, source, commit, changes, code, definition, repo, experiment, run }: {
  readonly id: string;
  readonly target: string;
  readonly source: GitSource | undefined;
  readonly commit: string | undefined;
  readonly changes: Changes;
  readonly code: KeptCode;
  readonly definition: RunDefinition;
  readonly repo: string;
  readonly experiment: RunAgain & { readonly id: string };
  readonly run: string;
}): Result {
  const redacted = code.files.filter((file) => file.redacted).map((file) => file.path);
  const folder = folderToRunIn(target, definition);
  const command = commandIn(target, definition, code);
  const again = command && shellText(["dbx", "run", ...recordedAs(repo, experiment, command), "--", ...command]);
  return recordResult({
    dir: target,
    exp: experiment.id,
    run,
    commit: commit ?? null,
    from: source?.location ?? null,
    changes: changes.state,
    files: code.files.length,
    leftOut: code.leftOut,
    redacted,
    folder,
    command: command ?? null,
  }, {
    exitCode: changes.state === "failed" || changes.state === "missing" ? 1 : 0,
    text(out) {
      const parts = [
        commit === undefined ? "" : `commit ${commit.slice(0, 12)} of ${source!.location}`,
        changes.state === "applied" ? "uncommitted changes" : "",
        code.files.length === 0
          ? ""
          : `${code.files.length} file${code.files.length === 1 ? "" : "s"} that git did not know`
            .replace(/ that git did not know$/, commit === undefined ? " of code" : "$&"),
      ];
      out.line(`${target}: ${parts.filter(Boolean).join(", ")}`);
      if (changes.state === "failed") {
        out.line(`  the uncommitted changes do not apply (${changes.why?.split("\n")[0]}): see ${CHANGES_FILE} there`);
      }
      if (changes.state === "missing") out.line("  the uncommitted changes were too large to be kept");
      if (redacted.length > 0) out.line(`  secrets were redacted in ${redacted.join(", ")}: put them in again`);
      if (code.leftOut > 0) {
        out.line(`  ${code.leftOut === 1 ? "1 file was" : `${code.leftOut} files were`} too large to be kept`);
      }
      if (again !== undefined) out.lines(["run it again:", `  cd ${shellText([folder])} && ${again}`]);
      if (code.hasPackages) {
        out.lines([
          "its Python packages:",
          `  dbx cat -R ${shellText([repo, `${id}:${PACKAGES_FILE}`])} > requirements.txt`,
        ]);
      }
    },
  });
}
