import { createHash } from "node:crypto";
import { messageOf } from "../../base/errors.ts";
import { parseEvent } from "../../format/events/parse_event.ts";
import { closingSeal, parseSeal, type Seal, SEAL_EVENT, sealedFile } from "../../format/events/seal.ts";
import type { LogReader } from "../logs/log_reader.ts";
import { prefixHashes } from "../logs/prefix_hashes.ts";
import { type Problem, problem } from "../problems/problem.ts";
import type { Run } from "../experiments/run.ts";

/** What the log `dbx` of a run says of the run's files. */
interface Seals {
  /** By file, in the order of the log. */
  readonly byFile: ReadonlyMap<string, readonly Seal[]>;
  readonly last: { readonly text: string; readonly offset: number; readonly end: number };
}

/**
 * Compares the files of a run with the seals in its log `dbx`: its logs, its definition and that of its experiment. A run
 * without seals, as other programs write them, has nothing to compare.
 */
export async function* checkSeals(run: Run): AsyncIterableIterator<Problem> {
  if (run.experiment.version === 0) return;
  const dbx = run.log("dbx");
  try {
    const seals = await readSeals(run, dbx);
    const { text } = seals.last;
    const isSealedEnd = text.startsWith('{"event":"dbx/end"') && closingSeal(text) !== undefined;
    if (seals.byFile.size === 0 && !isSealedEnd) return;
    yield* checkEnd(dbx, seals);
    const hasEnded = seals.last.text.startsWith('{"event":"dbx/end"');
    for (const [file, list] of seals.byFile) yield* checkFile(dbx, file, list, hasEnded);
  } catch (error) {
    yield problem("unreadable", { path: dbx.file, message: messageOf(error) });
  }
}

async function readSeals(run: Run, dbx: LogReader): Promise<Seals> {
  const byFile = new Map<string, Seal[]>();
  let last = { text: "", offset: 0, end: 0 };
  for await (const { text = "", offset, next } of dbx.lines()) {
    last = { text, offset, end: next };
    const seal = text.includes(SEAL_EVENT) ? sealOf(text) : undefined;
    if (seal === undefined) continue;
    const file = sealedFile(run.folder, seal);
    const list = byFile.get(file);
    if (list === undefined) byFile.set(file, [seal]);
    else list.push(seal);
  }
  return { byFile, last };
}

function sealOf(line: string): Seal | undefined {
  try {
    const { event, data } = parseEvent(line);
    return event === SEAL_EVENT ? parseSeal(data) : undefined;
  } catch {
    return undefined; // The check of the log names the line.
  }
}

/** The end seals itself and all that stands before it. */
async function* checkEnd({ file, store }: LogReader, { last }: Seals): AsyncIterableIterator<Problem> {
  const damage = (message: string): Problem => problem("broken-seal", { path: file, offset: last.offset, message });
  const tail = await store.read(file, { offset: last.end, length: 1024 * 1024 });
  if (hasDamagedLineFeed(tail)) yield damage("the line feed of the last line is damaged");
  const closing = closingSeal(last.text);
  if (last.text.startsWith(`{"event":"${SEAL_EVENT}"`)) return;
  if (closing === undefined) {
    if (last.text.startsWith('{"event":"dbx/end"')) yield damage("the end is not sealed, unlike the part before it");
    return;
  }
  const length = last.offset + new TextEncoder().encode(closing.head).length;
  if ((await prefixHashes(store, file, [length]))?.hashes.get(length) === closing.sha256) return;
  yield damage("its bytes differ from those that the seal at its end covers; restore the file from another copy");
}

/** A line that is being written has nothing behind its last brace. */
function hasDamagedLineFeed(tail: Uint8Array<ArrayBuffer>): boolean {
  const text = new TextDecoder().decode(tail);
  const brace = text.lastIndexOf("}");
  if (brace < 0 || brace === text.length - 1) return false;
  try {
    JSON.parse(text.slice(0, brace + 1));
    return true;
  } catch {
    return false;
  }
}

async function* checkFile(
  { store }: LogReader,
  path: string,
  seals: readonly Seal[],
  hasEnded: boolean,
): AsyncIterableIterator<Problem> {
  const damage = (message: string): Problem => problem("broken-seal", { path, message });
  if (seals[0].log === undefined) return yield* checkDefinition({ store, path, seals, damage });
  const found = await prefixHashes(store, path, seals.map(({ size }) => size));
  let good = 0;
  for (const { size, sha256 } of seals) {
    const hash = found?.hashes.get(size);
    if (hash === sha256) good = size;
    else if (found === undefined && size === 0) continue; // A log without a line need not be there.
    else if (hash === undefined) {
      const message = `has ${found?.size ?? 0} bytes, and had ${size} when it was sealed`;
      return yield problem(hasEnded ? "short-log" : "growing-log", {
        path,
        message: `${message}; synchronising with a complete copy restores it`,
      });
    } else {
      const last = seals[seals.length - 1];
      if (found?.hashes.get(last.size) === last.sha256) {
        return yield damage(`a seal of its first ${size} bytes in the log dbx is damaged; a later one matches`);
      }
      const message = `bytes ${good} to ${size} differ from those that were sealed`;
      return yield { ...damage(`${message}; restore the file from another copy`), offset: good };
    }
  }
}

async function* checkDefinition(
  { store, path, seals, damage }: {
    readonly store: LogReader["store"];
    readonly path: string;
    readonly seals: readonly Seal[];
    readonly damage: (message: string) => Problem;
  },
): AsyncIterableIterator<Problem> {
  const bytes = await store.read(path).catch(() => undefined);
  if (bytes === undefined) return; // The check of the definition says so.
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (seals.every((seal) => seal.size === bytes.length && seal.sha256 === sha256)) return;
  yield damage("the definition is not the one that was sealed; restore it from another copy");
}
