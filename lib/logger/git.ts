import type { JsonObject } from "../base/json.ts";
import { redactDiff } from "../redact/diff.ts";
import type { Redactor } from "../redact/redactor.ts";
import { type Git, safeGit } from "./safe_git.ts";

/** The state of a working tree. */
export interface GitState {
  /**
   * `commit`, `branch` (absent on a detached head), `dirty` (absent where the files are not those of this repository),
   * `changes`, `prefix` (the folder below the top, `""` there), and `remote`; without what looks like a secret.
   */
  readonly git: JsonObject;
  /** Files that git neither knows nor ignores, relative to the top of the tree; if they were asked for. */
  readonly untracked?: { readonly top: string; readonly paths: readonly string[] };
  /** Uncommitted changes against the commit, as `git diff HEAD --binary` prints them, but for secrets. */
  readonly diff?: Uint8Array;
}

/** A diff that is larger, in bytes, is not kept. */
const LARGEST_DIFF = 32 * 1024 * 1024;

/** Git prints a patch that others can apply, whatever a configuration says of how it looks. */
const PATCH = [
  "diff",
  "--binary",
  "--no-ext-diff",
  "--no-textconv",
  "--no-color",
  "--no-relative",
  "--src-prefix=a/",
  "--dst-prefix=b/",
  "--unified=3",
  "--submodule=short",
  // To look into a submodule, git would start itself there, under another configuration.
  "--ignore-submodules=dirty",
];

/**
 * What git says of a folder; undefined where there is no git, no repository, or no permission to ask. Nothing that a
 * repository's configuration or attributes name is started: filters, hooks, monitors, drivers of diffs. `redactor`: takes
 * secrets out of it. `program`: git's path. `untracked`: lists the files that git does not know, too.
 */
export async function describeGit(
  cwd: string,
  redactor: Redactor,
  program = "git",
  env?: Record<string, string>,
  { untracked = false }: { readonly untracked?: boolean } = {},
): Promise<GitState | undefined> {
  const text = (bytes: Uint8Array | undefined): string =>
    bytes === undefined ? "" : new TextDecoder().decode(bytes).trim();
  try {
    const git = await safeGit({ cwd, program, env });
    if (git === undefined) return undefined;
    const isOwn = await isOwnTree(git);
    const [commit, branch, status, remote, prefix, top] = await Promise.all([
      git("rev-parse", "HEAD"),
      git("symbolic-ref", "--short", "-q", "HEAD"),
      isOwn ? git("status", "--porcelain", "--ignore-submodules=dirty") : undefined,
      git("config", "--get", "remote.origin.url"),
      isOwn ? git("rev-parse", "--show-prefix") : undefined,
      isOwn && untracked ? git("rev-parse", "--show-toplevel") : undefined,
    ]);
    if (status === undefined && commit === undefined) return undefined;
    const changes = text(status);
    const facts: JsonObject = { commit: text(commit), ...status !== undefined && { dirty: changes !== "" } };
    if (text(branch) !== "") facts.branch = redactor.text(text(branch));
    if (text(remote) !== "") facts.remote = redactor.remote(text(remote));
    if (prefix !== undefined) facts.prefix = redactor.text(text(prefix).replace(/\/$/, ""));
    if (changes !== "") facts.changes = changes.split("\n").slice(0, 1000).map((line) => redactor.text(line));
    const diff = changes !== "" && commit !== undefined ? await git(...PATCH, "HEAD", "--") : undefined;
    return {
      git: facts,
      untracked: top === undefined ? undefined : { top: text(top), paths: await untrackedBelow(git, text(top)) },
      diff: diff !== undefined && diff.length > 0 && diff.length <= LARGEST_DIFF
        ? redactDiff(diff, redactor)
        : undefined,
    };
  } catch {
    return undefined;
  }
}

async function untrackedBelow(git: Git, top: string): Promise<string[]> {
  const names = await git("-C", top, "ls-files", "--others", "--exclude-standard", "-z");
  // A name that is not UTF-8 would name another file.
  return names === undefined
    ? []
    : new TextDecoder().decode(names).split("\0").filter((name) =>
      name !== "" && !name.endsWith("/") && !name.includes("\ufffd")
    );
}

/**
 * Whether the files that git compares are those of this repository. An archive could name another folder in `core.worktree`,
 * or another repository in a file `.git`: the diff would then hold what stands there.
 */
async function isOwnTree(git: Git): Promise<boolean> {
  const line = async (...args: string[]): Promise<string | undefined> => {
    const bytes = await git(...args);
    return bytes && new TextDecoder().decode(bytes).replace(/\n$/, "");
  };
  const [top, folder] = await Promise.all([
    line("rev-parse", "--show-toplevel"),
    line("rev-parse", "--absolute-git-dir"),
  ]);
  if (top === undefined || folder === undefined) return false;
  if (folder === `${top}/.git`) return true;
  // From the top, git must find the same repository: by a file `.git` there, that is.
  if (await line("-C", top, "rev-parse", "--absolute-git-dir") !== folder) return false;
  // And that must know the tree: a submodule by its setting, a linked tree by its list.
  if (await line("config", "--get", "core.worktree") !== undefined) return true;
  const trees = await line("worktree", "list", "--porcelain");
  return trees?.split("\n").includes(`worktree ${top}`) === true;
}
