import { despiteDamage } from "../../../lib/index/despite_damage.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import { openSource } from "../../../lib/query/snapshot/source.ts";
import { assert, assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { Random } from "../../format/random.ts";
import { rowsOf, scanOf, tablesOf } from "./scan_rows.ts";
import { lineOf, smallRepository } from "./small_repository.ts";

/** The rows of all tables that read the index, from a source that is opened for that. */
async function look(path: string): Promise<Value[][]> {
  const source = await openSource(path, { folder: `${path}/.dbx/index`, name: "r" });
  source.index.worthWriting = { bytes: 0, logs: 1 };
  return await despiteDamage([source.index], async () => {
    const tables = await tablesOf([source]);
    return [
      ...await rowsOf(tables, scanOf("points", ["run", "series", "idx", "step", "ts", "value", "c0"])),
      ...await rowsOf(tables, scanOf("metrics", ["run", "series", "count", "min", "mean", "last"])),
      ...await rowsOf(tables, scanOf("events", ["run", "line", "event", "ts", "data"])),
      ...await rowsOf(tables, scanOf("experiments", ["exp", "last:val:loss"])),
    ];
  });
}

Deno.test("SnapshotTables: a damaged pack of the index is met in mid-query, and the answer is the same", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  const random = new Random(3);
  const lines = (count: number) =>
    Array.from({ length: count }, (_, at) => {
      const name = at % 3 === 0 ? `train/${at}` : "val";
      return lineOf(name, 1e12 + random.below(1e6), {
        loss: random.next(),
        ...at % 2 === 0 ? { x: random.below(9) } : {},
      });
    });
  await smallRepository(path, [
    { runs: [{ logs: { log: lines(40) } }, { logs: { log: lines(30) } }] },
    { runs: [{ logs: { log: lines(9) } }] },
  ]);
  const expected = await look(path);
  const packs = [...Deno.readDirSync(`${path}/.dbx/index`)].filter(({ name }) => name.endsWith(".pack"));
  assert(packs.length > 0, JSON.stringify([...Deno.readDirSync(`${path}/.dbx/index`)]));
  const saved = packs.map(({ name }) => Deno.readFileSync(`${path}/.dbx/index/${name}`));
  for (let turn = 0; turn < 40; turn++) {
    packs.forEach(({ name }, at) => {
      const bytes = saved[at].slice();
      bytes[random.below(bytes.length)] ^= 1 << random.below(8);
      Deno.writeFileSync(`${path}/.dbx/index/${name}`, bytes);
    });
    assertEquals(await look(path), expected, `turn ${turn}`);
  }
});
