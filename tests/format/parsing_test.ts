// What FORMAT.md says of texts that parsers differ about.
import { DamageError } from "../../lib/base/errors.ts";
import { parseExperiment } from "../../lib/format/definitions/definition.ts";
import { formatDeviation } from "../../lib/format/events/format_deviation.ts";
import { parseEvent } from "../../lib/format/events/parse_event.ts";
import { readTime } from "../../lib/format/json/fields.ts";
import { overflows, parseJson } from "../../lib/format/json/nonstandard_numbers.ts";
import { initRepository } from "../../lib/repo/open.ts";
import { assertEquals, assertThrows } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";

const INF = { _dbx: "inf" };

Deno.test("parseJson: a number beyond the range of a double is infinity, wherever it stands", () => {
  const cases: [string, unknown][] = [
    ["1e999", INF],
    ["-1E+999", { _dbx: "-inf" }],
    ["9".repeat(400), INF],
    [`${"9".repeat(250)}e99`, INF],
    [`{"a":[1,{"b":1e999}],"c":"1e999"}`, { a: [1, { b: INF }], c: "1e999" }],
    ["1e308", 1e308],
    ["1e-999", 0],
  ];
  for (const [text, value] of cases) assertEquals(parseJson(text), value, text);
  const own = parseJson(`{"__proto__":1e999}`) as object;
  assertEquals(Object.getOwnPropertyDescriptor(own, "__proto__")?.value, INF);
  assertEquals([overflows(`{"a":1e999}`), overflows(`{"a":1e300}`), overflows(`{"a":"1e999"}`)], [true, false, false]);
  assertEquals(parseEvent(`{"event":"e","ts":1,"v":1e999}`).data, { v: INF });
  // It is no time, and so a key of the data.
  assertEquals(parseEvent(`{"event":"e","ts":1e999}`), { event: "e", data: { ts: INF } });
  assertEquals(formatDeviation(`{"event":"e","ts":1,"v":1e999}`)?.includes("beyond the range"), true);
  const { params } = parseExperiment(
    `{"id":"0000000000exp","createdAt":"2026-01-01T00:00:00Z","params":{"lr":1e999}}`,
    { path: "x/meta.json" },
  );
  assertEquals(params, { lr: INF });
});

Deno.test("readTime: the forms that are times, and days that no calendar has", () => {
  const noon = Date.UTC(2026, 0, 31, 12);
  const times: [string | number, number][] = [
    ["2026-01-31T12:00:00.000Z", noon],
    ["2026-01-31T14:00:00+02:00", noon],
    ["2026-01-31T14:00:00+0200", noon],
    ["2026-01-31 12:00:00", noon],
    ["2026-01-31T12:00", noon],
    ["2026-01-31T12:00:00.123456Z", noon + 123],
    ["2026-01-31", Date.UTC(2026, 0, 31)],
    ["2026-01-31T24:00", Date.UTC(2026, 1, 1)],
    ["2024-02-29", Date.UTC(2024, 1, 29)],
    [1.5, 1],
    [-1.5, -2],
    [8_640_000_000_000_000, 8_640_000_000_000_000],
  ];
  for (const [text, ms] of times) assertEquals(readTime(text), ms, String(text));
  const others = ["2026-02-30", "2025-02-29T00:00:00Z", "2026-04-31 10:00", "2026-13-01", "2026-00-10", "2026-01-00"];
  const odd = ["2026-01-31t12:00:00z", "2026-01-31T12:00 Z", "2026-01-31T25:00", "", "x", "2026-1-31"];
  for (const text of [...others, ...odd, 8.64e15 + 2, 1e300, Infinity, true, null]) {
    assertEquals(readTime(text), undefined, String(text));
  }
  assertThrows(
    () => parseExperiment(`{"id":"0000000000exp","createdAt":"2026-02-30T00:00:00Z"}`, { path: "x/meta.json" }),
    DamageError,
    "is not a time",
  );
});

Deno.test("dbx: 1e999 is the same in tables, in what is printed and in the definition [slow]", async () => {
  await using folder = await scratch();
  await initRepository(folder.path);
  const run = `${folder.path}/0000000000exp/runs/0000000000run`;
  await Deno.mkdir(run, { recursive: true });
  const time = `"createdAt":"2026-01-01T00:00:00.000Z"`;
  await Deno.writeTextFile(
    `${folder.path}/0000000000exp/meta.json`,
    `{"id":"0000000000exp","kind":"k","params":{"lr":1e999},${time}}`,
  );
  await Deno.writeTextFile(`${run}/meta.json`, `{"id":"0000000000run",${time}}`);
  await Deno.writeTextFile(
    `${run}/log.jsonl`,
    `{"event":"e","ts":1,"v":1e999,"w":{"x":-1e999,"y":12345678901234567890}}\n`,
  );
  const ask = async (...words: string[]) => (await dbx([...words, "-R", folder.path])).stdout;
  const query = async (sql: string) => JSON.parse(await ask("query", "--json", sql));
  // The first time it is read from the log, then from the index.
  for (let turn = 0; turn < 2; turn++) {
    assertEquals(await query("SELECT data.v AS v, data.w.x AS x, data.w AS w FROM events"), [
      { v: INF, x: { _dbx: "-inf" }, w: `{"x":{"_dbx":"-inf"},"y":12345678901234567890}` },
    ]);
    assertEquals(await query("SELECT value FROM points WHERE series = 'e:v'"), [{ value: INF }]);
    assertEquals(await query("SELECT params.lr AS lr, params FROM experiments"), [
      { lr: INF, params: `{"lr":{"_dbx":"inf"}}` },
    ]);
    await ask("index");
  }
  assertEquals((await ask("tail", "--jsonl")).includes(`"v":{"_dbx":"inf"}`), true);
});

Deno.test("a definition with bare NaN and Infinity, as Python writes it, hides nothing, and a check mentions it", async () => {
  await using folder = await scratch();
  await initRepository(folder.path);
  const write = async (name: string, text: string) => {
    await Deno.mkdir(`${folder.path}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${folder.path}/${name}`, text);
  };
  const time = `"createdAt":"2026-01-01T00:00:00.000Z"`;
  const params = `"params":{"lr":NaN,"clip":Infinity,"low":-Infinity,"big":12345678901234567890,"text":"NaN"}`;
  await write("0000000000exp/meta.json", `{"id":"0000000000exp","kind":"new",${params},${time}}`);
  await write("0000000000exp/runs/0000000000run/meta.json", `{"id":"0000000000run",${time},"own":NaN}`);
  await write("Ab3_x9ZkQ0pLm/meta.json", `{"kind":"old",${params}}`);
  await write("Ab3_x9ZkQ0pLm/log.jsonl", `{"event":"x"}\n`);
  const { stdout } = await dbx([
    "query",
    "-R",
    folder.path,
    "--json",
    "SELECT kind, params FROM experiments ORDER BY kind",
  ]);
  const said =
    `{"lr":{"_dbx":"nan"},"clip":{"_dbx":"inf"},"low":{"_dbx":"-inf"},"big":12345678901234567890,"text":"NaN"}`;
  assertEquals(JSON.parse(stdout), ["new", "old"].map((kind) => ({ kind, params: said })));
  const checked = await dbx(["check", "-R", folder.path]);
  assertEquals(checked.code, 0, checked.stdout);
  const notes = checked.stdout.split("\n").filter((line) => line.includes("bare NaN"));
  assertEquals(notes.length, 3, checked.stdout);
  // What is no JSON in any other way is damage.
  await write("0000000000bad/meta.json", `{"id":"0000000000bad","kind":nan,${time}}`);
  assertEquals((await dbx(["check", "-R", folder.path])).code, 1);
});
