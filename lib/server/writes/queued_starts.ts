import { readLinesSync } from "../../base/lines/line_pieces.ts";
import { lastSegment } from "../../base/paths.ts";
import { parseEvent } from "../../format/events/parse_event.ts";
import { LOG_SUFFIX, notesFolder } from "../../format/layout/names.ts";
import { isAbsent } from "../../fs/files/file_operations.ts";
import { LinkError, type RootFolder } from "../../fs/folders/root_folder.ts";
import { attemptId, MAX_ATTEMPTS } from "../../repo/control/attempts.ts";
import { COMMAND_EVENT, requestOf, type StartRequest } from "../../repo/control/requests.ts";
import { readAt } from "../../fs/files/last_line.ts";

/** So many experiments are remembered. */
const MAX_KNOWN = 2000;
/** Bytes of notes that are read at a time. */
const PIECE = 1024 * 1024;

/** How far a log of notes was read. */
interface ReadLog {
  readonly ino: number | null;
  readonly at: number;
}

/** What is known of an experiment. */
interface Known {
  readonly logs: Map<string, ReadLog>;
  /** Starts by the ids of the runs of all their attempts. */
  readonly starts: Map<string, StartRequest>;
}

/**
 * Which runs are those of starts that were asked for. Each byte of notes is read once: what was read is remembered, and only what
 * came since is looked at.
 */
export class QueuedStarts {
  readonly #known = new Map<string, Known>();

  constructor(readonly root: RootFolder) {}

  /** The start whose run has an id. `experiment`: its folder. */
  of(experiment: string, run: string): StartRequest | undefined {
    let names: string[];
    try {
      names = this.root.list(notesFolder(experiment)).filter(({ isFile, name }) => isFile && name.endsWith(LOG_SUFFIX))
        .map(({ name }) => name);
    } catch (error) {
      if (isAbsent(error) || error instanceof LinkError) return undefined;
      throw error;
    }
    let known = this.#known.get(experiment);
    if (known === undefined) {
      if (this.#known.size >= MAX_KNOWN) this.#known.delete(this.#known.keys().next().value!);
      this.#known.set(experiment, known = { logs: new Map(), starts: new Map() });
    }
    const exp = lastSegment(experiment);
    for (const name of names) this.#read(known, exp, `${notesFolder(experiment)}/${name}`);
    return known.starts.get(run);
  }

  #read(known: Known, exp: string, name: string): void {
    const info = this.root.lstat(name);
    if (info === undefined) return;
    const before = known.logs.get(name);
    let at = before !== undefined && before.ino === info.ino && before.at <= info.size ? before.at : 0;
    if (at === info.size) return;
    using file = this.root.open(name);
    const range = { offset: at, size: info.size, length: PIECE };
    for (const { bytes } of readLinesSync(range, ({ offset, length }) => readAt(file, offset, length))) {
      at += bytes.length;
      for (const line of new TextDecoder().decode(bytes).split("\n")) note(known, exp, line);
    }
    known.logs.set(name, { ino: info.ino, at });
  }
}

function note({ starts }: Known, exp: string, line: string): void {
  // The name may be written with escapes.
  if (!line.includes("command") && !line.includes("\\u")) return;
  try {
    const { event, ts, data } = parseEvent(line);
    if (event !== COMMAND_EVENT) return;
    const request = requestOf(data, exp, ts ?? 0);
    if (request?.command !== "start") return;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) starts.set(attemptId(request.run, attempt), request);
  } catch {
    // It is not an event, so it requests nothing.
  }
}
