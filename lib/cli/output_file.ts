import { Output } from "../terminal/output.ts";
import { streamSink } from "../terminal/sink.ts";
import type { Context } from "./command.ts";
import { absolute } from "../base/paths.ts";

/** The file that `--output` names, which is replaced, or stdout. */
export function outputFile(context: Context, path: string | undefined): Disposable & { readonly out: Output } {
  if (path === undefined) return { out: context.stdout, [Symbol.dispose]() {} };
  const absolutePath = absolute(path, context.cwd);
  const file = Deno.openSync(absolutePath, { write: true, create: true, truncate: true });
  return { out: new Output(streamSink(file, context.env)), [Symbol.dispose]: () => file.close() };
}
