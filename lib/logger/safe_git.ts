/** Asks git; undefined where it fails, or takes too long. */
export type Git = (...args: readonly string[]) => Promise<Uint8Array | undefined>;

/** A question that takes git longer is given up, in milliseconds: a pipe in the place of one of its files would hold it forever. */
const GIT_TIMEOUT_MS = 60_000;

/** Filters that are turned off one by one; more would not be a sensible configuration. */
const MAX_FILTERS = 200;

/**
 * What wins over the configuration of a repository, which may have come with an archive: every way in which what is asked
 * here would start a program.
 */
const SETTINGS = [
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "core.pager=cat",
  "core.sshCommand=false",
  "core.gitProxy=",
  "core.askPass=",
  "core.editor=false",
  "core.alternateRefsCommand=",
  "diff.external=",
  "credential.helper=",
  "protocol.allow=never",
  "submodule.recurse=false",
  // A folder that only looks like a repository, as an archive can hold one anywhere.
  "safe.bareRepository=explicit",
];

/** The same by the environment, which programs that git itself starts inherit, and which older versions know too. */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  GIT_OPTIONAL_LOCKS: "0",
  GIT_TERMINAL_PROMPT: "0",
  GIT_PAGER: "cat",
  GIT_SSH_COMMAND: "false",
  GIT_ASKPASS: "",
  // Of a partial clone, what is missing would be fetched.
  GIT_NO_LAZY_FETCH: "1",
  GIT_ALLOW_PROTOCOL: "none",
};

/** How git is asked. */
export interface GitOptions {
  /** The folder, an absolute path. */
  readonly cwd: string;
  /** Git's path. */
  readonly program: string;
  /** The environment, wholly; that of this process without it. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Git for questions about a folder whose configuration and attributes are not trusted: it starts no other program,
 * fetches nothing, and writes nothing. Undefined if the repository has filters that cannot be turned off, or git says
 * nothing.
 */
export async function safeGit(options: GitOptions): Promise<Git | undefined> {
  const git = gitWith(options, []);
  const filters = filtersOf(await git("config", "--list", "--name-only", "-z"));
  if (filters === undefined) return undefined;
  return gitWith(
    options,
    [...filters].flatMap((name) => [
      `filter.${name}.clean=`,
      `filter.${name}.smudge=`,
      `filter.${name}.process=`,
      `filter.${name}.required=false`,
    ]),
  );
}

function gitWith({ cwd, program, env }: GitOptions, more: readonly string[]): Git {
  const words = [...SETTINGS, ...more].flatMap((setting) => ["-c", setting]);
  return async (...args) => {
    const output = await new Deno.Command(program, {
      args: ["--no-pager", ...words, ...args],
      cwd,
      stdin: "null",
      stdout: "piped",
      stderr: "null",
      env: { ...env, ...ENVIRONMENT },
      clearEnv: env !== undefined,
      signal: AbortSignal.timeout(GIT_TIMEOUT_MS),
    }).output();
    return output.success ? output.stdout : undefined;
  };
}

/** The names of the filters that a configuration has; undefined where one cannot be named on a command line. */
function filtersOf(keys: Uint8Array | undefined): Set<string> | undefined {
  const filters = new Set<string>();
  if (keys === undefined) return undefined;
  // In Latin-1 each byte is one character, but a command line is in UTF-8.
  for (const key of new TextDecoder().decode(keys).split("\0")) {
    const [, name] = /^filter\.(.+)\.[^.]+$/s.exec(key) ?? [];
    if (name === undefined) continue;
    if (/[=\ufffd\n]/.test(name)) return undefined;
    filters.add(name);
  }
  return filters.size > MAX_FILTERS ? undefined : filters;
}
