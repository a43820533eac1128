import { DbxError, messageOf } from "../base/errors.ts";
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

/** Writes a whole file that the user named, replacing it. @throws {DbxError} That names the file. */
export async function writeOutputFile(
  context: Pick<Context, "cwd">,
  path: string,
  content: string | Uint8Array,
): Promise<void> {
  const absolute = path.startsWith("/") ? path : `${context.cwd}/${path}`;
  try {
    await Deno.writeFile(absolute, typeof content === "string" ? new TextEncoder().encode(content) : content);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new DbxError(`Cannot write "${path}": its folder does not exist; make it, or name another file`);
    }
    throw new DbxError(`Cannot write "${path}": ${messageOf(error)}`);
  }
}
