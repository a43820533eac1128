import { writeAllSync } from "../store/files.ts";
import type { Context, Output } from "./command.ts";

/** The file that `--output` names, which is replaced, or stdout. */
export function outputFile(context: Context, path: string | undefined): Disposable & { readonly out: Output } {
  if (path === undefined) return { out: context.stdout, [Symbol.dispose]() {} };
  const absolute = path.startsWith("/") ? path : `${context.cwd}/${path}`;
  const file = Deno.openSync(absolute, { write: true, create: true, truncate: true });
  const encoder = new TextEncoder();
  const write = (data: string | Uint8Array) =>
    writeAllSync(file, typeof data === "string" ? encoder.encode(data) : data);
  return {
    out: { isTerminal: false, columns: 80, colour: false, write },
    [Symbol.dispose]: () => file.close(),
  };
}
