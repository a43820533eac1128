import { LogIndex } from "../../../lib/index/log_index.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { assert, assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { Random, testSeed } from "../../format/random.ts";
import { randomLines } from "../../query/random_repository.ts";

/** Logs in a folder, and an index of them that writes whatever is new. */
function opened(path: string, count: number) {
  const names = Array.from({ length: count }, (_, at) => `log${at}.jsonl`);
  const list = () =>
    names.flatMap((name) => {
      try {
        const { size, mtime } = Deno.statSync(`${path}/${name}`);
        return [{ path: name, version: 1 as const, size, modifiedAt: mtime!.getTime(), points: true }];
      } catch {
        return [];
      }
    });
  const open = () => {
    const index = new LogIndex(new LocalStore(path), { folder: `${path}/index` });
    index.worthWriting = { bytes: 0, logs: 1 };
    return index;
  };
  return { names, list, open };
}

Deno.test("LogIndex: many small updates write in proportion to what is new [slow]", async () => {
  await using folder = await scratch();
  const path = folder.path;
  const { names, list, open } = opened(path, 210);
  const line = (step: number) => {
    const values = Array.from({ length: 20 }, (_, at) => [`metric${at}`, step * at / 7]);
    return JSON.stringify({ event: `train/step/${step}`, ts: 1e12 + step, ...Object.fromEntries(values) }) + "\n";
  };
  for (const name of names) Deno.writeTextFileSync(`${path}/${name}`, line(0).repeat(400));
  const index = open();
  await index.update(list());
  const first = index.bytesWritten;
  const updates = 60;
  for (let step = 1; step <= updates; step++) {
    for (const name of names) Deno.writeTextFileSync(`${path}/${name}`, line(step), { append: true });
    await index.update(list());
  }
  const news = (210 * 20 * 8 + 210 * 20 * 150) * updates;
  const written = index.bytesWritten - first;
  assert(written < news * 6, `${written} bytes for ${news} of news after ${first}`);
  // As much as there is on the disk, the directories too.
  const packs = [...Deno.readDirSync(`${path}/index`)].filter(({ name }) => name.endsWith(".pack"));
  const kept = packs.reduce((sum, { name }) => sum + Deno.statSync(`${path}/index/${name}`).size, 0);
  assertEquals(index.bytesKept, kept);
  // Parts that were put together hold what one reading gives.
  const { differ, behind } = await open().verify(list());
  assertEquals([differ, behind], [[], []]);
});

Deno.test("LogIndex: merged packs give what one reading of each log gives", async () => {
  const seed = testSeed();
  const random = new Random(seed);
  await using folder = await scratch();
  const path = folder.path;
  const { names, list, open } = opened(path, 7);
  const index = open();
  for (let round = 0; round < 40; round++) {
    for (const name of names) {
      const what = random.below(20);
      const text = randomLines(random, random.below(30)).join("") + (what < 4 ? "no event\n" : "");
      if (what === 19) await Deno.remove(`${path}/${name}`).catch(() => {});
      else if (what === 18) Deno.writeTextFileSync(`${path}/${name}`, text);
      else if (what > 6) Deno.writeTextFileSync(`${path}/${name}`, text, { append: true });
    }
    await index.update(list());
  }
  const whole = new LogIndex(new LocalStore(path));
  await whole.update(list());
  for (const { path: log } of list()) {
    const [merged, read] = [index, whole].map((of) => of.parts(log)!);
    const places = (refs: typeof merged) => refs.map(({ pack, part }) => pack.directory.parts.to[part]).at(-1);
    assertEquals(places(merged), places(read), `seed ${seed}, ${log}`);
    assert(merged.length < 12, `${merged.length} parts`);
    const problems = (refs: typeof merged) =>
      refs.flatMap(({ pack, part }) =>
        pack.directory.problems.filter(([of]) => of === part).map(([, line, offset, message]) => [
          line + pack.directory.parts.firstLine[part],
          offset + pack.directory.parts.from[part],
          message,
        ])
      );
    assertEquals(problems(merged), problems(read), `seed ${seed}, ${log}`);
  }
  assertEquals(await open().verify(list()), { differ: [], behind: [] }, `seed ${seed}`);
});
