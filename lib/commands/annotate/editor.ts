import { DbxError, messageOf } from "../../base/errors.ts";
import type { Context } from "../../cli/command.ts";
import { createFile } from "../../fs/files/atomic_file.ts";
import { isLoaderVariable, requireProgram } from "../../fs/find_program.ts";
import { RootFolder } from "../../fs/folders/root_folder.ts";
import { editFolder, editorWords } from "./edit.ts";

/** Has a text edited, and gives what is read of it. What was written and cannot be used is kept. */
export async function edited<T>(context: Context, name: string, text: string, read: (text: string) => T): Promise<T> {
  const [word, ...args] = editorWords(context);
  const isNamed = Boolean(context.env.VISUAL?.trim() || context.env.EDITOR?.trim());
  if (!isNamed && !(context.stdin.isTerminal && context.stdout.isTerminal)) {
    throw new DbxError(
      `Cannot start the editor "${word}": there is no terminal; set EDITOR to a program that needs none, ` +
        "or use dbx tag, dbx note and dbx rename",
    );
  }
  const { path: program, code } = requireProgram(word, context);
  if (program === undefined || code !== undefined) {
    throw new DbxError(`Cannot start the editor "${word}": it was not found; set EDITOR to the one that you use`);
  }
  const folder = new RootFolder(editFolder(context));
  createFile(folder, name, text, { mode: 0o600 });
  const path = `${folder.path}/${name}`;
  let isKept = false;
  try {
    await openEditor(context, word, [program, ...args, path]);
    return read(folder.readText(name));
  } catch (error) {
    isKept = folder.readText(name) !== text;
    throw new DbxError(`${messageOf(error)}; nothing was changed${isKept ? `, and your text is kept in ${path}` : ""}`);
  } finally {
    if (!isKept) folder.remove(name);
  }
}

async function openEditor({ env }: Context, word: string, [program, ...args]: readonly string[]): Promise<void> {
  // Keys that interrupt are for the editor, which has the terminal.
  const ignore = () => {};
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) Deno.addSignalListener(signal, ignore);
  try {
    // Those of the loader would need the permission to start anything.
    const kept = Object.entries(env).filter(([name]) => !isLoaderVariable(name));
    const child = new Deno.Command(program, {
      args,
      env: Object.fromEntries(kept),
      clearEnv: true,
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
    }).spawn();
    const { success, code } = await child.status;
    if (!success) throw new DbxError(`Cannot use what the editor "${word}" wrote: it ended with ${code}`);
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, ignore);
  }
}
