import { checksum } from "../../../lib/index/encoding/encoding.ts";
import { LAID_COLUMNS } from "../../../lib/index/pack/footer_layout.ts";
import { LogIndex } from "../../../lib/index/log_index.ts";
import { DamagedPack, Pack } from "../../../lib/index/pack/pack.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { assert, assertEquals, assertThrows } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { Random } from "../../format/random.ts";
import { randomLines } from "../../query/random_repository.ts";

async function written(path: string): Promise<string> {
  Deno.writeTextFileSync(`${path}/log.jsonl`, randomLines(new Random(11), 80).join(""));
  const { size } = Deno.statSync(`${path}/log.jsonl`);
  const index = new LogIndex(new LocalStore(path), { folder: `${path}/index` });
  index.worthWriting = { bytes: 0, logs: 1 };
  await index.update([{ path: "log.jsonl", version: 1, size, modifiedAt: 1, points: true }]);
  const [pack] = [...Deno.readDirSync(`${path}/index`)].filter(({ name }) => name.endsWith(".pack"));
  return `${path}/index/${pack.name}`;
}

Deno.test("Pack: a directory read from a file says what it said in memory, column by column", async () => {
  await using folder = await scratch();
  const file = await written(folder.path);
  const read = Pack.open(file);
  const memory = new LogIndex(new LocalStore(folder.path));
  const { size } = Deno.statSync(`${folder.path}/log.jsonl`);
  await memory.update([{ path: "log.jsonl", version: 1, size, modifiedAt: 1, points: true }]);
  const [{ pack }] = memory.parts("log.jsonl")!;
  for (const { table, name } of LAID_COLUMNS) {
    const [own, other] = [read, pack].map(({ directory }) =>
      (directory[table] as unknown as Record<string, Float64Array>)[name]
    );
    assertEquals(own, other, `${table}.${name}`);
  }
  assertEquals([read.directory.strings, read.directory.problems], [pack.directory.strings, pack.directory.problems]);
});

Deno.test("Pack: a flipped bit in any column of the directory is noticed when that column is read", async () => {
  await using folder = await scratch();
  const file = await written(folder.path);
  const bytes = Deno.readFileSync(file);
  const trailer = new DataView(bytes.buffer, bytes.length - 32);
  const start = trailer.getFloat64(0, true);
  let met = 0;
  for (const [at, { table, name }] of LAID_COLUMNS.entries()) {
    const head = new Float64Array(bytes.slice(start, start + LAID_COLUMNS.length * 48).buffer);
    const [offset, , , , , check] = head.subarray(at * 6, at * 6 + 6);
    // Of columns that need no bytes there are none to damage.
    if (check === checksum(new Uint8Array())) continue;
    met++;
    const damaged = bytes.slice();
    damaged[offset] ^= 1;
    Deno.writeFileSync(file, damaged);
    const pack = Pack.open(file);
    const read = () => (pack.directory[table] as unknown as Record<string, unknown>)[name];
    assertThrows(read, DamagedPack, "damaged directory");
    assertThrows(() => pack.checkDirectory(), DamagedPack);
  }
  assert(met > 30, `only ${met} columns have bytes`);
});
