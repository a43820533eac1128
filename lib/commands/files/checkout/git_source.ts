import { isLoaderVariable } from "../../../fs/find_program.ts";
import { DbxError, NotFoundError } from "../../../base/errors.ts";
import { isUrl } from "../../../base/server_url.ts";
import { safeGit } from "../../../logger/safe_git.ts";
import { absolute } from "../../../base/paths.ts";

/** Git for what the user asked for: with the user's own configuration. Throws what git says where it fails. */
export type UserGit = (args: readonly string[], input?: Uint8Array) => Promise<string>;

/** A git repository to take a commit from. */
export interface GitSource {
  /** A path, or what git fetches from. */
  readonly location: string;
  readonly isLocal: boolean;
  /** Where it came from itself. */
  readonly origin?: string;
}

/** How git is started. */
export interface GitProgram {
  /** Git's path. */
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** The environment for git: without variables that name another repository, or what the runtime refuses to pass on. */
export function gitEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) =>
      !isLoaderVariable(name) && !/^GIT_(?:DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|COMMON_DIR|PREFIX)$/.test(name)
    ),
  );
}

/** Starts git. */
export function userGit({ program, env, signal }: GitProgram): UserGit {
  return async (args, input) => {
    const child = new Deno.Command(program, {
      args: ["--no-pager", ...args],
      cwd: "/",
      env: { ...env },
      clearEnv: true,
      stdin: input === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
      signal,
    }).spawn();
    const feeding = input === undefined ? undefined : feed(child.stdin, input);
    const { success, stdout, stderr } = await child.output();
    await feeding;
    const text = new TextDecoder();
    if (success) return text.decode(stdout).replace(/\n$/, "");
    throw new DbxError(text.decode(stderr).trim() || `git ${args[0]} failed`);
  };
}

async function feed(stdin: WritableStream<Uint8Array>, input: Uint8Array): Promise<void> {
  const writer = stdin.getWriter();
  try {
    await writer.write(input);
    await writer.close();
  } catch {
    // Git ended before it read all, and says why.
  }
}

/** Finds a git repository that has a commit: `from`, else the first of `folders` that stands in one. */
export async function findSource(
  commit: string,
  { from, folders, remote, cwd, git }: {
    readonly from: string | undefined;
    readonly folders: readonly string[];
    /** What the run's record says of where the repository came from. */
    readonly remote: unknown;
    readonly cwd: string;
    readonly git: GitProgram;
  },
): Promise<GitSource> {
  if (from !== undefined && (isUrl(from) || /^[\w.-]+@?[\w.-]*:/.test(from))) return { location: from, isLocal: false };
  for (const folder of from === undefined ? folders : [absolute(from, cwd)]) {
    const source = await sourceAt(folder, commit, git);
    if (source !== undefined) return source;
    if (from !== undefined) {
      throw new NotFoundError(`Cannot use --from ${from}: it is not a git repository with commit ${commit}`);
    }
  }
  throw new NotFoundError(
    `Cannot find commit ${commit.slice(0, 12)}: no git repository around here has it; ` +
      `name one that has: --from PATH or --from URL${typeof remote === "string" ? `, such as ${remote}` : ""}`,
  );
}

async function sourceAt(folder: string, commit: string, { program, env }: GitProgram): Promise<GitSource | undefined> {
  try {
    const git = await safeGit({ cwd: folder, program, env });
    const line = async (...args: string[]) => {
      const bytes = await git?.(...args);
      return bytes && new TextDecoder().decode(bytes).replace(/\n$/, "");
    };
    if (await line("cat-file", "-e", `${commit}^{commit}`) === undefined) return undefined;
    // A bare repository has no top.
    const location = await line("rev-parse", "--show-toplevel") || await line("rev-parse", "--absolute-git-dir");
    if (location === undefined) return undefined;
    const origin = await line("config", "--get", "remote.origin.url");
    return { location, isLocal: true, origin: origin?.startsWith("-") ? undefined : origin };
  } catch {
    return undefined; // The folder is gone, or may not be seen.
  }
}

/** Makes a working tree of a commit at a path, which is missing or empty. */
export async function makeTree(
  git: UserGit,
  { location, isLocal, origin }: GitSource,
  commit: string,
  { path, isWorktree }: { readonly path: string; readonly isWorktree: boolean },
): Promise<void> {
  if (isWorktree) {
    if (!isLocal) {
      throw new DbxError(`Cannot use --worktree with ${location}: it is not a git repository of this machine`);
    }
    await git(["-C", location, "worktree", "add", "--detach", "--quiet", path, commit]);
    return;
  }
  await git(["clone", "--no-checkout", "--quiet", "--", location, path]);
  await git(["-C", path, "checkout", "--detach", "--quiet", commit]);
  if (origin !== undefined) await git(["-C", path, "remote", "set-url", "origin", origin]);
}
