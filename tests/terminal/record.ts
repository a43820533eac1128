// A command on a terminal that nobody looks at: all bytes that it wrote there, by `script` of util-linux.
import { plainEnvironment } from "./tools.ts";

/** What came of it. */
export interface Recorded {
  readonly code: number;
  /** All that was written, with control sequences. */
  readonly bytes: string;
  /** The same as lines of text: without control sequences, and of a line that was drawn again the last state. */
  readonly lines: string[];
}

/** Milliseconds that a command may take. */
const TIMEOUT_MS = 300_000;

/** Runs a command line of the shell on a terminal, in which nothing is typed. A prompt of the runtime ends it. */
export async function record(
  command: string,
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>>; readonly columns?: number },
): Promise<Recorded> {
  const child = new Deno.Command("script", {
    args: ["-qec", `stty cols ${options.columns ?? 80} rows 24; ${command}`, "/dev/null"],
    cwd: options.cwd,
    env: plainEnvironment({ SHELL: "/bin/sh", ...options.env }),
    clearEnv: true,
    stdin: "piped", // Open, and silent: at its end the terminal would see Ctrl-D.
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let bytes = "";
  const timer = setTimeout(() => {
    bytes += "\n[it took too long]\n";
    child.kill("SIGTERM");
  }, TIMEOUT_MS);
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    bytes += text;
    if (bytes.includes("Deno requests")) child.kill("SIGTERM"); // It waits for an answer.
  }
  const { code } = await child.status;
  clearTimeout(timer);
  await child.stdin.close().catch(() => {});
  return { code, bytes, lines: linesOf(bytes) };
}

/** Text as a terminal shows it: CSI and OSC sequences gone, and only what followed the last carriage return of a line. */
export function linesOf(bytes: string): string[] {
  // deno-lint-ignore no-control-regex
  const plain = bytes.replace(/\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-Z\\-_]/g, "");
  return plain.split("\n").map((line) => line.replace(/\r+$/, "")).map((line) =>
    line.slice(line.lastIndexOf("\r") + 1)
  );
}
