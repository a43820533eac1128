import { isObject, type Json } from "../../base/json.ts";
import { messageOf } from "../../base/errors.ts";
import { readPieces, type SourceEntry } from "../files/source_files.ts";
import type { EventRecord, FileRecord, ForeignRecord } from "../foreign.ts";
import { described } from "../values.ts";
import { GrowingBytes } from "../wire/growing_bytes.ts";
import { Message } from "../wire/protobuf.ts";
import { damaged, torn } from "../wire/record_problems.ts";
import { readEvent, type TensorBoardEvent } from "./event.ts";
import { fastScalar, type Scalar } from "./fast_scalar.ts";
import { nextRecord } from "./records.ts";
import { scalarRecord, type SummaryPlace, summaryRecord } from "./summary_records.ts";

/** Records of a batch. */
const BATCH = 1000;

/** How far a file was read. */
export interface FileState {
  /** The key of the run that it belongs to. */
  readonly run: string;
  readonly offset: number;
  /** What stands before all tags. */
  readonly prefix: string;
  /** Tags whose plug-in is known, with that. */
  readonly plugins: Readonly<Record<string, string>>;
}

/** The state that a position holds; undefined where there is none. */
export function fileState(json: Json | undefined): FileState | undefined {
  if (!isObject(json) || typeof json.run !== "string" || typeof json.offset !== "number") return undefined;
  return {
    run: json.run,
    offset: json.offset,
    prefix: String(json.prefix ?? ""),
    plugins: (isObject(json.plugins) ? json.plugins : {}) as Record<string, string>,
  };
}

/** Reads a file from where its state says on. */
export async function* readEventFile(
  file: SourceEntry,
  log: string,
  state: FileState,
  signal?: AbortSignal,
): AsyncGenerator<ForeignRecord[], void> {
  const bytes = new GrowingBytes(readPieces(file.path, state.offset, { signal }), state.offset);
  const { run, prefix } = state;
  const place: SummaryPlace = { run, log, plugins: new Map(Object.entries(state.plugins)) };
  const position = (): ForeignRecord => {
    const plugins = Object.fromEntries(place.plugins);
    return { type: "position", state: { run, offset: bytes.offset, prefix, plugins } };
  };
  let batch: ForeignRecord[] = [{ type: "source", source: file.name }];
  let isFull = false;
  const scalar: Scalar = { wallTime: 0, step: 0, tag: "", value: 0 };
  try {
    while (true) {
      const { offset } = bytes;
      const found = await nextRecord(bytes);
      if (found.kind === "end") {
        batch.push(position());
        if (found.left > 0) batch.push(torn(file, offset));
        break;
      }
      if (found.kind === "damage") batch.push(damaged(file, found.offset, found.what));
      else if (fastScalar(bytes.bytes, bytes.view, found.at, found.end, scalar)) {
        batch.push(scalarRecord(place, prefix + scalar.tag, scalar.step, timeOf(scalar.wallTime), scalar.value));
      } else {
        try {
          const event = readEvent(new Message(bytes.bytes, found.at, found.end));
          for (const record of recordsOf(event, place, prefix)) {
            batch.push(record);
            // No more are held with one that holds files.
            if (record.type === "file" || record.files !== undefined) isFull = true;
          }
        } catch (error) {
          batch.push(damaged(file, offset, `a record is not an event (${messageOf(error)})`));
        }
      }
      if (batch.length < BATCH && !isFull) continue;
      batch.push(position());
      yield batch;
      batch = [];
      isFull = false;
    }
    yield batch;
  } finally {
    await bytes.close();
  }
}

function* recordsOf(
  event: TensorBoardEvent,
  place: SummaryPlace,
  prefix: string,
): Generator<EventRecord | FileRecord, void> {
  const { run, log } = place;
  const ts = timeOf(event.wallTime);
  const { step, values } = event;
  if (prefix !== "") { for (const value of values) value.tag = prefix + value.tag; }
  if (values.length === 1 && values[0].simple !== undefined) {
    yield scalarRecord(place, values[0].tag, step, ts, values[0].simple);
    return;
  }
  for (const value of values) {
    const record = summaryRecord(place, value, step, ts);
    if (record !== undefined) yield record;
  }
  const file = (name: string, bytes: Uint8Array): FileRecord => {
    return { type: "file", run, log, name, ts, content: { bytes: bytes.slice() } };
  };
  if (event.graph !== undefined) yield file("graph/graph_def.pb", event.graph);
  if (event.metaGraph !== undefined) yield file("graph/meta_graph_def.pb", event.metaGraph);
  if (event.runMetadata !== undefined) {
    yield file(`graph/run_metadata/${event.runMetadata.tag}.pb`, event.runMetadata.bytes);
  }
  if (event.message !== undefined) {
    yield {
      type: "event",
      run,
      log,
      name: "message",
      ts,
      data: { step, message: described("message", event.message) },
    };
  }
  if (event.session !== undefined) {
    yield {
      type: "event",
      run,
      log,
      name: "session",
      ts,
      data: { step, session: described("session", event.session) },
    };
  }
}

/** Milliseconds since the Unix epoch of seconds. */
export function timeOf(seconds: number): number {
  return Math.floor(seconds * 1000);
}
