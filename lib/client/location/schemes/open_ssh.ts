import { TextLines } from "../../../base/lines/text_lines.ts";
import { pause } from "../../../base/time.ts";
import { requireProgram } from "../../../fs/find_program.ts";
import type { ByteWriter } from "../../../protocol/pipe_messages.ts";
import { pipeTransport } from "../../http/pipe_transport.ts";
import { RemoteStore } from "../../store/remote_store.ts";
import type { Opening } from "../scheme.ts";
import { sshWords } from "./ssh_words.ts";

/** A line from the other side is passed on at this length, whether it has ended or not. */
const MAX_LINE_LENGTH = 4096;

/** How long the last words of ssh may take after its end: what it left behind may hold its stderr for hours. */
const LAST_WORDS_MS = 500;

/** A folder of another machine. */
export interface SshAddress {
  /** `user@host`, or the host alone. */
  readonly host: string;
  readonly port?: string;
  readonly path: string;
}

/** Starts dbx on another machine, and speaks to it over its stdin and stdout. */
export function openSsh(location: SshAddress, opening: Opening): RemoteStore {
  const name = opening.name ?? location.host;
  const [program, ...words] = sshWords(opening.env);
  const path = requireProgram(program, opening).path ?? program;
  const dbx = opening.remoteDbx ?? opening.env.DBX_REMOTE_DBX ?? "dbx";
  const far = `${dbx} serve --pipe --repo ${quoted(location.path)}`;
  const port = location.port === undefined ? [] : ["-p", location.port];
  const child = new Deno.Command(path, {
    args: [...words, ...port, "--", location.host, far],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  // What the other side says is passed on as its words; ssh itself asks for passwords on the terminal.
  const forwarded = forwardLines(child.stderr, (line) => opening.onRemoteLine?.(`${name}: ${line}`));
  const lastWords = () => Promise.race([forwarded, pause(LAST_WORDS_MS)]);
  const writer = child.stdin.getWriter();
  const output: ByteWriter = { write: (bytes) => writer.write(bytes) };
  const whyEnded = async (): Promise<string> => {
    // It may wait for more itself, where what it said could not be understood.
    const timer = setTimeout(() => void writer.abort().catch(() => {}), 2000);
    const last = setTimeout(() => child.kill("SIGKILL"), 5000);
    const { code, signal } = await child.status.finally(() => (clearTimeout(timer), clearTimeout(last)));
    await lastWords();
    return `${program} ended with ${signal ?? `exit code ${code}`}${
      code === 127 ? `; is "${dbx}" installed there? --remote-dbx names it` : ""
    }`;
  };
  const close = async (): Promise<void> => {
    // A program that does not end at the end of its input is killed.
    const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
    await Promise.race([writer.close().catch(() => {}), child.status]);
    await child.status.finally(() => clearTimeout(timer));
    await lastWords();
  };
  const transport = pipeTransport(child.stdout, output, { who: name, whyEnded });
  return new RemoteStore({ location: name, base: "http://pipe", isSerial: true, transport, close });
}

/** Calls back with each line that a program prints; for one that does not end, with its beginning. */
async function forwardLines(stream: ReadableStream<Uint8Array>, onLine: (line: string) => void): Promise<void> {
  const lines = new TextLines();
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const whole = lines.push(text);
    if (lines.length > MAX_LINE_LENGTH) whole.push(lines.take());
    for (const line of whole) onLine(line.replace(/\r$/, ""));
  }
  if (lines.length > 0) onLine(lines.take());
}

/** A word for the shell of the other side; `~/` keeps its meaning. */
function quoted(path: string): string {
  const [home, rest] = path.startsWith("~/") ? ["~/", path.slice(2)] : ["", path];
  return `${home}'${rest.replaceAll("'", "'\\''")}'`;
}
