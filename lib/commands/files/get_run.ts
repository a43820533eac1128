import { DbxError, UsageError } from "../../base/errors.ts";
import { RootFolder } from "../../fs/folders/root_folder.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { isForPeople } from "../../cli/print_options.ts";
import { progressBar } from "../../terminal/progress.ts";
import { listResult, type Result } from "../../terminal/result.ts";
import { bytes } from "../../terminal/values.ts";
import { rangeIn } from "./byte_range.ts";
import { chosenFiles } from "./chosen_files.ts";
import { fileWord } from "./file_word.ts";
import { type OPTIONS, outputFolder } from "./get.ts";
import { storedBytes } from "./stored_bytes.ts";
import { targetName } from "./target_name.ts";
import { type Wanted, writeFile } from "./write_file.ts";

/** Copies files here. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const { force, version, output } = parsed.options;
  const repository = await context.repository();
  const folder = outputFolder(output, context);
  const root = new RootFolder(folder);
  const typed = new Set(parsed.positionals.map((word) => fileWord(word).name));
  const wanted = new Map<string, Wanted>();
  for (const file of await chosenFiles(context, parsed.positionals, version, false)) {
    const target = targetName(file.name, typed.has(file.name));
    const other = wanted.get(target);
    if (other !== undefined && other.bytes.file.sha256 !== file.sha256) {
      throw new UsageError(
        `Cannot write "${target}" twice: it is a file of ${other.bytes.file.run} and of ${file.run}; use -o for each of them`,
      );
    }
    const stored = await storedBytes(repository, file);
    wanted.set(target, { target, bytes: stored, range: rangeIn(parsed.options.bytes, stored.size) });
  }
  checkFree(root, wanted.keys(), force);
  const total = wanted.values().reduce((sum, { range }) => sum + range.end - range.start, 0);
  const draw = progressBar(context.stderr, "get");
  const forPeople = isForPeople(parsed.options);
  let done = 0;
  const written = [];
  for (const one of wanted.values()) {
    const before = done;
    const state = await writeFile(root, one, {
      force,
      signal: context.signal,
      onBytes: (count) => draw(done += count, total, one.target),
    });
    done = before + one.range.end - one.range.start;
    draw(done, total, one.target);
    const size = one.range.end - one.range.start;
    const { file, sha256, version } = one.bytes.file;
    written.push({ file, path: `${folder === "/" ? "" : folder}/${one.target}`, size, version, sha256, state });
    if (forPeople) context.stdout.line(`${one.target}  ${bytes(size)}${state === "there" ? "  (there already)" : ""}`);
  }
  return listResult({ fields: ["file", "path", "size", "version", "sha256", "state"], items: written });
}

/** Refuses before anything is written what would fail afterwards. */
function checkFree(root: RootFolder, targets: Iterable<string>, force: boolean): void {
  const folder = root.lstat("");
  if (folder !== undefined && !folder.isDirectory && !folder.isSymlink) {
    throw new DbxError(`Cannot write to "${root.path}": it is not a folder`);
  }
  for (const target of targets) {
    const there = root.lstat(target);
    if (there === undefined || there.isFile) continue;
    const what = there.isSymlink ? "a symbolic link" : there.isDirectory ? "a folder" : "not a file";
    const hint = force ? "" : "; remove it, or write elsewhere with -o";
    throw new DbxError(`Cannot write "${target}": it is ${what}${hint}`);
  }
}
