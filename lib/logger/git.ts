import type { JsonObject } from "../base/json.ts";
import { redactDiff } from "../redact/diff.ts";
import type { Redactor } from "../redact/redactor.ts";

/** The state of a working tree. */
export interface GitState {
  /** `commit`, `branch` (absent on a detached head), `dirty`, `changes`, and `remote`; without what looks like a secret. */
  readonly git: JsonObject;
  /** Uncommitted changes against the commit, as `git diff HEAD --binary` prints them, but for secrets. */
  readonly diff?: Uint8Array;
}

/** A diff that is larger, in bytes, is not kept. */
const LARGEST_DIFF = 32 * 1024 * 1024;

/**
 * What git says of a folder; undefined where there is no git, no repository, or no permission to ask. `redactor`: takes secrets
 * out of it. `program`: git's path.
 */
export async function describeGit(
  cwd: string,
  redactor: Redactor,
  program = "git",
  env?: Record<string, string>,
): Promise<GitState | undefined> {
  const git = async (...args: string[]): Promise<Uint8Array | undefined> => {
    const options = { cwd, stdin: "null", stdout: "piped", stderr: "null" } as const;
    const output = await new Deno.Command(program, { args, ...options, ...(env ? { env, clearEnv: true } : {}) })
      .output();
    return output.success ? output.stdout : undefined;
  };
  const text = (bytes: Uint8Array | undefined): string =>
    bytes === undefined ? "" : new TextDecoder().decode(bytes).trim();
  try {
    const [commit, branch, status, remote] = await Promise.all([
      git("rev-parse", "HEAD"),
      git("symbolic-ref", "--short", "-q", "HEAD"),
      git("status", "--porcelain"),
      git("config", "--get", "remote.origin.url"),
    ]);
    if (status === undefined) return undefined;
    const changes = text(status);
    const facts: JsonObject = { commit: text(commit), dirty: changes !== "" };
    if (text(branch) !== "") facts.branch = redactor.text(text(branch));
    if (text(remote) !== "") facts.remote = redactor.remote(text(remote));
    if (changes !== "") facts.changes = changes.split("\n").slice(0, 1000).map((line) => redactor.text(line));
    const diff = changes !== "" && commit !== undefined ? await git("diff", "HEAD", "--binary") : undefined;
    return {
      git: facts,
      diff: diff !== undefined && diff.length > 0 && diff.length <= LARGEST_DIFF
        ? redactDiff(diff, redactor)
        : undefined,
    };
  } catch {
    return undefined;
  }
}
