import { despiteDamage } from "../../lib/index/despite_damage.ts";
import { LogIndex } from "../../lib/index/log_index.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { Random } from "../format/random.ts";
import { randomLines } from "../query/random_repository.ts";
import { dumpOf } from "./columns_dump.ts";

interface Place {
  readonly path: string;
  readonly names: readonly string[];
}

function logsOf({ path, names }: Place) {
  return names.flatMap((name) => {
    try {
      const { size, mtime, ctime } = Deno.statSync(`${path}/${name}`);
      const modifiedAt = mtime!.getTime() + ctime!.getTime();
      return [{ path: name, version: 1 as const, size, modifiedAt, points: true }];
    } catch {
      return [];
    }
  });
}

function makeLogs(path: string): Place {
  const names = ["a.jsonl", "b.jsonl", "c.jsonl"];
  for (const name of names) Deno.writeTextFileSync(`${path}/${name}`, randomLines(new Random(5), 60).join(""));
  return { path, names };
}

/** Reads all that the logs say by an index that is opened for that. */
async function look(place: Place, isEager = false): Promise<{ dump: string; read: number }> {
  const index = new LogIndex(new LocalStore(place.path), { folder: `${place.path}/index` });
  if (isEager) index.worthWriting = { bytes: 0, logs: 1 };
  let read = 0;
  return await despiteDamage([index], async () => {
    await index.update(logsOf(place));
    read += index.bytesRead;
    return { dump: place.names.map((name) => dumpOf(index, name)).join("\n\n"), read };
  });
}

const filesOf = ({ path }: Place) =>
  [...Deno.readDirSync(`${path}/index`)].filter(({ name }) => name !== "lock").map(({ name }) =>
    `${path}/index/${name}`
  );

/** Damages files of an index, each in several ways, and looks whether it answers, and is whole again after that. */
async function damage(ways: (bytes: Uint8Array, random: Random) => Iterable<(file: string) => void>): Promise<void> {
  await using folder = await scratch();
  const place = makeLogs(folder.path);
  const { dump } = await look(place, true);
  const saved = filesOf(place).map((file) => [file, Deno.readFileSync(file)] as const);
  assertEquals(saved.length, 2);
  const random = new Random(7);
  for (const [file, bytes] of saved) {
    for (const damageFile of ways(bytes, random)) {
      for (const other of filesOf(place)) Deno.removeSync(other, { recursive: true });
      for (const [other, whole] of saved) Deno.writeFileSync(other, whole);
      damageFile(file);
      assertEquals((await look(place)).dump, dump);
      // Whatever was noticed has been made anew.
      const again = await look(place);
      assertEquals([again.dump, again.read], [dump, 0]);
    }
  }
}

Deno.test("LogIndex: any bit that flips in a file of the index is noticed or means nothing [slow]", async () => {
  await damage(function* (bytes, random) {
    const step = Math.ceil(bytes.length / 600);
    for (let at = 0; at < bytes.length; at += step) {
      const place = Math.min(bytes.length - 1, at + random.below(step));
      yield (file) => {
        const damaged = bytes.slice();
        damaged[place] ^= 1 << random.below(8);
        Deno.writeFileSync(file, damaged);
      };
    }
  });
});

Deno.test("LogIndex: a file of the index that is cut, empty, gone, a folder or not ours heals", async () => {
  await damage(function* (bytes, random) {
    for (let i = 0; i < 12; i++) {
      yield (file) => Deno.writeFileSync(file, bytes.subarray(0, random.below(bytes.length)));
    }
    yield (file) => Deno.writeFileSync(file, new Uint8Array());
    yield (file) => Deno.removeSync(file);
    yield (file) => {
      Deno.removeSync(file);
      Deno.mkdirSync(file);
    };
    yield (file) => Deno.writeFileSync(file, new Uint8Array(50_000));
    yield (file) => Deno.writeTextFileSync(file, '{"version":2,"packs":["../../x"],"check":0}');
  });
});

Deno.test("LogIndex: a folder where the lock should be is no hindrance", async () => {
  await using folder = await scratch();
  const place = makeLogs(folder.path);
  Deno.mkdirSync(`${place.path}/index/lock`, { recursive: true });
  const { dump } = await look(place, true);
  assertEquals(await look(place), { dump, read: 0 });
});

Deno.test("LogIndex: a log that grew is compared with what was indexed in its whole length", async () => {
  await using folder = await scratch();
  const place = makeLogs(folder.path);
  const file = `${place.path}/a.jsonl`;
  const line = (value: number) => `{"event":"e","ts":1700000000000,"loss":${value}}\n`;
  Deno.writeTextFileSync(file, line(1).repeat(5000));
  await look(place, true);
  // Head, tail and length are as before, and only one digit in the middle is not; then it grows.
  const changed = Deno.readTextFileSync(file).split("\n");
  changed[2500] = line(7).trim();
  Deno.writeTextFileSync(file, changed.join("\n") + line(2));
  const { dump } = await look(place, true);
  assert(dump.includes(" loss 2500 7\n"), "the change in the middle passed unnoticed");
  assert(dump.includes(" loss 5000 2\n") || dump.includes(" loss 5000 2"), "the new line is not there");
  // The same without growing, and its time set back to the second.
  const longer = changed.join("\n").replace('"loss":7', '"loss":8') + line(2);
  Deno.writeTextFileSync(file, longer);
  Deno.utimeSync(file, new Date(Date.now() + 5000), new Date(Date.now() + 5000));
  assert((await look(place, true)).dump.includes(" loss 2500 8\n"));
});

Deno.test("LogIndex: a log that only has another time is compared once, and not read again", async () => {
  await using folder = await scratch();
  const place = makeLogs(folder.path);
  await look(place, true);
  for (const name of place.names) Deno.utimeSync(`${place.path}/${name}`, new Date(1e12), new Date(1e12));
  assertEquals((await look(place, true)).read, 0);
  const index = new LogIndex(new LocalStore(place.path), { folder: `${place.path}/index` });
  await index.update(logsOf(place));
  assertEquals([index.bytesWritten, index.bytesRead], [0, 0]);
});

Deno.test("LogIndex: a log that is removed between the listing and the reading is as if it were not there", async () => {
  await using folder = await scratch();
  const place = makeLogs(folder.path);
  const index = new LogIndex(new LocalStore(place.path), { folder: `${place.path}/index` });
  const listed = logsOf(place);
  Deno.removeSync(`${place.path}/a.jsonl`);
  for (const worthWriting of [{ bytes: 1e9, logs: 1e9 }, { bytes: 0, logs: 1 }]) {
    index.worthWriting = worthWriting;
    await index.update(listed);
    assertEquals(index.parts("a.jsonl"), []);
    assertEquals(index.parts("b.jsonl")?.length, 1);
  }
  // One that was indexed, and has grown before it was removed.
  const grown = listed.map((log) => ({ ...log, size: log.size + 1 }));
  Deno.removeSync(`${place.path}/b.jsonl`);
  await index.update(grown);
  assertEquals(index.parts("c.jsonl")?.length, 2);
});
