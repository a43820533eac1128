import { DbxError, messageOf } from "../../base/errors.ts";
import { toDiskError } from "../../fs/disk_error.ts";

/** How a command that threw ends: the one place where errors become text and exit codes. */
export interface ExitResult {
  readonly exitCode: number;
  /** For stderr, line by line; a line feed in one is part of a user's text. */
  readonly lines: readonly string[];
}

/**
 * Where a message goes on in a line of its own, such as one that points into a query. Such a line is indented; so are those that
 * somebody else's line feed makes, and none can be taken for a line of dbx.
 */
const CONTINUED = /\n(?= {2})/;

/** The exit code of a bug, as in sysexits. */
const EXIT_BUG = 70;

/** That of a command that was aborted, where nothing says by which signal. */
export const ABORTED = 130;

/** The runtime's refusal without its advice to widen the permissions of a program that sets them itself. */
function refusal(message: string): string {
  const [, kind, what] = /^Requires (\w+) access(?: to ("(?:[^"\\]|\\.)*"|[^,]+))?/.exec(message) ?? [];
  if (kind === undefined) return `Cannot continue: ${message}`;
  const verb = { read: "read", write: "write", run: "start", net: "connect to", env: "read the variable" }[kind] ??
    "use";
  return `Cannot ${verb} ${what ?? "what it needs"}: dbx has no permission for that here`;
}

/** The path that the runtime adds to what the system said; the folder of a file that is still being written. */
function pathIn(message: string): string | undefined {
  const path = /\(os error \d+\)(?:: \w+)? '([^']*)'/.exec(message)?.[1];
  return path?.replace(/\/\.tmp-[^/]*$/, "");
}

/** Text and exit code of anything thrown. */
export function toExitResult(error: unknown): ExitResult {
  // The reader of a pipe left, as in `dbx ls | head -1`: it has what it wanted.
  if (error instanceof Deno.errors.BrokenPipe) return { exitCode: 0, lines: [] };
  if (error instanceof DbxError) return { exitCode: error.exitCode, lines: `dbx: ${error.message}`.split(CONTINUED) };
  if (error instanceof DOMException && error.name === "AbortError") return { exitCode: ABORTED, lines: [] };
  if (error instanceof Deno.errors.NotCapable) {
    return {
      exitCode: EXIT_BUG,
      lines: [`dbx: ${refusal(error.message)}; --show-permissions prints what this command line may access`],
    };
  }
  const { PermissionDenied, NotFound, AlreadyExists, NotADirectory } = Deno.errors;
  const path = pathIn(messageOf(error));
  const diskError = toDiskError(error, path, path === undefined ? "go on" : "use");
  if (diskError instanceof DbxError) return { exitCode: diskError.exitCode, lines: [`dbx: ${diskError.message}`] };
  for (const kind of [PermissionDenied, NotFound, AlreadyExists, NotADirectory]) {
    if (error instanceof kind) return { exitCode: 1, lines: [`dbx: ${error.message}`] };
  }
  // The operating system's word: "No space left on device (os error 28)", "Read-only file system (os error 30)".
  if (error instanceof Error && /\(os error \d+\)/.test(error.message)) {
    return { exitCode: 1, lines: [`dbx: ${error.message}`] };
  }
  const calls = error instanceof Error ? (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line)) : [];
  const what = error instanceof Error ? `${error.name}: ${error.message}` : messageOf(error);
  return {
    exitCode: EXIT_BUG,
    lines: ["dbx: this is a bug in dbx; please report it with these lines:", what, ...calls],
  };
}
