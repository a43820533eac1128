import { createHash } from "node:crypto";
import { AlreadyExistsError, DamageError, DbxError, NotFoundError, UsageError } from "../../lib/base/errors.ts";
import { classifyPath } from "../../lib/format/layout/file_kind.ts";
import { inventoryMap, withBulkFallback } from "../../lib/store/bulk_fallback.ts";
import { MemoryStore } from "../../lib/store/memory_store.ts";
import { concat } from "../../lib/base/bytes.ts";
import type { Store } from "../../lib/store/store.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const textOf = (data: Uint8Array): string => new TextDecoder().decode(data);

async function names(store: Store, folder: string): Promise<string[]> {
  return (await Array.fromAsync(store.list(folder))).map((entry) => `${entry.kind}:${entry.name}`).sort();
}

/** An experiment, so that names are such as repositories have: a peer takes no others. */
const EXP = "a/0000000000exp";
const RUN = `${EXP}/runs/0000000000run`;
const META = `${EXP}/meta.json`;
const LOG = `${RUN}/log.jsonl`;

/** What a store may leave out of the contract, and why. */
export interface Exceptions {
  /** A peer lets nobody remove what it keeps. */
  readonly removesNothing?: true;
}

/** What every store must do. `open` gives a fresh, empty one. */
export function testStore(
  name: string,
  open: () => Promise<Store & AsyncDisposable>,
  exceptions: Exceptions = {},
): void {
  const test = (what: string, run: (store: Store) => Promise<void>) =>
    Deno.test(`${name}: ${what}`, async () => {
      await using store = await open();
      await run(store);
    });

  test("create, read, stat, list, remove", async (store) => {
    assertEquals(await names(store, ""), []);
    await store.create(META, bytes("hello"));
    await store.create("b/0000000000two/meta.json", bytes(""));
    assertEquals(await names(store, ""), ["folder:a", "folder:b"]);
    assertEquals(await names(store, EXP), ["file:meta.json"]);
    assertEquals(await names(store, "none"), []);
    assertEquals(textOf(await store.read(META)), "hello");
    assertEquals(textOf(await store.read(META, { offset: 1, length: 3 })), "ell");
    assertEquals(textOf(await store.read(META, { offset: 3, length: 99 })), "lo");
    assertEquals((await store.read(META, { offset: 99 })).length, 0);
    assertEquals((await store.read(META, { length: 0 })).length, 0);
    assertEquals((await store.stat(META))?.size, 5);
    assertEquals((await store.stat(EXP))?.kind, "folder");
    assertEquals(await store.stat("a/none"), undefined);
    assertEquals(await new Response(await store.stream(META, { offset: 2 })).text(), "llo");
    if (exceptions.removesNothing) {
      await assertRejects(() => store.remove(META), DbxError, "remove");
      return;
    }
    await store.remove(META);
    await store.remove(META);
    assertEquals(await store.stat(META), undefined);
    await assertRejects(() => store.read(META), NotFoundError, META);
  });

  test("create takes a stream, and never replaces [F23]", async (store) => {
    await store.create(META, new Blob([bytes("ab"), bytes("cd")]).stream());
    assertEquals(textOf(await store.read(META)), "abcd");
    await assertRejects(() => store.create(META, bytes("other")), AlreadyExistsError);
    assertEquals(textOf(await store.read(META)), "abcd");
    const one = `${RUN}/meta.json`;
    const race = await Promise.allSettled(Array.from({ length: 8 }, (_, at) => store.create(one, bytes(`w${at}`))));
    assertEquals(race.filter((one) => one.status === "fulfilled").length, 1);
    assertEquals(await names(store, RUN), ["file:meta.json"]);
  });

  test("create leaves nothing behind when its stream fails", async (store) => {
    const failing = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes("half"));
      },
      pull(controller) {
        controller.error(new Error("cut"));
      },
    });
    await assertRejects(() => store.create(META, failing), Error, "cut");
    assertEquals(await store.stat(META), undefined);
    assertEquals(await names(store, EXP), []);
  });

  test("append: a repetition changes nothing; other bytes, and a gap, are errors [S106, S107]", async (store) => {
    await store.append(LOG, 0, bytes("one\n"));
    await store.append(LOG, 4, bytes("two\n"));
    for (const [offset, text] of [[0, "one\n"], [4, "two\n"], [0, "one\ntwo\n"], [8, ""]] as const) {
      await store.append(LOG, offset, bytes(text));
    }
    assertEquals(textOf(await store.read(LOG)), "one\ntwo\n");
    for (const offset of [0, 4, 9]) await assertRejects(() => store.append(LOG, offset, bytes("x")), DamageError);
    assertEquals(textOf(await store.read(LOG)), "one\ntwo\n");
    await store.append(LOG, 4, bytes("two\nthree\n"));
    assertEquals(textOf(await store.read(LOG)), "one\ntwo\nthree\n");
  });

  test("names that leave the store are refused by every method", async (store) => {
    for (const bad of ["../x", "a/../x", "/etc/passwd", "a//b", "./a", "a/.", "C:/x", "a\\b", "a\0b", "a\nb"]) {
      for (
        const attempt of [
          () => store.read(bad),
          () => store.stream(bad),
          () => store.stat(bad),
          () => store.create(bad, bytes("")),
          () => store.append(bad, 0, bytes("")),
          () => store.remove(bad),
          () => Array.fromAsync(store.list(bad)),
        ]
      ) await assertRejects(async () => await attempt(), UsageError);
    }
  });

  test("names in any script", async (store) => {
    const folder = "größe/日本語 % #?/0000000000exp";
    await store.create(`${folder}/🚀 x.json`, bytes("ü"));
    assertEquals(await names(store, folder), ["file:🚀 x.json"]);
    assert(textOf(await store.read(`${folder}/🚀 x.json`)) === "ü");
  });

  test("in bulk: what one store gives another one takes, and both then say the same", async (store) => {
    const [source, target] = [withBulkFallback(new MemoryStore()), withBulkFallback(store)];
    const big = new Uint8Array(3_000_000).map((_, at) => at * 7);
    const hash = (data: Uint8Array) => createHash("sha256").update(data).digest("hex");
    const object = (data: Uint8Array) => `objects/${hash(data).slice(0, 2)}/${hash(data)}`;
    const line = bytes(`{"event":"x","ts":1,"text":"${"y".repeat(700_000)}"}\n`);
    const files: Record<string, Uint8Array> = {
      [META]: bytes("{}"),
      [`${RUN}/meta.json`]: bytes("{}\n"),
      [LOG]: concat([line, bytes("one\n"), line, line, bytes("torn")]),
      [`${RUN}/empty.log.jsonl`]: new Uint8Array(),
      [object(big)]: big,
      [object(bytes("small"))]: bytes("small"),
      [object(bytes("wrong")).replace(/.$/, (digit) => (digit === "0" ? "1" : "0"))]: bytes("wrong"),
    };
    for (const [name, data] of Object.entries(files)) await source.create(name, data);
    const wants = Object.keys(files).map((name) => ({ name, offset: 0 }));
    const gone = `${EXP}/runs/0000000000gon/meta.json`;
    const taken = await target.writeMany(source.readMany([...wants, { name: gone, offset: 0 }]));
    assertEquals(taken.setbacks.map(({ kind }) => kind).sort(), ["damaged", "failed"]);
    files[LOG] = files[LOG].subarray(0, -4);
    for (const name of Object.keys(files)) {
      const is = files[name].length === 5 && textOf(files[name]) === "wrong" || files[name].length === 0;
      if (is) assertEquals((await target.stat(name))?.size ?? 0, 0);
      else assertEquals(hash(await target.read(name)), hash(files[name]), name);
    }
    const seen = await inventoryMap(target);
    assertEquals(seen.get(LOG)?.size, files[LOG].length);
    assertEquals(seen.get(object(big)), { name: object(big), kind: "object", size: big.length });
    for (const { name, kind } of seen.values()) assertEquals(kind, classifyPath(name));
    const [all, some, none, over] = await target.hashPrefixes([
      { name: LOG },
      { name: LOG, length: 100 },
      { name: `${RUN}/none.log.jsonl` },
      { name: META, length: 99 },
    ]);
    assertEquals(all, { size: files[LOG].length, lastLineEnd: files[LOG].length, sha256: hash(files[LOG]) });
    assertEquals(some?.sha256, hash(files[LOG].subarray(0, 100)));
    assertEquals(none, undefined);
    assertEquals([over?.size, over?.sha256], [2, undefined]);
    // Again: nothing changes; a log goes on where it stopped.
    assertEquals((await target.writeMany(source.readMany(wants.slice(0, 6)))).setbacks, []);
    await source.append(LOG, files[LOG].length + 4, bytes(" no more\nlast\n"));
    const rest = await target.writeMany(source.readMany([{ name: LOG, offset: files[LOG].length }]));
    assertEquals([rest.files, rest.setbacks.length], [1, 0]);
    assertEquals(hash(await target.read(LOG)), hash(await source.read(LOG)));
    const odd = [{ name: LOG, offset: 5, bytes: bytes("other\n"), end: true, size: 11 }];
    const late = [{ name: LOG, offset: 99_000_000, bytes: bytes("other\n"), end: true, size: 99_000_006 }];
    const there = (await target.stat(LOG))?.size;
    for (const [part, kind, size] of [[odd, "diverged", undefined], [late, "retry", there]] as const) {
      const one = (async function* () {
        yield await Promise.resolve(part);
      })();
      assertEquals((await target.writeMany(one)).setbacks.map((setback) => [setback.kind, setback.size]), [[
        kind,
        size,
      ]]);
    }
    assertEquals(hash(await target.read(LOG)), hash(await source.read(LOG)));
  });
}
