// Every column of experiments, asked for in every way, means the same.
import { openRepository } from "../../lib/client/location/open_repository.ts";
import { decodeValue } from "../../lib/format/json/value.ts";
import type { ListRequest } from "../../lib/query/list/list.ts";
import type { Shorthand } from "../../lib/query/list/shorthand.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../assert.ts";
import { dbx } from "../e2e/dbx.ts";
import { serve } from "../server/world.ts";
import { AMBIGUOUS_COLUMN, COLUMNS, IDS, meaningWorld, RUNS } from "./one_meaning_world.ts";

type Asked = Awaited<ReturnType<typeof openRepository>>;

/** Does something with the repository in its folder, and behind a server. */
async function both(act: (repository: Asked, location: string) => Promise<void>): Promise<void> {
  await using world = await meaningWorld();
  await using server = await serve({ path: world.path });
  for (const location of [world.path, server.url]) await act(await openRepository(location), location);
}

const NAMES = COLUMNS.map(([short]) => short);

/** What ways of asking may write differently: JSON as text, whole numbers, NaN and what is not there. */
function plain(value: unknown): unknown {
  if (value === undefined || value === null || Number.isNaN(value)) return null;
  if (typeof value === "bigint") return Number(value);
  return typeof value === "object" ? JSON.stringify(value) : value;
}

const EXPECTED = IDS.map((_, row) => COLUMNS.map(([, , values]) => plain(values[row])));

async function rowsOf(answer: AsyncIterable<readonly unknown[]> & Disposable): Promise<unknown[][]> {
  using found = answer;
  return (await Array.fromAsync(found)).map((row) => row.map(plain));
}

/** Compares column by column, so that the message names it. */
function assertTable(found: readonly (readonly unknown[])[], way: string): void {
  COLUMNS.forEach(([name], at) =>
    assertEquals(found.map((row) => row[at]), EXPECTED.map((row) => row[at]), `${way}: ${name}`)
  );
}

Deno.test("one meaning of a column: lists, questions, SQL, ls and query", async () => {
  await both(async (repository, location) => {
    const list = await repository.list({ cols: NAMES, sort: "id" });
    assertTable(list.rows.map((row) => row.map(plain)), "list");
    assertTable(await rowsOf(await repository.query({ cols: NAMES, sort: "id" })), "query");
    const sql = `SELECT ${COLUMNS.map(([, full]) => full).join(", ")} FROM experiments ORDER BY id`;
    assertTable(await rowsOf(await repository.query(sql)), "SQL");
    for (const command of ["ls", "query"]) {
      const ended = await dbx([command, "-R", location, "--cols", NAMES.join(","), "--sort", "id", "--json"]);
      assertEquals([ended.code, ended.stderr], [0, ""]);
      const objects = JSON.parse(ended.stdout) as Record<string, never>[];
      assertTable(objects.map((row) => NAMES.map((name) => plain(decodeValue(row[name])))), command);
    }
  });
});

Deno.test("one meaning of a column: NaN is shown, what is not there is not", async () => {
  await both(async (repository) => {
    const statistics = COLUMNS.filter(([name]) => name.endsWith(":loss"));
    const cols = statistics.map(([name]) => name);
    const list = await repository.list({ cols, sort: "id" });
    using answer = await repository.query({ cols, sort: "id" });
    assertEquals(answer.columns, cols);
    const asked = await Array.fromAsync(answer);
    statistics.forEach(([name, , values], at) => {
      assertEquals(list.rows.map((row) => row[at]), [...values], name);
      assertEquals(asked.map((row) => row[at] ?? undefined), [...values], name);
    });
    const curves = await repository.series({ series: "train/epoch/*:score", groupBy: ["last:loss", "last:deep.er"] });
    assertEquals(curves.map(({ labels }) => [labels["last:loss"], labels["last:deep.er"]]), [[0.5, null]]);
    const [, other] = await repository.series({ series: "loss", where: `"count:loss" > 1`, groupBy: ["last:loss"] });
    assertEquals(other.labels["last:loss"], NaN);
  });
});

/** A column as it stands in a condition. */
function inCondition(name: string): string {
  return name.includes(":") ? `"${name}"` : name;
}

function literalOf(value: unknown): string {
  if (value === Infinity) return "9e999";
  return typeof value === "string" ? `'${value}'` : String(value);
}

Deno.test("one meaning of a column: conditions", async () => {
  await both(async (repository) => {
    const idsWhere = async (where: string) => {
      const list = await repository.list({ where, cols: ["id"], sort: "id" });
      const asked = await rowsOf(await repository.query({ where, cols: ["id"], sort: "id" }));
      const ids = list.rows.map(([id]) => id);
      assertEquals(asked.map(([id]) => id), ids, where);
      return ids;
    };
    for (const [at, [name]] of COLUMNS.entries()) {
      const values = EXPECTED.map((row) => row[at]);
      const ids = (value: unknown) => IDS.filter((_, row) => values[row] === value);
      for (const value of new Set(values)) {
        const test = value === null ? "IS NULL" : `= ${literalOf(value)}`;
        assertEquals(await idsWhere(`${inCondition(name)} ${test}`), ids(value), name);
      }
    }
    assertEquals(await idsWhere(`tags = "best"`), [IDS[0], IDS[2]]);
    assertEquals(await idsWhere(`min:loss < 1 and last:loss = 0.5`), [IDS[0]]);
    assertEquals(await idsWhere(`created >= '2026-02-01' and created < '2026-04-01'`), [IDS[1], IDS[2]]);
    assertEquals(await idsWhere(`duration > '1m'`), [IDS[0]]);
    assertEquals(await idsWhere(`age > '1d' and kind = "train"`), [IDS[0], IDS[1], IDS[3]]);
  });
});

Deno.test("one meaning of a column: filters, of lists, questions and curves", async () => {
  const filters: readonly (readonly [Pick<ListRequest, "kind" | "name" | "tags" | "status" | "since">, string[]])[] = [
    [{ kind: "train" }, [IDS[0], IDS[1], IDS[3]]],
    [{ name: "mn*" }, [IDS[0], IDS[1]]],
    [{ tags: ["best", "x"] }, [IDS[0]]],
    [{ status: "failed" }, [IDS[0]]],
    [{ status: "unknown" }, [IDS[2], IDS[3]]],
    [{ since: "2026-02-01" }, [IDS[1], IDS[2], IDS[3]]],
  ];
  await both(async (repository) => {
    for (const [filter, ids] of filters) {
      assertEquals((await repository.list({ ...filter, cols: ["id"], sort: "id" })).rows.flat(), ids);
      assertEquals((await rowsOf(await repository.query({ ...filter, cols: ["id"], sort: "id" }))).flat(), ids);
      const drawn = new Set((await repository.series({ series: "loss", ...filter })).map(({ labels }) => labels.exp));
      // The third has no points.
      assertEquals([...drawn].sort(), ids.filter((id) => id !== IDS[2]));
    }
  });
});

Deno.test("one meaning of a column: orders, what has no value last", async () => {
  await both(async (repository) => {
    for (const [at, [name]] of COLUMNS.entries()) {
      for (const sort of [name, `-${name}`]) {
        const sign = sort === name ? 1 : -1;
        const ids = (await repository.list({ cols: ["id"], sort })).rows.map(([id]) => id as string);
        assertEquals((await rowsOf(await repository.query({ cols: ["id"], sort }))).flat(), ids);
        const expected = IDS.map((id, row) => ({ id, value: EXPECTED[row][at] }))
          .sort((a, b) => orderOf(a.value, b.value, sign) || (a.id < b.id ? -1 : 1));
        assertEquals(ids, expected.map(({ id }) => id), sort);
      }
    }
  });
});

/** Numbers, then texts, then nothing, which is last either way. */
function orderOf(a: unknown, b: unknown, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a !== typeof b) return typeof a === "number" ? -sign : sign;
  return a === b ? 0 : (a as number) < (b as number) ? -sign : sign;
}

Deno.test("one meaning of a column: curves by condition and by group", async () => {
  await both(async (repository) => {
    for (const [at, [name]] of COLUMNS.entries()) {
      const curves = await repository.series({
        series: "train/epoch/*:loss",
        groupBy: [name],
        aggregates: ["count"],
        where: `params.lr = 0.1 or "count:loss" = 2`,
      });
      const keys = (values: Iterable<unknown>) => [...values].map((value) => `${typeof value} ${value}`).sort();
      assertEquals(
        keys(curves.map(({ labels }) => plain(labels[name]))),
        keys(new Set([EXPECTED[0][at], EXPECTED[1][at]])),
        name,
      );
    }
  });
});

Deno.test("one meaning of a column: a name that several series have", async () => {
  const [name, series] = AMBIGUOUS_COLUMN;
  await both(async (repository, location) => {
    const ways: readonly (() => Promise<unknown>)[] = [
      () => repository.list({ cols: [name] }),
      () => repository.list({ cols: ["id"], sort: name }),
      () => repository.list({ cols: ["id"], where: `${name} < 1` }),
      () => repository.query({ cols: [name] } satisfies Shorthand).then(rowsOf),
      () => repository.query(`SELECT "${name}" FROM experiments`).then(rowsOf),
      () => repository.query({ cols: ["id"], where: `${name} < 1` }).then(rowsOf),
      () => repository.series({ series: "loss", where: `${name} < 1` }),
      () => repository.series({ series: "loss", groupBy: [name] }),
    ];
    for (const way of ways) await assertRejects(way, Error, `"score" means: there are ${series}; give the whole name`);
    const { stderr, code } = await dbx(["ls", "-R", location, "--cols", name]);
    assertStringIncludes(stderr, series);
    assertEquals(code, 2);
    // Where the experiments that are meant have one of them at most, nothing is ambiguous.
    assertEquals((await repository.list({ cols: [name], where: "params.lr = 'auto'" })).rows, [[undefined]]);
  });
});

Deno.test("one meaning of a column: of one run alone", async () => {
  await both(async (repository) => {
    for (const [run, values] of RUNS) {
      const cols = Object.keys(values);
      const expected = Object.values(values).map(plain);
      assertEquals((await repository.list({ run, cols })).rows.map((row) => row.map(plain)), [expected], run);
      assertEquals(await rowsOf(await repository.query({ run, cols })), [expected], run);
      const [curve, ...rest] = await repository.series({
        run,
        series: "loss",
        groupBy: cols.filter((it) => it !== "min:score"),
      });
      assert(rest.length === 0);
      for (const [name, value] of Object.entries(curve.labels)) {
        if (name !== "series") assertEquals(plain(value), plain(values[name]), `${run}: ${name}`);
      }
    }
    await assertRejects(() => repository.list({ run: "zzz" }), Error, "zzz");
    await assertRejects(() => repository.series({ series: "loss", run: "zzz" }), Error, "zzz");
  });
});
