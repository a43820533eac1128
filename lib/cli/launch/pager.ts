import { findPrograms, pathsOf } from "../../fs/find_program.ts";

/** A worker wants what it prints to be shown in pages: it cannot say by which program. */
export interface PagerRequest {
  readonly pager: MessagePort;
}

/** The words that start the user's pager. */
export type PagerWords = readonly [program: string, ...args: string[]];

/** What a shell would do something with. */
const FOR_A_SHELL = /[|&;<>()$`\\"'*?[#~=%]/;

/** How `less` behaves unless the user says otherwise: as with git. */
const DEFAULTS = { LESS: "FRX", LV: "-c" };

/** The pager of an environment; undefined where none is wanted, or it is not there. */
export function pagerOf(env: Readonly<Record<string, string>>, cwd: string): PagerWords | undefined {
  const named = (env.DBX_PAGER ?? env.PAGER ?? "less").trim();
  if (named === "" || named === "cat" || env.TERM === "dumb") return undefined;
  if (FOR_A_SHELL.test(named)) return ["/bin/sh", "-c", named];
  const [name, ...args] = named.split(/\s+/);
  const [program] = pathsOf(findPrograms([name], { env, cwd }));
  return program === undefined ? undefined : [program, ...args];
}

/** Starts the pager. What comes on the port is shown, `null` ends it; when the reader leaves, the port says so. */
export async function startPager(port: MessagePort, [program, ...args]: PagerWords): Promise<void> {
  const env = Object.fromEntries(Object.entries(DEFAULTS).filter(([name]) => Deno.env.get(name) === undefined));
  const child = new Deno.Command(program, { args, env, stdin: "piped", stdout: "inherit", stderr: "inherit" }).spawn();
  const input = child.stdin.getWriter();
  // The reader may leave before all is written.
  port.onmessage = ({ data }: MessageEvent<Uint8Array<ArrayBuffer> | null>) => {
    (data === null ? input.close() : input.write(data)).catch(() => {});
  };
  await child.status;
  port.postMessage(null);
  port.close();
}
