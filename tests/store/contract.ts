import { DamageError, NotFoundError, UsageError } from "../../lib/base/errors.ts";
import type { Store } from "../../lib/store/store.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const textOf = (data: Uint8Array): string => new TextDecoder().decode(data);

async function names(store: Store, folder: string): Promise<string[]> {
  return (await Array.fromAsync(store.list(folder))).map((entry) => `${entry.kind}:${entry.name}`).sort();
}

/** What every store must do. `open` gives a fresh, empty one. */
export function testStore(name: string, open: () => Promise<Store & AsyncDisposable>): void {
  const test = (what: string, run: (store: Store) => Promise<void>) =>
    Deno.test(`${name}: ${what}`, async () => {
      await using store = await open();
      await run(store);
    });

  test("create, read, stat, list, remove", async (store) => {
    assertEquals(await names(store, ""), []);
    await store.create("a/b/c.json", bytes("hello"));
    await store.create("top", bytes(""));
    assertEquals(await names(store, ""), ["file:top", "folder:a"]);
    assertEquals(await names(store, "a/b"), ["file:c.json"]);
    assertEquals(await names(store, "none"), []);
    assertEquals(textOf(await store.read("a/b/c.json")), "hello");
    assertEquals(textOf(await store.read("a/b/c.json", { offset: 1, length: 3 })), "ell");
    assertEquals(textOf(await store.read("a/b/c.json", { offset: 3, length: 99 })), "lo");
    assertEquals((await store.read("a/b/c.json", { offset: 99 })).length, 0);
    assertEquals((await store.stat("a/b/c.json"))?.size, 5);
    assertEquals((await store.stat("a/b"))?.kind, "folder");
    assertEquals(await store.stat("a/none"), undefined);
    assertEquals(await new Response(await store.stream("a/b/c.json", { offset: 2 })).text(), "llo");
    await store.remove("a/b/c.json");
    await store.remove("a/b/c.json");
    assertEquals(await store.stat("a/b/c.json"), undefined);
    await assertRejects(() => store.read("a/b/c.json"), NotFoundError, "a/b/c.json");
  });

  test("create takes a stream, and never replaces", async (store) => {
    await store.create("s", new Blob([bytes("ab"), bytes("cd")]).stream());
    assertEquals(textOf(await store.read("s")), "abcd");
    await assertRejects(() => store.create("s", bytes("other")), Deno.errors.AlreadyExists);
    assertEquals(textOf(await store.read("s")), "abcd");
    const race = await Promise.allSettled(Array.from({ length: 8 }, (_, at) => store.create("race", bytes(`w${at}`))));
    assertEquals(race.filter((one) => one.status === "fulfilled").length, 1);
    assertEquals(await names(store, ""), ["file:race", "file:s"]);
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
    await assertRejects(() => store.create("x/y", failing), Error, "cut");
    assertEquals(await store.stat("x/y"), undefined);
    assertEquals(await names(store, "x"), []);
  });

  test("append is at exactly the offset", async (store) => {
    await store.append("l/log", 0, bytes("one\n"));
    await store.append("l/log", 4, bytes("two\n"));
    await assertRejects(() => store.append("l/log", 4, bytes("x")), DamageError);
    await assertRejects(() => store.append("l/log", 0, bytes("x")), DamageError);
    assertEquals(textOf(await store.read("l/log")), "one\ntwo\n");
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
    await store.create("größe/日本語/🚀 x.json", bytes("ü"));
    assertEquals(await names(store, "größe/日本語"), ["file:🚀 x.json"]);
    assert(textOf(await store.read("größe/日本語/🚀 x.json")) === "ü");
  });
}
