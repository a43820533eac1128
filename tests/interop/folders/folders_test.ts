import { reader as dbxlogger } from "../../../lib/interop/dbxlogger/reader.ts";
import { reader as dvclive } from "../../../lib/interop/dvclive/reader.ts";
import { reader as neptune } from "../../../lib/interop/neptune/reader.ts";
import { reader as sacred } from "../../../lib/interop/sacred/reader.ts";
import { reader as swanlab } from "../../../lib/interop/swanlab/reader.ts";
import { openRepository } from "../../../mod.ts";
import { assert, assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { definitionsOf, importInto, type Line, linesOf } from "../import_into.ts";

const DATA = decodeURIComponent(new URL("../../", import.meta.url).pathname);

async function write(folder: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await Deno.mkdir(`${folder}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
}

const withoutName = ({ event: _event, ...data }: Line): Record<string, unknown> => data;

Deno.test("dvclive: metrics, params, summary and files; each line comes once as they grow; another run is another one", async () => {
  await using folder = await scratch();
  const source = `${folder.path}/dvclive`;
  const repository = `${folder.path}/output`;
  const news = async (files: Record<string, string>) => {
    await write(source, files);
    const report = await importInto(repository, dvclive, source);
    assertEquals(report.problems, []);
    return report.runs.map(({ isNew, events, files }) => [isNew, events, files]);
  };
  const loss = "step\tloss\n0\t1.0\n1\tnan\n";
  const first = {
    "params.yaml": "lr: 0.1\n",
    "metrics.json": '{"loss": NaN, "best": 3}',
    "plots/metrics/val/loss.tsv": loss,
  };
  assertEquals(await news({ ...first, "plots/images/a.png": "png" }), [[true, 3, 1]]);
  assertEquals(await news({}), []);
  // A metric that comes first in the order of names does not make it another run.
  assertEquals(await news({ "plots/metrics/acc.tsv": "step\tacc\n1\t0.5\n", "metrics.json": '{"best": 4}' }), [[
    false,
    2,
    0,
  ]]);
  const [definition] = await definitionsOf(repository);
  assertEquals([definition.params, definition.name], [{ lr: 0.1 }, "dvclive"]);
  const lines = await linesOf(repository, (name) => name.startsWith("metrics.") || name.startsWith("summary."));
  assertEquals(lines.map(withoutName), [
    { step: 1, acc: 0.5 },
    { step: 0, "val/loss": 1 },
    { step: 1, "val/loss": { _dbx: "nan" } },
    { summary: { _dbx: "summary", loss: { _dbx: "nan" }, best: 3 } },
    { summary: { _dbx: "summary", best: 4 } },
  ]);
  await Deno.remove(`${source}/plots`, { recursive: true });
  assertEquals(
    (await news({ "params.yaml": "lr: 0.2\n", "plots/metrics/acc.tsv": "step\tacc\n0\t0.1\n" })).map(([isNew]) =>
      isNew
    ),
    [true],
  );
});

Deno.test("sacred: broken files are reported, a run without its definition is left out, the others are read", async () => {
  await using folder = await scratch();
  await write(`${folder.path}/runs`, {
    "1/run.json": "broken",
    "1/config.json": "{}",
    "2/run.json":
      '{"experiment":{"name":"e","repositories":[{"url":"u","commit":"c","dirty":true}],"sources":[["a.py","../../secret"]]},"start_time":"2026-01-01T00:00:00","stop_time":"2026-01-01T00:01:00","status":"FAILED"}',
    "2/config.json": "[]",
    "2/metrics.json":
      '{"a":{"steps":[0,1],"timestamps":["2026-01-01T00:00:01","soon"],"values":[NaN,{"py/object":"numpy.float64","value":2.0}]},"b":{"steps":[1],"values":[]},"c":5}',
    "2/cout.txt": "one\nlast",
    secret: "x",
  });
  await Deno.writeTextFile(`${folder.path}/secret`, "x");
  const repository = `${folder.path}/output`;
  const { problems } = await importInto(repository, sacred, `${folder.path}/runs`);
  assertEquals(problems.map(({ file, what }) => [file, what]), [
    ["1/run.json", "it is not JSON"],
    ["2/config.json", "it is not a JSON object"],
    ["2/metrics.json", "the metric b is not a list of steps and one of values"],
    ["2/metrics.json", "the metric c is not a list of steps and one of values"],
  ]);
  const lines = await linesOf(repository, (name) => /^(?:metrics|stdout)/.test(name));
  assertEquals(lines.map(withoutName), [
    { ts: 1767225601000, step: 0, a: { _dbx: "nan" } },
    { step: 1, a: 2 },
    { text: "one" },
    { text: "last" },
  ]);
  assertEquals((await linesOf(repository, (name) => name.startsWith("file-"))).length, 0);
});

Deno.test("dbxlogger: v0 becomes v1 with the same ids, events, values and files", async () => {
  await using folder = await scratch();
  const repository = `${folder.path}/output`;
  const { problems } = await importInto(repository, dbxlogger, `${DATA}fixtures/v0`).catch((error) => {
    // The check says of each id that v0 made it; nothing else.
    assert(/irregular-name/.test(String(error)) && !/damage/.test(String(error)), String(error));
    return { problems: [] };
  });
  assertEquals(problems, []);
  const old = await openRepository(`${DATA}fixtures/v0`);
  const made = await openRepository(repository);
  const contents = async (repository: typeof old) => {
    const all: unknown[] = [];
    for await (const experiment of repository.experiments()) {
      const runs: unknown[] = [];
      for (const run of await experiment.runs()) {
        const logs: unknown[] = [];
        for (const log of (await run.logs()).filter((log) => !log.startsWith("file-") && log !== "dbx").sort()) {
          const events = [];
          for await (const batch of run.log(log).batches()) {
            for (const { event, data } of batch) {
              // A key "ts" is the user's in v0, and has another name in v1.
              events.push([event, { ...data, ts: data.ts ?? data._ts, _ts: 0 }]);
            }
          }
          logs.push([log, events]);
        }
        runs.push([run.id, run.definition.cmd, run.definition.hostname, logs]);
      }
      const { id, kind, name, params } = experiment.definition;
      all.push([id, kind, name, params, runs]);
    }
    return all.sort();
  };
  assertEquals(await contents(made), await contents(old));
  const files = await linesOf(repository, (name) => name.startsWith("file-"));
  assertEquals(files.map(({ name }) => name).sort(), ["größe.txt", "model.bin", "plots/curve.txt"]);
});

Deno.test("neptune: the rows of an export become params, series, tags and files; a broken part is reported", async () => {
  await using folder = await scratch();
  const repository = `${folder.path}/output`;
  const { problems } = await importInto(repository, neptune, `${DATA}data/neptune`);
  assertEquals(problems, []);
  assertEquals((await importInto(repository, neptune, `${DATA}data/neptune`)).runs, []);
  const [definition] = await definitionsOf(repository);
  assertEquals([definition.params, definition.name, definition.createdAt], [
    { parameters: { lr: 0.1, n: 3, on: true } },
    "ws/proj/my run",
    "2026-01-02T03:04:05.000Z",
  ]);
  const lines = await linesOf(repository, (name) => name.startsWith("metrics."));
  assertEquals(lines.map(({ event: _event, ts: _ts, ...data }) => data), [
    { step: 1, h: { _dbx: "histogram", type: "COUNTING", edges: [0, 1], values: [3] } },
    { step: 0, "log/text": "hi" },
    { step: 0.5, "train/half": 1 },
    ...[0, 0.25, { _dbx: "nan" }, 0.75, 1].map((value, step) => ({ step, "train/loss": value })),
  ]);
  assertEquals((await linesOf(repository, (name) => name.startsWith("file-"))).map(({ name }) => name), [
    "RUN-1/model.bin",
  ]);

  const part = await Deno.readFile(`${DATA}data/neptune/data/ws_proj/RUN-1_part_0.parquet`);
  await Deno.writeFile(`${folder.path}/RUN-1_part_0.parquet`, part.subarray(0, part.length - 100));
  const broken = await importInto(`${folder.path}/other`, neptune, `${folder.path}/RUN-1_part_0.parquet`);
  assertEquals(broken.problems.map(({ file }) => file), ["RUN-1_part_0.parquet"]);
});

Deno.test("swanlab: files of other versions and other contents are reported", async () => {
  await using folder = await scratch();
  await write(folder.path, {
    "run-a/run-a.swanlab": ":SWL\u0001\u0001\u0009",
    "run-b/run-b.swanlab": "something else",
  });
  const { problems } = await importInto(`${folder.path}/output`, swanlab, folder.path);
  assertEquals(problems.map(({ what }) => what), ["it has version 9", "it does not begin as SwanLab's files do"]);
});
