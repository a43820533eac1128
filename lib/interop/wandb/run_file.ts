import { messageOf } from "../../base/errors.ts";
import { isObject, type Json } from "../../base/json.ts";
import { readPieces, type SourceEntry, sourceFiles } from "../files/source_files.ts";
import type { FileRecord, ForeignRecord } from "../foreign.ts";
import { GrowingBytes } from "../wire/growing_bytes.ts";
import { damaged, torn } from "../wire/record_problems.ts";
import { FILE_HEADER, nextRecord } from "./records.ts";
import { RunRecords, type RunRecordsState } from "./run_records.ts";

/** Records of a batch. */
const BATCH = 1000;

/** Files that may be referred to by what was logged, and whose names follow from what they hold. */
const MEDIA = "media/";

/** How far a file was read. */
export interface RunFileState extends RunRecordsState {
  readonly offset: number;
  /** Whether the files beside were kept as they are when nothing more comes. */
  readonly isWhole?: boolean;
}

/** The state that a position holds; undefined where there is none. */
export function runFileState(json: Json | undefined): RunFileState | undefined {
  return isObject(json) && typeof json.run === "string" && typeof json.offset === "number"
    ? json as unknown as RunFileState
    : undefined;
}

/** Where reading begins. */
export function freshState(run: string, startedAt: number): RunFileState {
  return { run, offset: FILE_HEADER, startedAt, lastTime: startedAt, seen: "head", summary: {}, rest: {} };
}

/**
 * Reads a run's file from where its state says on.
 *
 * @param folder The absolute path of the run's folder: its files are in `files/`.
 * @param source The name of the source.
 */
export async function* readRunFile(
  file: SourceEntry,
  folder: string,
  state: RunFileState,
  { signal, mayGrow }: { readonly signal?: AbortSignal; readonly mayGrow: boolean },
): AsyncGenerator<ForeignRecord[], void> {
  const bytes = new GrowingBytes(readPieces(file.path, state.offset, { signal }), state.offset);
  const records = new RunRecords(state, folder);
  const position = (offset = bytes.offset, isWhole = records.hasEnded): ForeignRecord => {
    return { type: "position", state: { ...records.state(), offset, isWhole } as unknown as Json };
  };
  let batch: ForeignRecord[] = [{ type: "source", source: file.name }];
  let end = state.offset;
  try {
    while (true) {
      const { offset } = bytes;
      const found = await nextRecord(bytes);
      if (found.kind === "end") {
        end = found.start;
        batch.push(position(end));
        if (found.isTorn) batch.push(torn(file, found.start));
        break;
      }
      if (found.kind === "damage") batch.push(damaged(file, found.offset, found.what));
      else {
        try {
          for (const record of records.take(found.bytes)) batch.push(record);
        } catch (error) {
          batch.push(damaged(file, offset, `a record cannot be read (${messageOf(error)})`));
        }
      }
      if (records.exit !== undefined) {
        // The files first: an end comes after everything.
        for (const record of await filesOf(state.run, folder, records.lastTime, "files")) batch.push(record);
        batch.push(...records.end(), records.exit);
        records.exit = undefined;
      }
      if (batch.length < BATCH) continue;
      batch.push(position());
      yield batch;
      batch = [];
    }
    yield batch;
    // What surrounds a run that did not end, or not yet, may change.
    if (!records.hasEnded && !mayGrow) {
      yield [...await filesOf(state.run, folder, state.startedAt, undefined), position(end, true)];
    }
  } finally {
    await bytes.close();
  }
}

/** The files of a run, but for media, which are kept as they are logged. */
async function filesOf(run: string, folder: string, ts: number, log: string | undefined): Promise<FileRecord[]> {
  try {
    const files = await sourceFiles(`${folder}/files`, (name) => !name.startsWith(MEDIA));
    return files.map(({ name, path }) => ({ type: "file", run, log, ts, name, content: { path } }));
  } catch {
    return []; // It has none.
  }
}
