/** What stands between dbx and a child with a terminal of its own. */
export interface PtyOptions {
  /** The absolute paths of util-linux' `script` and of a POSIX shell. */
  readonly script: string;
  readonly sh: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The file in which the child's own pid appears. */
  readonly pidFile: string;
  /** The size, where dbx has no terminal of which `script` takes it. */
  readonly size?: { readonly columns: number; readonly rows: number };
}

/** The command line that runs a command on a new pseudo-terminal, and whose exit code is the command's. */
export function onPty(options: PtyOptions): { program: string; args: string[]; env: Record<string, string> } {
  const { script, sh, program, args, env, pidFile, size } = options;
  // script runs the command line by $SHELL, which need not be a POSIX shell.
  const shell = env.SHELL === undefined ? "unset SHELL" : `SHELL=${quote(env.SHELL)}`;
  const stty = size === undefined ? "" : `stty rows ${size.rows} cols ${size.columns} -onlcr 2>/dev/null; `;
  const words = [program, ...args].map(quote).join(" ");
  const line = `${stty}echo $$ >${quote(pidFile)}; ${shell}; exec ${words}`;
  return { program: script, args: ["-qefc", line, "/dev/null"], env: { ...env, SHELL: sh } };
}

/** A word for a POSIX shell. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
