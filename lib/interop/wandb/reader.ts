import { parentOf } from "../../base/paths.ts";
import { readHead as readFirst, type SourceEntry, sourceFiles } from "../files/source_files.ts";
import type { ForeignReader, ForeignRecord, ReadOptions } from "../foreign.ts";
import { FILE_HEADER, isRunFile } from "./records.ts";
import { freshState, readRunFile, type RunFileState, runFileState } from "./run_file.ts";
import { readHead } from "./run_head.ts";

/** Reads the runs that W&B keeps on a disk, offline or not: `run-*.wandb`, with the files beside each. */
export const reader: ForeignReader = {
  kind: "wandb",
  title: "W&B runs (run-….wandb)",
  async detect(path) {
    const files = await sourceFiles(path, isWandbFile);
    return files.length > 0 && isRunFile(await readFirst(files[0].path, FILE_HEADER));
  },
  open: read,
};

function isWandbFile(name: string): boolean {
  return name.endsWith(".wandb");
}

async function* read(path: string, options: ReadOptions): AsyncGenerator<readonly ForeignRecord[], void> {
  const { positions, signal, mayGrow = false, takes = () => true } = options;
  const files = await sourceFiles(path, (name) => isWandbFile(name) && takes(name));
  const states = new Map(files.map((file) => [file, runFileState(positions.get(file.name))]));
  const left = (file: SourceEntry) => Math.max(0, file.size - (states.get(file)?.offset ?? 0));
  const total = files.reduce((sum, file) => sum + left(file), 0);
  let done = 0;
  for (const file of files) {
    if (left(file) === 0 && (mayGrow || states.get(file)?.isWhole !== false)) continue;
    const folder = parentOf(file.path);
    let state: RunFileState | undefined = states.get(file);
    if (state === undefined) {
      const problem = await foreignFile(file);
      if (problem !== undefined) {
        yield [problem];
        continue;
      }
      const head = await readHead(file, folder, signal);
      // Its settings may still come, and a definition never changes.
      if (head === undefined || (mayGrow && !head.isComplete)) continue;
      yield [head.record];
      state = freshState(head.record.key, head.record.createdAt);
    }
    for await (const batch of readRunFile(file, folder, state, { signal, mayGrow })) {
      yield batch;
      const reached = batch.findLast((record) => record.type === "position")?.state;
      const offset = runFileState(reached)?.offset ?? state.offset;
      yield [{ type: "progress", read: done + offset - state.offset, total }];
    }
    done += left(file);
  }
  yield [{ type: "progress", read: total, total }];
}

async function foreignFile(file: SourceEntry): Promise<ForeignRecord | undefined> {
  const head = await readFirst(file.path, FILE_HEADER);
  if (head.length < FILE_HEADER || isRunFile(head)) return undefined;
  const at = { unit: "byte", number: 0 } as const;
  const what = "the file does not begin as those of W&B do";
  return { type: "problem", file: file.name, at, what, advice: "it is passed over" };
}
