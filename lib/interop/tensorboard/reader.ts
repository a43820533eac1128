import { createHash } from "node:crypto";
import type { Json } from "../../base/json.ts";
import { lastSegment, parentOf } from "../../base/paths.ts";
import { readHead, readPieces, type SourceEntry, sourceFiles } from "../files/source_files.ts";
import type { ForeignData, ForeignReader, ForeignRecord, ReadOptions, RunRecord } from "../foreign.ts";
import { GrowingBytes } from "../wire/growing_bytes.ts";
import { Message } from "../wire/protobuf.ts";
import { readEvent } from "./event.ts";
import { type FileState, fileState, readEventFile, timeOf } from "./event_file.ts";
import { readHparams } from "./hparams.ts";
import { nextRecord } from "./records.ts";

/** Bytes at the start of each file of a run in which its params are looked for. */
const HEAD = 64 * 1024;

/** Reads TensorBoard's event files: each folder that holds some is a run. */
export const reader: ForeignReader = {
  kind: "tensorboard",
  title: "TensorBoard event files (events.out.tfevents.…)",
  async detect(path) {
    const files = await sourceFiles(path, isEventFile);
    return files.length > 0 && (await readHead(files[0].path, 12)).length === 12;
  },
  open: read,
};

function isEventFile(name: string): boolean {
  return lastSegment(name).includes("tfevents");
}

async function* read(path: string, options: ReadOptions): AsyncGenerator<readonly ForeignRecord[], void> {
  const { positions, signal, takes = () => true, prefixOf = () => "" } = options;
  const files = await sourceFiles(path, (name) => isEventFile(name) && takes(name));
  const states = new Map(files.map((file) => [file, fileState(positions.get(file.name))]));
  const left = (file: SourceEntry) => Math.max(0, file.size - (states.get(file)?.offset ?? 0));
  const total = files.reduce((sum, file) => sum + left(file), 0);
  const root = lastSegment(path);
  let done = 0;
  for (const [folder, members] of Map.groupBy(files, ({ name }) => name.includes("/") ? parentOf(name) : "")) {
    if (members.every((file) => left(file) === 0)) continue;
    const known = members.map((file) => states.get(file)?.run).find((run) => run !== undefined);
    let run = known;
    if (run === undefined) {
      const record = await runOf(members, folder === "" ? root : folder.replace(/^runs\//, ""));
      // Nothing is written there yet.
      if (record === undefined) continue;
      run = record.key;
      yield [record];
    }
    for (const file of members) {
      if (left(file) === 0) continue;
      const state: FileState = states.get(file) ?? { run, offset: 0, prefix: prefixOf(folder), plugins: {} };
      for await (const batch of readEventFile(file, logOf(file), state, signal)) {
        yield batch;
        const reached = batch.findLast((record) => record.type === "position")?.state as { offset: number } & Json;
        yield [{ type: "progress", read: done + reached.offset - state.offset, total }];
      }
      done += left(file);
    }
  }
  yield [{ type: "progress", read: total, total }];
}

/** The log that a file becomes: named after it, as several of one run may grow at once. */
function logOf({ name }: SourceEntry): string {
  return lastSegment(name).replace(/^events\.out\./, "");
}

/** What is known of a run when its files begin; undefined where none of them has a whole record yet. */
async function runOf(files: readonly SourceEntry[], name: string): Promise<RunRecord | undefined> {
  let key: string | undefined;
  let createdAt = 0;
  let hparams: { readonly params: ForeignData; readonly group: string } | undefined;
  let writer: string | undefined;
  for (const file of files) {
    const bytes = new GrowingBytes(limited(file), 0);
    try {
      for (let found = await nextRecord(bytes); found.kind !== "end"; found = await nextRecord(bytes)) {
        if (found.kind === "damage") continue;
        if (key === undefined) {
          const first = bytes.bytes.subarray(found.at, found.end);
          key = createHash("sha256").update(`${lastSegment(file.name)}\n`).update(first).digest("hex");
          const event = tolerantly(() => readEvent(new Message(first)));
          createdAt = timeOf(event?.wallTime ?? 0);
          writer = event?.writer;
        }
        if (hparams !== undefined) break;
        hparams = tolerantly(() => hparamsIn(new Message(bytes.bytes, found.at, found.end)));
      }
    } finally {
      await bytes.close();
    }
  }
  if (key === undefined) return undefined;
  const hostname = /tfevents\.\d+\.(.+?)(?:\.\d+)*(?:\.v2)?$/.exec(lastSegment(files[0].name))?.[1];
  const extra = { ...(hparams?.group ? { group: hparams.group } : {}), ...(writer ? { writer } : {}) };
  return { type: "run", key, kind: "tensorboard", name, params: hparams?.params ?? {}, createdAt, hostname, extra };
}

async function* limited({ path }: SourceEntry): AsyncGenerator<Uint8Array, void> {
  for await (const piece of readPieces(path, 0, { pieceSize: HEAD })) {
    yield piece;
    return;
  }
}

function hparamsIn(message: Message): { params: ForeignData; group: string } | undefined {
  for (const { plugin, pluginContent } of readEvent(message).values) {
    if (plugin !== "hparams" || pluginContent === undefined) continue;
    const content = readHparams(pluginContent);
    if (content.kind === "start") return content;
  }
  return undefined;
}

/** What is damaged is reported where the file is read. */
function tolerantly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
