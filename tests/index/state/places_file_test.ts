import { IndexFiles } from "../../../lib/index/state/index_files.ts";
import { KnownLogs } from "../../../lib/index/state/indexed_logs.ts";
import { dropPlaces, readPlaces, writePlaces } from "../../../lib/index/state/places_file.ts";
import { FileCatalogue } from "../../../lib/query/snapshot/catalogue/file_catalogue.ts";
import { ClosedPlaces } from "../../../lib/query/snapshot/closed_places.ts";
import { sourceOf } from "../../../lib/query/snapshot/source.ts";
import { takeSnapshot } from "../../../lib/query/snapshot/snapshot.ts";
import { openReader } from "../../../lib/repo/open.ts";
import { makeGrowthRepository } from "../../../scripts/bench/growth_repository.ts";
import { assert, assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const NEEDS = { status: false, runs: true, runStatus: false, logs: true, columns: true };

async function indexed(path: string) {
  const folder = `${path}/.dbx/index`;
  const catalogue = new FileCatalogue(folder, { now: () => Date.now() + 60_000 });
  const source = sourceOf(await openReader(path, { catalogue }), { folder });
  source.index.worthWriting = { bytes: 0, logs: 1 };
  const snapshot = await takeSnapshot([source], NEEDS, { now: 0 });
  catalogue.save();
  return { source, snapshot };
}

Deno.test("places: what was kept comes back for the same packs, whole, and for nothing else", async () => {
  await using folder = await scratch();
  const { path } = folder;
  makeGrowthRepository(path, { experiments: 20, events: 2, lives: true });
  await indexed(path);
  const index = `${path}/.dbx/index`;
  const { packs } = new IndexFiles(index).load();
  const known = new KnownLogs(packs);
  assertEquals(readPlaces(index, packs, known.end), undefined);
  const last = new Map([
    ["a.cat", Int32Array.from({ length: 7 }, (_, at) => at - 1)],
    ["b.cat", Int32Array.from([5, -1])],
  ]);
  writePlaces(index, packs, { before: known.before, last });
  const found = readPlaces(index, packs, known.end)!;
  assertEquals(found.last, last);
  assertEquals([...found.before], [...known.before]);
  assertEquals(readPlaces(index, [...packs, ...packs], known.end), undefined);
  assertEquals(readPlaces(index, packs, known.end + 1), undefined);
  const bytes = Deno.readFileSync(`${index}/places`);
  for (let at = 0; at < bytes.length; at++) {
    const damaged = bytes.slice();
    damaged[at] ^= 4;
    Deno.writeFileSync(`${index}/places`, damaged);
    const read = readPlaces(index, packs, known.end);
    // Bytes that say nothing may be anything.
    if (read !== undefined) assertEquals([read.last, read.before], [last, known.before]);
    if (at % 50 === 0) {
      Deno.writeFileSync(`${index}/places`, bytes.subarray(0, at));
      assertEquals(readPlaces(index, packs, known.end), undefined);
    }
  }
  dropPlaces(index);
  assertEquals(readPlaces(index, packs, known.end), undefined);
});

Deno.test("places: many closed runs are found by their numbers, and are those that their paths lead to", async () => {
  await using folder = await scratch();
  const { path } = folder;
  makeGrowthRepository(path, { experiments: 40, events: 1, lives: true, seals: true });
  for (let turn = 0; turn < 3; turn++) await indexed(path);
  const { source, snapshot } = await indexed(path);
  const places = new ClosedPlaces(source.index, 10);
  const find = () =>
    snapshot.runs.flatMap((row) => {
      const closed = row.run.closedLogs()!;
      assert(closed.numbering !== undefined);
      return closed.names.map((name, at) => {
        assertEquals(
          places.find(closed.numbering, (closed.at ?? 0) + at, () => row.run.logPath(name)),
          source.index.held.find(row.run.logPath(name)),
        );
        return closed.at! + at;
      });
    });
  // Each log has a number of its own.
  assertEquals(find().sort((a, b) => a - b), Array.from({ length: 80 }, (_, at) => at));
  places.keep();
  const again = new ClosedPlaces(source.index, 10);
  const { packs, end } = source.index.held;
  const kept = readPlaces(`${path}/.dbx/index`, packs, end)!;
  assert(kept.last.size > 0);
  for (const numbers of kept.last.values()) assert(numbers.every((number) => number >= 0));
  for (const row of snapshot.runs) {
    const closed = row.run.closedLogs()!;
    const name = closed.names[1];
    assertEquals(
      again.find(closed.numbering, (closed.at ?? 0) + 1, () => row.run.logPath(name)),
      new KnownLogs(packs, undefined, kept.before).find(row.run.logPath(name)),
    );
  }
});
