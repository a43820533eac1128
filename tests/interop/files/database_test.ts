import { DatabaseSync } from "node:sqlite";
import { ForeignDatabase, type Row, textOf } from "../../../lib/interop/files/foreign_database.ts";
import { bundledFiles, fileWithin } from "../../../lib/interop/files/bundled_files.ts";
import { reader as mlflow } from "../../../lib/interop/mlflow/reader.ts";
import { reader as trackio } from "../../../lib/interop/trackio/reader.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { contentsOf, definitionsOf, importInto, linesOf } from "../import_into.ts";

const rowsOf = (database: ForeignDatabase, table: string, columns: string[]) => {
  const rows: Row[] = [];
  const lost: [number, number | undefined][] = [];
  for (const chunk of database.rows(table, columns)) {
    if ("rows" in chunk) rows.push(...chunk.rows);
    else lost.push([chunk.lost.from, chunk.lost.to]);
  }
  return { rows, lost };
};

async function open(path: string, folder: string): Promise<ForeignDatabase> {
  return await ForeignDatabase.open(path, await Deno.makeTempDir({ dir: folder }));
}

Deno.test("ForeignDatabase: what a damaged page held is said, and all other rows are read", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/x.db`;
  const made = new DatabaseSync(path);
  made.exec("CREATE TABLE m (k TEXT, v REAL); BEGIN");
  const insert = made.prepare("INSERT INTO m VALUES (?, ?)");
  for (let at = 1; at <= 20_000; at++) insert.run(`key ${at}`, at / 4);
  made.exec("COMMIT");
  made.close();
  const bytes = await Deno.readFile(path);
  for (const page of [20, 50]) bytes.fill(0xff, 4096 * page, 4096 * (page + 1));
  await Deno.writeFile(path, bytes);
  using database = await open(path, folder.path);
  const { rows, lost } = rowsOf(database, "m", ["v"]);
  assertEquals(lost.length, 2);
  const missing = lost.reduce((sum, [from, to]) => sum + to! - from + 1, 0);
  assert(missing > 0 && missing < 1000);
  assertEquals(rows.length + missing, 20_000);
  assert(rows.every(([at, value]) => value === at / 4));
});

Deno.test("ForeignDatabase: values keep their types; a view is not a table; what is not a database is refused", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/x.db`;
  const made = new DatabaseSync(path);
  made.exec(`CREATE TABLE m (a, b, c, d, e);
    INSERT INTO m VALUES (9223372036854775807, 'a' || char(0) || 'ü', x'6869', 0.5, NULL);
    CREATE VIEW v AS WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x FROM r) SELECT x FROM r`);
  made.close();
  using database = await open(path, folder.path);
  const [[, a, b, c, d, e, missing]] = rowsOf(database, "m", ["a", "b", "c", "d", "e", "f"]).rows;
  assertEquals([a, textOf(b), textOf(c), d, e, missing], ["9223372036854775807", "a\0ü", "hi", 0.5, null, null]);
  assertEquals(rowsOf(database, "v", ["x"]).rows, []);
  await Deno.writeTextFile(path, "SQLite format 3\0 and nothing");
  await assertRejects(() => open(path, folder.path), Error, "Cannot read");
});

Deno.test("ForeignDatabase: a database whose tool is writing is read up to its last commit, and not touched", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/source/x.db`;
  await Deno.mkdir(`${folder.path}/source`);
  const writer = new DatabaseSync(path);
  writer.exec(
    "PRAGMA journal_mode = WAL; CREATE TABLE m (v); INSERT INTO m VALUES (1); BEGIN; INSERT INTO m VALUES (2)",
  );
  const before = await contentsOf(`${folder.path}/source`);
  {
    using database = await open(path, folder.path);
    assertEquals(rowsOf(database, "m", ["v"]).rows, [[1, 1]]);
  }
  assertEquals(await contentsOf(`${folder.path}/source`), before);
  writer.exec("COMMIT");
  using database = await open(path, folder.path);
  assertEquals(rowsOf(database, "m", ["v"]).rows, [[1, 1], [2, 2]]);
  writer.close();
});

Deno.test("bundledFiles, fileWithin: no link leads out of what is imported", async () => {
  await using folder = await scratch();
  const root = `${folder.path}/root`;
  await Deno.mkdir(`${root}/sub`, { recursive: true });
  await Deno.writeTextFile(`${folder.path}/secret`, "x");
  await Deno.writeTextFile(`${root}/sub/a`, "a");
  await Deno.symlink(`${folder.path}/secret`, `${root}/sub/out`);
  await Deno.symlink(`${root}/sub/a`, `${root}/sub/in`);
  await Deno.symlink(folder.path, `${root}/up`);
  const { files, leftOut } = await bundledFiles(root, root);
  assertEquals([files.map(({ name }) => name), leftOut.map(({ name }) => name)], [["sub/a", "sub/in"], [
    "sub/out",
    "up",
  ]]);
  assertEquals((await bundledFiles(`${root}/up`, root)).files, []);
  const names = ["sub/a", "../secret", "/etc/passwd", "sub/out", "up/secret", "sub/none", `${root}/sub/a`];
  const found = await Promise.all(names.map(async (name) => await fileWithin(root, name) !== undefined));
  assertEquals(found, [true, false, false, false, false, false, true]);
});

/** A database as MLflow makes it, as far as it is read. */
function makeMlflow(path: string): DatabaseSync {
  const made = new DatabaseSync(path);
  made.exec(`CREATE TABLE experiments (experiment_id INTEGER, name, lifecycle_stage, creation_time);
    CREATE TABLE runs (run_uuid, experiment_id, name, status, start_time, end_time, lifecycle_stage, artifact_uri);
    CREATE TABLE params (key, value, run_uuid); CREATE TABLE tags (key, value, run_uuid);
    CREATE TABLE latest_metrics (key); CREATE TABLE metrics (key, value FLOAT, timestamp, run_uuid, step, is_nan);
    INSERT INTO experiments VALUES (1, 'p', 'active', 5);
    INSERT INTO runs VALUES ('aa', 1, 'one', 'RUNNING', 1000, NULL, 'active', '/etc');
    INSERT INTO metrics VALUES ('loss', 0.5, 1001, 'aa', 1, 0), ('loss', 0.0, 1002, 'aa', 2, 1)`);
  return made;
}

Deno.test("mlflow.db: rows come once as the table grows, also where numbers of rows are used again", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/mlflow.db`;
  const repository = `${folder.path}/output`;
  const made = makeMlflow(path);
  const news = async () =>
    (await importInto(repository, mlflow, path)).runs.map(({ isNew, events }) => [isNew, events]);
  assertEquals(await news(), [[true, 2]]);
  made.exec("INSERT INTO metrics VALUES ('loss', 1.7976931348623157e308, 1003, 'aa', 3, 0)");
  assertEquals(await news(), [[false, 1]]);
  // mlflow gc takes the last rows, and others get their numbers.
  made.exec("INSERT INTO runs VALUES ('bb', 1, 'two', 'RUNNING', 1000, NULL, 'active', NULL)");
  made.exec("UPDATE metrics SET run_uuid = 'bb', key = 'new' WHERE rowid = 3");
  made.close();
  assertEquals(await news(), [[true, 1]]);
  const lines = await linesOf(repository, (name) => name === "log.jsonl");
  assertEquals(lines.map(({ event: _event, ...data }) => JSON.stringify(data)).sort(), [
    '{"ts":1001,"step":1,"loss":0.5}',
    '{"ts":1002,"step":2,"loss":{"_dbx":"nan"}}',
    '{"ts":1003,"step":3,"loss":{"_dbx":"inf"}}',
    '{"ts":1003,"step":3,"new":{"_dbx":"inf"}}',
  ]);
});

Deno.test("mlflow.db: artifacts elsewhere are not read; rows that are not metrics are reported", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/mlflow.db`;
  const made = makeMlflow(path);
  made.exec(
    "INSERT INTO metrics VALUES (NULL, 'text', 1, 'aa', 1, 0), ('x', 1, 'soon', 'nobody', 1, 0), ('huge', 1, 1, 'aa', 9223372036854775807, 0)",
  );
  made.close();
  const { problems } = await importInto(`${folder.path}/output`, mlflow, path);
  assertEquals(problems.map(({ at, what, isWaiting }) => [at?.number, what, isWaiting]), [
    [3, "a metric without a run, a key or a number", undefined],
    [4, "a metric without a run, a key or a number", undefined],
    [undefined, "artifacts of one run are kept elsewhere, those of aa in /etc", true],
  ]);
  assertEquals((await linesOf(`${folder.path}/output`, (name) => name.startsWith("file-"))).length, 0);
});

Deno.test("trackio: older databases without ids of runs, NaN as text, files outside of media left out", async () => {
  await using folder = await scratch();
  const made = new DatabaseSync(`${folder.path}/proj.db`);
  made.exec(
    `CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT);
    CREATE TABLE configs (id INTEGER PRIMARY KEY, run_name TEXT, config TEXT, created_at TEXT);
    CREATE TABLE system_metrics (id INTEGER PRIMARY KEY, timestamp TEXT, run_name TEXT, metrics TEXT);
    INSERT INTO configs VALUES (1, 'one', '{"lr":0.1,"_Username":"me","_Created":"2026-01-01T00:00:00+00:00"}', '2026-01-02T00:00:00+00:00')`,
  );
  const insert = made.prepare("INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?)");
  insert.run(
    "2026-01-01T00:00:01.5",
    "one",
    0,
    '{"loss":"NaN","step":7,"event":"x","img":{"_type":"trackio.image","file_path":"../../secret"}}',
  );
  insert.run("2026-01-01T00:00:02+01:00", "two", 1, "broken");
  insert.run("2026-01-01T00:00:02+01:00", "two", 1, '{"loss":1e999}');
  made.close();
  await Deno.writeTextFile(`${folder.path}/secret`, "x");
  const repository = `${folder.path}/output`;
  const { problems } = await importInto(repository, trackio, `${folder.path}/proj.db`);
  assertEquals(problems.map(({ at, what }) => [at?.number, what]), [
    [undefined, "the file media/../../secret is not there"],
    [2, "the row of metrics is not JSON"],
  ]);
  const definitions = await definitionsOf(repository);
  assertEquals(definitions.map(({ name, createdAt }) => [name, createdAt]).sort(), [
    ["proj/one", "2026-01-01T00:00:00.000Z"],
    ["proj/two", "2025-12-31T23:00:02.000Z"],
  ]);
  const lines = await linesOf(repository, (name) => name === "log.jsonl");
  assertEquals(lines.map(({ ts, step, loss, _step, _event }) => [ts, step, loss, _step, _event]).sort(), [
    [1767222002000, 1, { _dbx: "inf" }, undefined, undefined],
    [1767225601500, 0, { _dbx: "nan" }, 7, "x"],
  ]);
});
