import { messageOf } from "../../base/errors.ts";
import { isObject, type Json } from "../../base/json.ts";
import { bundledFiles } from "../files/bundled_files.ts";
import { readJsonFile } from "../files/json_file.ts";
import { readHead, readPieces, readSmallFile, type SourceEntry } from "../files/source_files.ts";
import type { ForeignData, ForeignRecord, ForeignValue, ReadOptions } from "../foreign.ts";
import { FILE_HEADER, nextRecord } from "../wandb/records.ts";
import { GrowingBytes } from "../wire/growing_bytes.ts";
import { parseForeignYaml } from "../yaml_text.ts";
import { type Describes, recordsOf } from "./records.ts";

/** How a file begins: `:SWL`, a magic number, the version. */
const MARK = ":SWL";
const VERSION = 2;

const BATCH = 1000;

/** Where a run is: its folder, and the name of that below what is imported. */
interface Place {
  readonly folder: string;
  readonly name: string;
}

/** Reads the records of a run, of which the first ones say what it is, and then its files. */
export async function* readRunFile(
  file: SourceEntry,
  place: Place,
  options: ReadOptions,
): AsyncGenerator<readonly ForeignRecord[]> {
  const head = await readHead(file.path, FILE_HEADER);
  const problem = (what: string, advice: string, offset?: number): ForeignRecord => ({
    type: "problem",
    file: file.name,
    ...offset === undefined ? {} : { at: { unit: "byte", number: offset } },
    what,
    advice,
  });
  if (new TextDecoder().decode(head.subarray(0, 4)) !== MARK) {
    return yield [problem("it does not begin as SwanLab's files do", "it is left out")];
  }
  if (head[6] !== VERSION) {
    const advice = `it is left out; dbx reads version ${VERSION}, which SwanLab 0.10 writes`;
    return yield [problem(`it has version ${head[6]}`, advice)];
  }
  const state = stateOf(options.positions.get(file.name), file.size);
  const start = state?.offset ?? FILE_HEADER;
  const bytes = new GrowingBytes(readPieces(file.path, start, { signal: options.signal }), start);
  const about = await describe(place);
  let key = state?.key;
  let batch: ForeignRecord[] = [{ type: "source", source: file.name, restarts: state === undefined }];
  let isOver = false;
  try {
    while (true) {
      const { offset } = bytes;
      const found = await nextRecord(bytes);
      if (found.kind === "end") {
        if (key !== undefined) batch.push({ type: "position", state: { offset: found.start, key } });
        if (found.isTorn) {
          batch.push(
            {
              ...problem("the last record is not whole", "it is read when it is", found.start),
              isWaiting: true,
            } as ForeignRecord,
          );
        }
        break;
      }
      if (found.kind === "damage") batch.push(problem(found.what, "reading went on behind it", found.offset));
      else {
        try {
          for (const record of recordsOf(found.bytes, key, about)) {
            if (record.type === "run") key = record.key;
            if (record.type === "end") isOver = true;
            batch.push(record);
          }
        } catch (error) {
          batch.push(problem(`a record cannot be read (${messageOf(error)})`, "it is left out", offset));
        }
      }
      if (batch.length < BATCH) continue;
      if (key !== undefined) batch.push({ type: "position", state: { offset: bytes.offset, key } });
      yield batch;
      batch = [];
    }
  } finally {
    await bytes.close();
  }
  yield batch;
  if (key === undefined) return yield [problem("it does not say which run it is of", "it is left out")];
  if (isOver || !options.mayGrow) yield await filesOf(place, key);
}

/** What the run keeps beside its records, and media. SwanLab's copies of the values, and of media in folders with numbers, are left out. */
async function filesOf({ folder, name }: Place, run: string): Promise<ForeignRecord[]> {
  const { files, leftOut } = await bundledFiles(folder, folder);
  return [
    { type: "source", source: `${name}/files` },
    ...files.filter((file) => /^(?:media\/(?!\d+\/)|files\/)/.test(file.name)).map((file): ForeignRecord => ({
      type: "file",
      run,
      name: file.name.replace(/^files\//, ""),
      content: { path: file.path },
    })),
    ...leftOut.map((file): ForeignRecord => ({
      type: "problem",
      file: `${name}/${file.name}`,
      what: file.why,
      advice: "it is left out",
    })),
  ];
}

/** What stands in files of the run: settings, machine. */
async function describe({ folder }: Place): Promise<Describes> {
  const { fields = {} } = await readJsonFile(`${folder}/files/swanlab-metadata.json`);
  const bytes = await readSmallFile(`${folder}/files/config.yaml`);
  let config: ForeignValue = {};
  try {
    if (bytes !== undefined) config = parseForeignYaml(new TextDecoder().decode(bytes));
  } catch {
    // It is one of the files of the run.
  }
  const params: Record<string, ForeignValue> = {};
  for (const [key, item] of Object.entries(isObject(config) ? config as ForeignData : {})) {
    params[key] = isObject(item) && Object.hasOwn(item, "value") ? item.value as ForeignValue : item;
  }
  return { params, metadata: fields };
}

function stateOf(state: Json | undefined, size: number): { readonly offset: number; readonly key: string } | undefined {
  if (!isObject(state) || typeof state.offset !== "number" || typeof state.key !== "string") return undefined;
  return state.offset <= size ? { offset: state.offset, key: state.key } : undefined;
}
