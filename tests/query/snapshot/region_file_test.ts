import { checksOf, PIECE, RegionFile } from "../../../lib/query/snapshot/catalogue/segment/region_file.ts";
import { assert, assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const PIECES = 120;

/** A file that tells how much it was read at once. */
class Watched extends RegionFile {
  readonly lengths: number[] = [];

  override raw(offset: number, length: number): Uint8Array<ArrayBuffer> {
    this.lengths.push(length);
    return super.raw(offset, length);
  }
}

Deno.test("RegionFile: readers that take turns read ahead; only what is read in any order is kept whole", async () => {
  await using folder = await scratch();
  const bytes = new Uint8Array(PIECES * PIECE);
  for (let at = 0; at < bytes.length; at += 4) bytes[at] = at / PIECE;
  await Deno.writeFile(`${folder.path}/file`, bytes);
  const region = { offset: 0, length: bytes.length, checks: checksOf(bytes) };

  const file = new Watched(`${folder.path}/file`);
  const half = bytes.length / 2;
  for (let pass = 0; pass < 6; pass++) {
    for (let at = 0; at < half; at += 1000) {
      const length = Math.min(1000, half - at);
      assertEquals(file.part(region, at, 4)[0], bytes[at]);
      assertEquals(file.part(region, half + at, length).length, length);
    }
  }
  assert(Math.max(...file.lengths) <= 8 * PIECE);
  assert(file.lengths.length <= 6 * PIECES / 4, `${file.lengths.length}`);

  const random = new Watched(`${folder.path}/file`);
  for (let at = 0; at < 5 * PIECES; at++) {
    const piece = (at * 77) % PIECES;
    assertEquals(random.part(region, piece * PIECE, 1)[0], bytes[piece * PIECE]);
  }
  assertEquals(random.lengths.filter((length) => length === bytes.length).length, 1);
  assertEquals(random.lengths.at(-1), bytes.length);
});
