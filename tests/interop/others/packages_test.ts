// What the real packages write, value by value against what they read back.
import { reader as aim } from "../../../lib/interop/aim/reader.ts";
import type { ForeignReader } from "../../../lib/interop/foreign.ts";
import { reader as mlflow } from "../../../lib/interop/mlflow/reader.ts";
import { reader as sacred } from "../../../lib/interop/sacred/reader.ts";
import { reader as swanlab } from "../../../lib/interop/swanlab/reader.ts";
import { reader as trackio } from "../../../lib/interop/trackio/reader.ts";
import { assert, assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { contentsOf, definitionsOf, importInto, type Line, linesOf } from "../import_into.ts";
import { runScript, testWithPackages } from "../python_packages.ts";

/** A run as its package reads it; a point is a step, a value and perhaps a time. */
interface Read {
  readonly run: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly points: Readonly<Record<string, readonly [number, unknown, number?][]>>;
  readonly tags: Readonly<Record<string, string>> & readonly string[];
  readonly [more: string]: unknown;
}

/** Writes with a package, imports, and reads with it. The source holds the same bytes after the import, and a second import adds nothing. */
async function roundTrip(python: string, kind: string, reader: ForeignReader, path: string) {
  const folder = await scratch();
  const env = { HOME: folder.path };
  const source = `${folder.path}/source`;
  await runScript(python, "make_others.py", ["write", kind, source], env);
  const before = await contentsOf(source);
  const settings = { python: [python] };
  const repository = `${folder.path}/output`;
  const report = await importInto(repository, reader, `${source}/${path}`, { settings });
  assertEquals(report.problems, []);
  assertEquals(await contentsOf(source), before);
  // Notes are each copy's own.
  const shared = async (repository: string) =>
    [...await contentsOf(repository)].filter(([name]) => !name.includes("/notes/"));
  const imported = await shared(repository);
  for (const isForgetful of [false, true]) {
    const again = await importInto(repository, reader, `${source}/${path}`, { settings, isForgetful });
    assertEquals([again.runs, again.problems], [[], []]);
  }
  const second = `${folder.path}/second`;
  await importInto(second, reader, `${source}/${path}`, { settings });
  assertEquals(await shared(second), imported);
  const said = await runScript(python, "make_others.py", ["read", kind, source], env);
  const reads = said.trim().split("\n").filter((line) => line.startsWith("{")).map((line): Read => JSON.parse(line));
  return { folder, repository, reads, source, report };
}

/** The points of all runs of one experiment, by metric. */
async function pointsOf(repository: string, id: string): Promise<Map<string, [unknown, unknown, number][]>> {
  const points = new Map<string, [unknown, unknown, number][]>();
  for (const [name, bytes] of await contentsOf(repository)) {
    if (!name.includes(`/${id}/runs/`) || !name.endsWith(".jsonl") || /\/dbx\.log\.jsonl$/.test(name)) continue;
    for (const line of new TextDecoder().decode(Uint8Array.fromBase64(bytes)).split("\n").slice(0, -1)) {
      const { event, ts, step, ...data } = JSON.parse(line) as Line;
      if (event !== "log") continue;
      for (const [key, value] of Object.entries(data)) {
        points.set(key, [...points.get(key) ?? [], [step, value, ts]]);
      }
    }
  }
  return points;
}

/** Compares the points that a package reads with those that were imported; both in the order of their steps. */
async function comparePoints(repository: string, id: string, read: Read): Promise<void> {
  const points = await pointsOf(repository, id);
  for (const [name, rows] of Object.entries(read.points)) {
    const own = points.get(name) ?? [];
    const bySteps = (a: readonly unknown[], b: readonly unknown[]) => Number(a[0]) - Number(b[0]);
    const hasTimes = rows[0]?.length === 3;
    assertEquals(own.map((row) => hasTimes ? row : row.slice(0, 2)).sort(bySteps), [...rows].sort(bySteps), name);
  }
}

for (const kind of ["mlflow", "mlruns"]) {
  testWithPackages(`${kind}: runs of the real package are imported whole, value by value [slow]`, async (python) => {
    const made = await roundTrip(python, kind, mlflow, kind === "mlflow" ? "mlflow.db" : "mlruns");
    await using _ = made.folder;
    const definitions = await definitionsOf(made.repository);
    assertEquals([definitions.length, made.reads.length], [4, 4]);
    for (const read of made.reads) {
      const about = (definition: Record<string, unknown>) => definition.mlflow as Record<string, unknown>;
      const definition = definitions.find((each) => about(each).run_id === read.run)!;
      // The SQL store has the largest numbers in the place of infinities.
      const largest = Number.MAX_VALUE;
      const points = Object.fromEntries(
        Object.entries(read.points).map(([name, rows]) => [
          name,
          rows.map(([step, value, ts]): [number, unknown, number?] => [
            step,
            value === largest ? { _dbx: "inf" } : value === -largest ? { _dbx: "-inf" } : value,
            ts,
          ]),
        ]),
      );
      await comparePoints(made.repository, String(definition.id), { ...read, points });
      if (Object.keys(read.params).length > 0) {
        const { lr, small, n, on, none, version, text } = definition.params as Record<string, unknown>;
        assertEquals([lr, small, n, on, none, version, text], [0.1, 1e-5, 3, true, null, "1.10", "x\ny"]);
        assertEquals(Object.keys(read.params).sort(), Object.keys(definition.params as object).sort());
      }
      assertEquals(new Date(definition.createdAt as string).getTime(), read.start);
      assertEquals(about(definition).parent_run_id, read.tags["mlflow.parentRunId"]);
    }
    const notes = await linesOf(made.repository, (name) => /^[0-9a-z]{13}\.log\.jsonl$/.test(name));
    assertEquals(notes.map(({ event, tag, text }) => `${event} ${tag ?? text}`).sort(), [
      "dbx/note a\nnote",
      "dbx/tag deleted",
      "dbx/tag team=a",
    ]);
    const lives = await linesOf(made.repository, (name) => name === "dbx.log.jsonl");
    const ends = lives.filter(({ event }) => event === "dbx/end").map(({ status }) => status);
    assertEquals(ends.sort(), ["failed", "finished", "finished", "finished"]);
    const files = await linesOf(made.repository, (name) => name.startsWith("file-"));
    assertEquals(files.map(({ name, size }) => [name, size]), [["notes/a.txt", 5]]);
  });
}

testWithPackages("trackio: runs of the real package are imported whole, value by value [slow]", async (python) => {
  const made = await roundTrip(python, "trackio", trackio, "trackio");
  await using _ = made.folder;
  const definitions = await definitionsOf(made.repository);
  assertEquals([definitions.length, made.reads.length], [2, 2]);
  const runs = new Map(made.report.runs.map(({ name, id }) => [name, id]));
  for (const read of made.reads) {
    assertEquals(definitions.map(({ params }) => params), [read.params, read.params]);
    assertEquals(Object.keys(read.points), ["loss", "acc", "note"]);
  }
  for (const [at, name] of ["proj/one", "proj/two"].entries()) {
    await comparePoints(made.repository, runs.get(name)!, made.reads[at]);
  }
  const system = await linesOf(made.repository, (name) => name === "system.log.jsonl");
  assert(system.filter(({ gpu }) => gpu === 0.5).length === 2);
});

testWithPackages("swanlab: a run of the real package is imported whole, value by value [slow]", async (python) => {
  const made = await roundTrip(python, "swanlab", swanlab, "swanlog");
  await using _ = made.folder;
  const [definition] = await definitionsOf(made.repository);
  const [read] = made.reads;
  assertEquals([definition.params, definition.name], [read.params, "p/one"]);
  await comparePoints(made.repository, String(definition.id), read);
  const printed = await linesOf(made.repository, (name) => name === "stdout.log.jsonl");
  assertEquals(printed.map(({ text }) => text), read.printed);
  const [media] = await linesOf(made.repository, (name) => name === "media.log.jsonl");
  const [item] = media.words as { file: string; caption: string }[];
  assertEquals(item.caption, "c");
  const files = await linesOf(made.repository, (name) => name.startsWith("file-"));
  assert(files.some(({ name }) => name === item.file));
});

testWithPackages("aim: a run of the real package is imported whole, value by value [slow]", async (python) => {
  const made = await roundTrip(python, "aim", aim, "");
  await using _ = made.folder;
  const [definition] = await definitionsOf(made.repository);
  const [read] = made.reads;
  assertEquals([definition.params, definition.name], [read.params, "p/one"]);
  await comparePoints(made.repository, String(definition.id), read);
  const words = await linesOf(made.repository, (name) => name === "metrics.words.log.jsonl");
  assertEquals(words.map(({ words }) => words), ["hello"]);
  const notes = await linesOf(made.repository, (name) => /^[0-9a-z]{13}\.log\.jsonl$/.test(name));
  assertEquals(notes.map(({ tag }) => tag), [...read.tags]);
});

testWithPackages("sacred: a run of the real package is imported whole, value by value [slow]", async (python) => {
  const made = await roundTrip(python, "sacred", sacred, "runs");
  await using _ = made.folder;
  const [definition] = await definitionsOf(made.repository);
  const [read] = made.reads;
  assertEquals([definition.params, definition.name, definition.kind], [read.params, "my exp/1", "my exp"]);
  const points = Object.fromEntries(Object.entries(read.points));
  await comparePoints(made.repository, String(definition.id), { ...read, points });
  const [summary] = await linesOf(made.repository, (name) => name === "summary.log.jsonl");
  assertEquals(summary.summary, { _dbx: "summary", best: 3, result: 42 });
  const printed = await linesOf(made.repository, (name) => name === "stdout.log.jsonl");
  const output = await Deno.readTextFile(`${made.source}/runs/1/cout.txt`);
  assertEquals(printed.map(({ text }) => text), output === "" ? [] : output.trimEnd().split("\n"));
});
