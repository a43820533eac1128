import { messageOf } from "../../base/errors.ts";
import { areEqual } from "../../base/bytes.ts";
import { classifyPath } from "../../format/layout/file_kind.ts";
import type { BulkOptions, FileChunk, FileIssue, Store, WriteReport } from "../store.ts";
import { IncomingFile } from "./incoming_file.ts";

/** Writes files to a store that has no way of its own, one after the other. */
export async function writeMany(
  store: Store,
  chunks: AsyncIterable<readonly FileChunk[]>,
  { signal }: BulkOptions = {},
): Promise<WriteReport> {
  const setbacks: FileIssue[] = [];
  let files = 0, bytes = 0;
  let open: IncomingFile | undefined;
  /** What became of a chunk; `pending` where its file goes on. */
  const write = async (chunk: FileChunk): Promise<FileIssue | "pending" | undefined> => {
    const { name } = chunk;
    const kind = classifyPath(name);
    if (chunk.error !== undefined) {
      await open?.abort(chunk.error);
      open = undefined;
      return { name, kind: "failed", message: chunk.error };
    }
    if (kind === undefined) return { name, kind: "refused", message: "not a file that belongs in a repository" };
    if (kind === "log") return await growLog(store, chunk);
    if (open?.name !== name) {
      if (chunk.offset !== 0) return { name, kind: "retry", message: "its beginning did not arrive" };
      open = new IncomingFile(store, name, kind);
    }
    open.add(chunk.bytes);
    if (!chunk.end) return "pending";
    const issue = await open.finish();
    open = undefined;
    return issue;
  };
  for await (const batch of chunks) {
    signal?.throwIfAborted();
    for (const chunk of batch) {
      const issue = await write(chunk);
      if (issue === "pending") continue;
      if (issue !== undefined) setbacks.push(issue);
      else {
        bytes += chunk.bytes.length;
        if (chunk.end) files++;
      }
    }
  }
  await open?.abort("the transfer was cut");
  return { files, bytes, setbacks };
}

/**
 * Adds to a log what it does not have yet. Not by the `growLog` of local files: a store that lacks the methods for work in
 * bulk has only `append`, which takes no torn tail away; one that differs is reported.
 */
async function growLog(store: Store, { name, offset, bytes }: FileChunk): Promise<FileIssue | undefined> {
  const size = (await store.stat(name))?.size ?? 0;
  if (size < offset) return { name, kind: "retry", message: `it has ${size} bytes, fewer than ${offset}`, size };
  if (size > offset) {
    const there = await store.read(name, { offset, length: Math.min(size - offset, bytes.length) });
    if (!areEqual(there, bytes.subarray(0, there.length))) {
      return { name, kind: "diverged", message: `it differs from byte ${offset} on` };
    }
  }
  if (size > 0 && size >= offset + bytes.length) return undefined;
  try {
    await store.append(name, size, bytes.subarray(size - offset));
  } catch (error) {
    return { name, kind: "retry", message: messageOf(error) };
  }
}
