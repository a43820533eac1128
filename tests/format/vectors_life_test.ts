// The test vectors of what stands in the logs of a run: seals, references to objects, arrivals, printed lines.
import { References } from "../../lib/format/layout/object_references.ts";
import { ArrivalReader } from "../../lib/index/arrivals.ts";
import { checkRepository } from "../../lib/repo/check/check.ts";
import { isClosed } from "../../lib/repo/experiments/closed_run.ts";
import { LogReader } from "../../lib/repo/logs/log_reader.ts";
import { openReader } from "../../lib/repo/open.ts";
import { OutputReader } from "../../lib/repo/logs/output_reader.ts";
import { assertSame, type Bytes, bytesOf, storeOf, vectors } from "./vectors.ts";

const MARKER = `{"dbx":1,"id":"0golden0repo1","createdAt":"2026-01-01T09:00:00.000Z"}\n`;
const EXPERIMENT = "0resnet0exp01";

interface SealsVector {
  readonly files: Record<string, string>;
  readonly found: readonly { file: string; kind: string; offset?: number }[];
  readonly closed?: boolean;
}

const SEAL_KINDS = ["broken-seal", "short-log", "growing-log"];

Deno.test("vectors: what seals say of the files of a run, and whether it is closed", async () => {
  const runs = vectors<SealsVector>("seals.json");
  const found = [];
  for (const { files, found: expected, closed } of runs) {
    const named = Object.entries(files).map(([file, text]) => [`${EXPERIMENT}/${file}`, text] as const);
    const store = await storeOf({ "dbx.json": MARKER, ...Object.fromEntries(named) });
    const repository = await openReader(store);
    const problems = await Array.fromAsync(checkRepository(repository));
    const said = problems.filter(({ kind }) => SEAL_KINDS.includes(kind)).map(({ path, kind, offset }, at) => ({
      file: path.slice(EXPERIMENT.length + 1),
      kind,
      ...expected[at]?.offset !== undefined && { offset },
    }));
    const [experiment] = await Array.fromAsync(repository.experiments());
    const [run] = await experiment.runs();
    const lengths = new Map<string, number>();
    for (const name of await run.logs()) lengths.set(name, await run.log(name).size());
    const life = new TextDecoder().decode(
      lengths.has("dbx") ? await store.read(run.logPath("dbx")) : new Uint8Array(),
    );
    found.push({ found: said, ...closed !== undefined && { closed: isClosed(life, lengths) } });
  }
  assertSame(found, runs, ({ found, closed }) => ({ found, ...closed !== undefined && { closed } }));
});

interface ReferencesVector extends Bytes {
  readonly of: "log" | "files log" | "definition";
  readonly objects: readonly string[];
  readonly any: boolean;
}

Deno.test("vectors: the objects that logs and definitions refer to", () => {
  const files = vectors<ReferencesVector>("references.json");
  const found = files.map((file) => {
    const references = new References({ everyLine: true });
    if (file.of === "files log") references.addFilesLog("files.log.jsonl", bytesOf(file));
    else references.add({ name: file.of === "log" ? "log.jsonl" : "meta.json", bytes: bytesOf(file), end: true });
    return {
      objects: [...references.objects].map((name) => name.slice(-64)).sort(),
      any: references.unread.length > 0,
    };
  });
  assertSame(found, files, ({ objects, any }) => ({ objects: objects.toSorted(), any }));
});

interface ArrivalsVector {
  readonly dbx: string;
  readonly times: readonly { readonly offset: number; readonly time: number | null }[];
}

Deno.test("vectors: times of lines without ts", async () => {
  const lives = vectors<ArrivalsVector>("arrivals.json");
  const found = [];
  for (const { dbx, times } of lives) {
    const log = new LogReader(await storeOf({ "run/dbx.log.jsonl": dbx }), "run", "dbx");
    const arrivals = (await new ArrivalReader().read(log, { size: dbx.length, modifiedAt: 1 })).get("log");
    found.push(times.map(({ offset }) => ({ offset, time: arrivals?.at(offset) ?? null })));
  }
  assertSame(found, lives, ({ times }) => times);
});

Deno.test("vectors: what a run printed", async () => {
  const runs = vectors<{ logs: Record<string, string>; shown: unknown }>("printed.json");
  const found = [];
  for (const { logs } of runs) {
    const named = Object.entries(logs).map(([name, text]) => [`run/${name}.log.jsonl`, text] as const);
    const events = await Array.fromAsync(
      new OutputReader(await storeOf(Object.fromEntries(named)), "run", "stdout").read(),
    );
    found.push(events.map(({ event, ts, data }) => ({ stream: event, ts, text: data.text })));
  }
  assertSame(found, runs, ({ shown }) => shown);
});
