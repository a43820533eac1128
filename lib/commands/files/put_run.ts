import { DbxError, NotFoundError, UsageError } from "../../base/errors.ts";
import { newId } from "../../base/ids.ts";
import { absolute, isAbsolute, lastSegment } from "../../base/paths.ts";
import { encodeEvent } from "../../format/events/encode_event.ts";
import { FILE_EVENT, PUT_LOG_PREFIX } from "../../format/events/file_event.ts";
import { expfile } from "../../format/json/special_values.ts";
import { lstatIfThere } from "../../fs/files/lstat.ts";
import type { Repository } from "../../repo/repository.ts";
import type { Run } from "../../repo/experiments/run.ts";
import { keepFile } from "../../store/local/keep_file.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import type { StoredObject } from "../../store/local/objects.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { isForPeople } from "../../cli/print_options.ts";
import { progressBar } from "../../terminal/progress.ts";
import { listResult, type Result } from "../../terminal/result.ts";
import { bytes } from "../../terminal/values.ts";
import type { OPTIONS } from "./put.ts";

/** A file to be added. */
interface Source {
  readonly path: string;
  readonly name: string;
  readonly size: number;
}

/** Keeps the bytes of one file. */
type Keep = (source: Source, onBytes: (count: number) => void) => Promise<StoredObject>;

/** Adds files to a run. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const [id, ...paths] = parsed.positionals;
  const sources = sourcesOf(paths, parsed.options.name, context.cwd);
  const found = await runOf(await context.repository(), id);
  const { keep, append } = await targetOf(context, found);
  const total = sources.reduce((sum, { size }) => sum + size, 0);
  const draw = progressBar(context.stderr, "put");
  const forPeople = isForPeople(parsed.options);
  const log = PUT_LOG_PREFIX + newId();
  const added = [];
  let done = 0;
  for (const source of sources) {
    const before = done;
    const { sha256, size } = await keep(source, (count) => draw(done += count, total, source.name));
    done = before + source.size;
    draw(done, total, source.name);
    // Not before its bytes are there.
    const file = expfile({ exp: found.experiment.id, name: source.name, sha256 });
    await append(log, encodeEvent(FILE_EVENT, Date.now(), { name: source.name, size, file }));
    const word = `${found.experiment.id}/${found.id}:${source.name}`;
    added.push({ file: word, size, sha256 });
    if (forPeople) context.stdout.line(`${word}  ${bytes(size)}`);
  }
  return listResult({ fields: ["file", "size", "sha256"], items: added });
}

function sourcesOf(paths: readonly string[], name: string | undefined, cwd: string): Source[] {
  if (name !== undefined && paths.length > 1) {
    throw new UsageError(
      `Cannot use --name for ${paths.length} files: it names one; leave it out, or put them one by one`,
    );
  }
  return paths.map((path) => {
    const info = lstatIfThere(absolute(path, cwd));
    if (info === undefined) throw new NotFoundError(`Cannot put "${path}": there is no such file`);
    if (!info.isFile) {
      const what = info.isDirectory ? "a folder; name its files" : "not a plain file";
      throw new UsageError(`Cannot put "${path}": it is ${what}`);
    }
    return { path: absolute(path, cwd), name: checkedName(name ?? nameOf(path)), size: info.size };
  });
}

/** The path as it was given, where it is one below the working folder. */
function nameOf(path: string): string {
  const parts = path.split("/").filter((part) => part !== "." && part !== "");
  return isAbsolute(path) || parts.includes("..") ? lastSegment(path) : parts.join("/");
}

function checkedName(name: string): string {
  // deno-lint-ignore no-control-regex
  if (name !== "" && name.length <= 1024 && !/[\x00-\x1f\x7f-\x9f]/.test(name)) return name;
  throw new UsageError(
    `Cannot name a file ${
      JSON.stringify(name.slice(0, 100))
    }: a name has 1 to 1024 characters, none of them a control character`,
  );
}

async function runOf(repository: Repository, id: string): Promise<Run> {
  if (repository.version === 0) {
    throw new UsageError(
      "Cannot add files to a repository in format v0, which dbx does not write; dbx init converts it to v1",
    );
  }
  const found = await repository.findRun(id);
  if (found.experiment.version === 1) return found;
  throw new UsageError(`Cannot add files to ${id}: it is in format v0, which dbx does not write`);
}

/** How bytes and lines get into the repository: in a folder, or through a server. */
async function targetOf(
  context: Context,
  found: Run,
): Promise<{ keep: Keep; append: (log: string, line: string) => Promise<void> }> {
  const { signal } = context;
  const server = await context.server();
  if (server !== undefined) {
    const { addLine, sendFile } = await import("./send_file.ts");
    return {
      keep: (source, onBytes) => sendFile(server.client, source.path, { signal, onBytes }),
      append: (log, line) => addLine(server.client, found, log, line),
    };
  }
  const store = new LocalStore(context.repo);
  let offset = 0;
  return {
    async keep({ path, size }, onBytes) {
      const kept = await keepFile(store, path, { signal });
      if (kept === undefined) throw new DbxError(`Cannot put "${path}": it changed while it was read; try again`);
      onBytes(size);
      return kept;
    },
    async append(log, line) {
      const encoded = new TextEncoder().encode(line);
      await store.append(found.logPath(log), offset, encoded);
      offset += encoded.length;
    },
  };
}
