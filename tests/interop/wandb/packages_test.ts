import { assert, assertEquals } from "../../assert.ts";
import { parseForeignJson } from "../../../lib/interop/values.ts";
import { reader } from "../../../lib/interop/wandb/reader.ts";
import { scratch } from "../../e2e/dbx.ts";
import { definitionsOf, importInto, type Line, linesOf } from "../import_into.ts";
import { runScript, testWithPackages } from "../python_packages.ts";

/** A record as the package's own classes read it. */
interface Row {
  readonly kind: string;
  readonly step?: number;
  readonly items?: readonly [keys: readonly string[], value: unknown][];
}

testWithPackages("wandb: a run of the real package is imported whole, value by value [slow]", async (python) => {
  await using folder = await scratch();
  const env = {
    HOME: folder.path,
    WANDB_CACHE_DIR: folder.path,
    WANDB_CONFIG_DIR: folder.path,
    WANDB_DATA_DIR: folder.path,
  };
  await runScript(python, "make_wandb.py", ["write", folder.path], env);
  const runs = `${folder.path}/wandb`;
  const name = Array.from(Deno.readDirSync(runs)).find(({ name }) => name.startsWith("offline-run-"))!.name;
  const file = `${runs}/${name}/run-${name.split("-").at(-1)}.wandb`;
  const rows: Row[] = (await runScript(python, "make_wandb.py", ["read", file])).trim().split("\n")
    .map((line) => parseForeignJson(line) as unknown as Row).map((row) => JSON.parse(JSON.stringify(row)));
  const repository = `${folder.path}/output`;
  const report = await importInto(repository, reader, runs);
  assertEquals(report.problems, []);

  const [definition] = await definitionsOf(repository);
  assertEquals([definition.kind, definition.name, definition.group], ["train", "proj/my run", "g"]);
  assertEquals(definition.params, {
    lr: 0.1,
    layers: [1, 2],
    nested: { x: 1.5, y: null, z: true },
    s: "text ☃",
    big: "100000000000000000000",
    inf: { _dbx: "inf" },
    late: 5,
  });

  const lines = await linesOf(repository, (name) => name === "log.jsonl");
  const history = rows.filter(({ kind }) => kind === "history");
  const logged = lines.filter(({ event }) => event === "log");
  assertEquals(logged.length, history.length);
  history.forEach(({ step, items }, at) => {
    const { event: _event, ts, step: own, ...data } = logged[at];
    assertEquals(own, step);
    const read: Record<string, unknown> = {};
    for (const [[first, ...more], value] of items!) {
      if (first === "_step") continue;
      if (first === "_timestamp") assertEquals(ts, Math.floor(value as number * 1000));
      else if (more.length === 0) read[first === "step" ? "step_" : first] = value;
      else (read[first] ??= {}, (read[first] as Record<string, unknown>)[more[0]] = value);
    }
    for (const value of Object.values(data)) {
      if (typeof (value as Line)?._type === "string") delete (value as { _dbx?: string })._dbx;
    }
    assertEquals(data, read);
  });
  // What the script logged, as far as W&B keeps it.
  assertEquals(logged.slice(0, 9).map(({ loss }) => loss).slice(6), [Math.exp(-6 / 20), { _dbx: "nan" }, {
    _dbx: "inf",
  }]);
  assertEquals(
    logged.slice(0, 20).map(({ n, flag, none, text }) => [n, flag, none, text]),
    Array.from({ length: 20 }, (_, n) => [n, true, null, "hi"]),
  );
  assertEquals(logged[0].long, String(2n ** 60n));
  assertEquals(lines.filter(({ event }) => event === "config").map(({ config }) => config), [{
    _dbx: "config",
    after: 7,
  }]);
  const summary = lines.findLast(({ event }) => event === "summary")!.summary as Record<string, unknown>;
  assertEquals([summary.best, summary.acc, summary.n], [0.9, { max: 0.5 }, 19]);
  for (const event of ["artifact", "alert", "metric"]) assert(lines.some((line) => line.event === event), event);

  const printed = await linesOf(repository, (name) => name === "stdout.log.jsonl");
  assertEquals(printed.map(({ event, text }) => [event, text]), [["stdout", "a line"], ["stderr", "an error"]]);
  const system = await linesOf(repository, (name) => name === "system.log.jsonl");
  assertEquals(
    system.map(({ event: _event, ts: _ts, ...data }) => data),
    rows.filter(({ kind }) => kind === "stats").map(({ items }) =>
      Object.fromEntries(items!.map(([[key], value]) => [key, value]))
    ),
  );
  const files = (await linesOf(repository, (name) => name === "files.log.jsonl")).map(({ name }) => String(name));
  assert(["output.log", "requirements.txt"].every((name) => files.includes(name)), files.join());
  assert(
    files.some((name) => /^media\/images\/image_21_/.test(name)) && files.some((name) => name.endsWith(".table.json")),
    files.join(),
  );
  const life = await linesOf(repository, (name) => name === "dbx.log.jsonl");
  const { event, status, exitCode } = life.at(-1)!;
  assertEquals({ event, status, exitCode }, { event: "dbx/end", status: "failed", exitCode: 3 });
});
