import { messageOf, NotFoundError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { lastSegment, parentOf } from "../../base/paths.ts";
import { fileWithin } from "../files/bundled_files.ts";
import { isFolder, type SourceEntry, sourceFiles } from "../files/source_files.ts";
import type { ForeignReader, ForeignRecord, ReadOptions } from "../foreign.ts";

/** Reads what neptune-exporter has exported: Parquet files `data/<project>/<run>_part_N.parquet`, and `files/`. */
export const reader: ForeignReader = {
  kind: "neptune",
  title: "neptune-exporter's Parquet files",
  detect: async (path) => (await sourceFiles(path, isPart).catch(() => [])).length > 0,
  open,
};

const PART = /^(.*)_part_(\d+)\.parquet$/;

async function* open(path: string, options: ReadOptions): AsyncGenerator<readonly ForeignRecord[]> {
  const files = await sourceFiles(path, isPart);
  if (files.length === 0) throw new NotFoundError(`Cannot read "${path}": there is no file <run>_part_0.parquet in it`);
  const root = await isFolder(path) ? path : path.slice(0, path.lastIndexOf("/"));
  for (const parts of Map.groupBy(files, ({ name }) => PART.exec(name)![1]).values()) {
    options.signal?.throwIfAborted();
    const number = ({ name }: SourceEntry): number => Number(PART.exec(name)![2]);
    yield* readRun(parts.sort((a, b) => number(a) - number(b)), root, options);
  }
}

/** Single values may stand in any part, and make the run: they are read first. */
async function* readRun(
  parts: readonly SourceEntry[],
  root: string,
  options: ReadOptions,
): AsyncGenerator<readonly ForeignRecord[]> {
  const { rowsOf } = await import("./rows.ts");
  const { NeptuneRun, seriesRecord, textOf } = await import("./attributes.ts");
  const source = PART.exec(parts[0].name)![1];
  const broken = new Set<SourceEntry>();
  let run: InstanceType<typeof NeptuneRun> | undefined;
  for (const part of parts) {
    try {
      for await (const rows of rowsOf(part.path)) {
        for (const row of rows) {
          run ??= new NeptuneRun(textOf(row.project_id) ?? "neptune", textOf(row.run_id) ?? lastSegment(source));
          run.take(row);
        }
      }
    } catch (error) {
      options.signal?.throwIfAborted();
      broken.add(part);
      const what = `it cannot be read as Parquet (${messageOf(error)})`;
      yield [{ type: "problem", file: part.name, what, advice: "the other parts were read" }];
    }
  }
  if (run === undefined) return;
  const state = parts.map(({ size }) => size).join(" ");
  const isKnown = options.positions.get(source) === state;
  yield [{ type: "source", source, restarts: !isKnown }, run.record()];
  if (isKnown) return;
  for (const part of parts.filter((part) => !broken.has(part))) {
    for await (const rows of rowsOf(part.path)) {
      const records: ForeignRecord[] = [];
      for (const row of rows) {
        const event = seriesRecord(run.key, row);
        if (event !== undefined) records.push(event);
        else if (isObject(row.file_value) && typeof row.file_value.path === "string") {
          records.push(await fileRecord(run.key, row.file_value.path, part, root));
        }
      }
      yield records;
    }
  }
  if (broken.size === 0) yield [{ type: "position", state }];
}

/** Files lie in the folder `files` beside `data`, below the project or not. */
async function fileRecord(run: string, name: string, part: SourceEntry, root: string): Promise<ForeignRecord> {
  const project = lastSegment(parentOf(part.name));
  for (const folder of [`files/${project}`, "files", `../files/${project}`, project, ""]) {
    const path = await fileWithin(root, folder === "" ? name : `${folder}/${name}`);
    if (path !== undefined) return { type: "file", run, name, content: { path } };
  }
  const what = `the file ${name} is not in what is imported`;
  return { type: "problem", file: part.name, what, advice: "import the folder that holds both data/ and files/" };
}

function isPart(name: string): boolean {
  return PART.test(lastSegment(name));
}
