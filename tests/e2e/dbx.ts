// Runs `dbx` as a user would: the binary that DBX_BINARY names, else `cli.ts` from source.

const root = decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, "");
const binary = Deno.env.get("DBX_BINARY");

/** The words that start dbx. */
export const DBX: readonly string[] = binary !== undefined
  ? [binary]
  : [Deno.execPath(), "run", "-A", "--quiet", "--config", `${root}/deno.json`, `${root}/cli.ts`];

/** How a command line ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly bytes: Uint8Array;
}

/** How it is started. */
export interface Start {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly stdin?: string | Uint8Array;
  /** Only `env`, nothing else. */
  readonly clearEnv?: boolean;
  /** So many files it may open at the same time. */
  readonly openFiles?: number;
}

let config: string | undefined;

/** A folder for the configuration of this test module: that of whoever runs the tests is left alone. */
export function configOfTests(): string {
  if (config !== undefined) return config;
  const made = config = Deno.makeTempDirSync({ prefix: "dbx-test-config-" });
  globalThis.addEventListener("unload", () => Deno.removeSync(made, { recursive: true }));
  return made;
}

/** Starts dbx with piped output. */
export function spawn(args: readonly string[], start: Start = {}): Deno.ChildProcess {
  // A repository or a terminal of whoever runs the tests must not show.
  const env = start.clearEnv
    ? start.env
    : { DBX_REPO: "", NO_COLOR: "1", XDG_CONFIG_HOME: configOfTests(), ...start.env };
  const limited = start.openFiles === undefined ? [] : ["sh", "-c", `ulimit -n ${start.openFiles}; exec "$@"`, "sh"];
  const [program, ...words] = [...limited, ...DBX, ...args];
  return new Deno.Command(program, {
    args: words,
    cwd: start.cwd,
    env,
    clearEnv: start.clearEnv,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs dbx to its end. */
export async function dbx(args: readonly string[], start: Start = {}): Promise<Ended> {
  const child = spawn(args, start);
  const writer = child.stdin.getWriter();
  const { stdin = "" } = start;
  const feed = (async () => {
    try {
      await writer.write(typeof stdin === "string" ? new TextEncoder().encode(stdin) : stdin);
      await writer.close();
    } catch {
      // It did not read all.
    }
  })();
  const { code, stdout, stderr } = await child.output();
  await feed;
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr), bytes: stdout };
}

/** The command line of dbx for a shell. */
export function quoted(): string {
  return DBX.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
}

/** A folder that is gone at the end of the block. */
export async function scratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "dbx-test-" }));
  return {
    path,
    async [Symbol.asyncDispose]() {
      await Deno.remove(path, { recursive: true });
    },
  };
}
