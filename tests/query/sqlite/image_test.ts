import { assertEquals } from "@std/assert";
import type { Batch, Vector } from "../../../lib/query/vectors/vector.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import { RuntimeDatabase } from "../../../lib/query/sqlite/engine/runtime_database.ts";
import { databaseImage, type ImageTable } from "../../../lib/query/sqlite/image/database_image.ts";
import { TableImage } from "../../../lib/query/sqlite/image/table_image.ts";
import { PAGE } from "../../../lib/query/sqlite/image/page_list.ts";

function opened(tables: readonly ImageTable[]): RuntimeDatabase {
  const db = new RuntimeDatabase();
  db.deserialize(databaseImage(tables));
  assertEquals(rowsOf(db, "PRAGMA integrity_check"), [["ok"]]);
  return db;
}

function rowsOf(db: RuntimeDatabase, sql: string): Value[][] {
  const statement = db.prepare(sql);
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  return [...statement.iterate()] as Value[][];
}

function table(name: string, affinities: TableImage["affinities"], ...batches: readonly Batch[]): ImageTable {
  const image = new TableImage(affinities);
  batches.forEach((batch) => image.add(batch));
  image.finish();
  const types = { text: "TEXT", integer: "INTEGER", real: "REAL", numeric: "NUMERIC", none: "" };
  const columns = affinities.map((affinity, at) => `c${at} ${types[affinity]}`);
  return { name, sql: `CREATE TABLE ${name}(${columns.join(", ")})`, image };
}

Deno.test("databaseImage: an empty table, and a schema that needs many pages", () => {
  using one = opened([table("t0", ["none"])]);
  assertEquals(rowsOf(one, "SELECT count(*) FROM t0"), [[0n]]);
  const wide = Array.from({ length: 300 }, () => "integer" as const);
  const row = { count: 1, columns: wide.map((_, at): Vector => ({ kind: "constant", value: BigInt(at) })) };
  using many = opened(Array.from({ length: 40 }, (_, at) => table(`t${at}`, wide, row)));
  assertEquals(rowsOf(many, "SELECT c299 + c7, (SELECT count(*) FROM sqlite_schema) FROM t39"), [[306n, 40n]]);
});

Deno.test("databaseImage: texts of all lengths around those of pages", () => {
  const lengths = [
    0,
    1,
    57,
    58,
    63,
    64,
    8100,
    8150,
    ...Array.from({ length: 60 }, (_, at) => PAGE - 70 + at),
    2 * PAGE,
    1e6,
  ];
  const texts = lengths.map((length) => "é" + "x".repeat(length));
  using db = opened([table("t0", ["integer", "text"], {
    count: texts.length,
    columns: [
      { kind: "number", type: "integer", data: Float64Array.from(lengths) },
      { kind: "text", codes: Int32Array.from(lengths.keys()), words: texts },
    ],
  })]);
  assertEquals(rowsOf(db, "SELECT * FROM t0 ORDER BY rowid"), lengths.map((length, at) => [BigInt(length), texts[at]]));
});

Deno.test("databaseImage: hundreds of thousands of rows, over pages that stand above pages", () => {
  const count = 300_000;
  const numbers = Float64Array.from({ length: count }, (_, at) => at * 7919 % 100_003 - 50_000);
  const columns: Vector[] = [
    { kind: "number", type: "integer", data: numbers },
    { kind: "constant", value: "a text of some length, so that there are many pages" },
  ];
  using db = opened([table("t0", ["integer", "text"], { count, columns }), table("t1", ["none"])]);
  const sum = numbers.reduce((sum, number) => sum + number, 0);
  assertEquals(rowsOf(db, "SELECT count(*), sum(c0), max(rowid) FROM t0"), [[
    BigInt(count),
    BigInt(sum),
    BigInt(count),
  ]]);
  assertEquals(rowsOf(db, "SELECT c0 FROM t0 WHERE rowid = 123457"), [[BigInt(numbers[123_456])]]);
});

const VALUES: readonly Value[] = [
  ...[null, 0n, 1n, -1n, 127n, 128n, -128n, -129n, 32767n, 32768n, -32769n, 8388607n, 8388608n, -8388609n],
  ...[2147483647n, 2147483648n, -2147483649n, 2n ** 47n - 1n, 2n ** 47n, -(2n ** 47n) - 1n, 2n ** 53n, 2n ** 53n + 1n],
  ...[2n ** 63n - 1n, -(2n ** 63n), 0.5, -2.5, 3, 1e18, 1e19, -9007199254740992, Infinity, -Infinity, 1e-320],
  ...["", "a", "12", " 1.5 ", "1e3", "x\0y", "9223372036854775808", "inf", "é€😀"],
  ...[new Uint8Array(0), Uint8Array.of(0, 255)],
];

Deno.test("TableImage: values are kept as an INSERT into a column of that type keeps them", () => {
  for (const affinity of ["text", "integer", "real", "numeric", "none"] as const) {
    const { name: _, sql, image } = table("t0", [affinity], {
      count: VALUES.length,
      columns: [{ kind: "any", values: VALUES }],
    });
    using db = opened([{ name: "t0", sql, image }]);
    db.exec(sql.replace("t0", "t1"));
    const insert = db.prepare("INSERT INTO t1 VALUES (?)");
    VALUES.forEach((value) => insert.run(value));
    const found = rowsOf(db, "SELECT typeof(c0), quote(c0), hex(c0) FROM t0");
    const expected = rowsOf(db, "SELECT typeof(c0), quote(c0), hex(c0) FROM t1");
    VALUES.forEach((value, at) => assertEquals(found[at], expected[at], `${affinity}: ${value}`));
    assertEquals(image.hasNul, true);
  }
});

Deno.test("TableImage: vectors of numbers in columns of all types", () => {
  const numbers = [0, 1, -1, 127, -129, 2 ** 15, -(2 ** 23), 2 ** 31, 2 ** 47, -(2 ** 47) - 1, 2 ** 53 - 1, NaN];
  const reals = [...numbers, 0.5, 1e300, 2 ** 53, -(2 ** 53), 2 ** 63, -(2 ** 63), Infinity, -0.5];
  const values = {
    integer: numbers.map((number) => Number.isNaN(number) ? null : BigInt(number)),
    real: reals.map((number) => Number.isNaN(number) ? null : number),
    numeric: reals.map((number) =>
      Number.isNaN(number) ? null : Number.isSafeInteger(number) ? BigInt(number) : number
    ),
  };
  for (const affinity of ["text", "integer", "real", "numeric", "none"] as const) {
    for (const type of ["integer", "real", "numeric"] as const) {
      const count = values[type].length;
      const data = Float64Array.from(type === "integer" ? numbers : reals);
      const one = table("t0", [affinity], { count, columns: [{ kind: "number", type, data }] });
      using db = opened([one]);
      db.exec(one.sql.replace("t0", "t1"));
      const insert = db.prepare("INSERT INTO t1 VALUES (?)");
      values[type].forEach((value) => insert.run(value));
      const [found, expected] = ["t0", "t1"].map((name) => rowsOf(db, `SELECT typeof(c0), quote(c0) FROM ${name}`));
      assertEquals(found, expected, `${type} in ${affinity}`);
    }
  }
});
