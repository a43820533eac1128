import { AlreadyExistsError, DamageError, DbxError, NotFoundError, UsageError } from "../../base/errors.ts";
import { decode, encode, expectEqual, expectError } from "./expect.ts";
import { entriesIn, EXPERIMENT, LOG, META, type Obligation, RUN } from "./obligation.ts";

/** The obligations of the methods for single files. */
export const FILE_OBLIGATIONS: readonly Obligation[] = [
  {
    title: "create, read, stat, list, remove",
    async run(store) {
      expectEqual(await entriesIn(store, ""), [], "an empty store");
      await store.create(META, encode("hello"));
      await store.create("b/0000000000two/meta.json", encode(""));
      expectEqual(await entriesIn(store, ""), ["folder:a", "folder:b"], "the top");
      expectEqual(await entriesIn(store, EXPERIMENT), ["file:meta.json"], "a folder");
      expectEqual(await entriesIn(store, "none"), [], "a folder that is not there");
      expectEqual(decode(await store.read(META)), "hello", "a file");
      expectEqual(decode(await store.read(META, { offset: 1, length: 3 })), "ell", "a part");
      expectEqual(decode(await store.read(META, { offset: 3, length: 99 })), "lo", "more than there is");
      expectEqual((await store.read(META, { offset: 99 })).length, 0, "bytes behind the end");
      expectEqual((await store.read(META, { length: 0 })).length, 0, "no bytes");
      expectEqual((await store.stat(META))?.size, 5, "the size of a file");
      expectEqual((await store.stat(EXPERIMENT))?.kind, "folder", "the kind of a folder");
      expectEqual(await store.stat("a/none"), undefined, "what is not there");
      expectEqual(await new Response(await store.stream(META, { offset: 2 })).text(), "llo", "a stream");
      if (!store.capabilities.remove) {
        return await expectError(() => store.remove(META), DbxError, "remove where that is not allowed");
      }
      await store.remove(META);
      await store.remove(META);
      expectEqual(await store.stat(META), undefined, "a file that was removed");
      await expectError(() => store.read(META), NotFoundError, "read of it");
    },
  },
  {
    title: "create takes a stream, and never replaces",
    async run(store) {
      await store.create(META, new Blob([encode("ab"), encode("cd")]).stream());
      expectEqual(decode(await store.read(META)), "abcd", "a file from a stream");
      await expectError(
        () => store.create(META, encode("other")),
        AlreadyExistsError,
        "create of a name that is taken",
      );
      expectEqual(decode(await store.read(META)), "abcd", "the file that was there");
      const name = `${RUN}/meta.json`;
      const race = await Promise.allSettled(Array.from({ length: 8 }, (_, at) => store.create(name, encode(`w${at}`))));
      expectEqual(race.filter(({ status }) => status === "fulfilled").length, 1, "winners of a race");
      expectEqual(await entriesIn(store, RUN), ["file:meta.json"], "what is left of a race");
    },
  },
  {
    title: "create leaves nothing behind when its stream fails",
    async run(store) {
      const failing = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(encode("half")),
        pull: (controller) => controller.error(new Error("cut")),
      });
      await expectError(() => store.create(META, failing), Error, "a stream that fails");
      expectEqual(await store.stat(META), undefined, "its file");
      expectEqual(await entriesIn(store, EXPERIMENT), [], "its folder");
    },
  },
  {
    title: "append: a repetition changes nothing; other bytes, and a gap, are errors",
    async run(store) {
      await store.append(LOG, 0, encode("one\n"));
      await store.append(LOG, 4, encode("two\n"));
      for (const [offset, text] of [[0, "one\n"], [4, "two\n"], [0, "one\ntwo\n"], [8, ""]] as const) {
        await store.append(LOG, offset, encode(text));
      }
      expectEqual(decode(await store.read(LOG)), "one\ntwo\n", "a log after repetitions");
      for (const offset of [0, 4, 9]) {
        await expectError(() => store.append(LOG, offset, encode("x")), DamageError, `other bytes at ${offset}`);
      }
      expectEqual(decode(await store.read(LOG)), "one\ntwo\n", "a log after refusals");
      await store.append(LOG, 4, encode("two\nthree\n"));
      expectEqual(decode(await store.read(LOG)), "one\ntwo\nthree\n", "a log that overlaps");
    },
  },
  {
    title: "names that leave the store are refused by every method",
    async run(store) {
      for (const bad of ["../x", "a/../x", "/etc/passwd", "a//b", "./a", "a/.", "C:/x", "a\\b", "a\0b", "a\nb"]) {
        const calls: Readonly<Record<string, () => Promise<unknown>>> = {
          read: async () => await store.read(bad),
          stream: async () => await store.stream(bad),
          stat: async () => await store.stat(bad),
          create: async () => await store.create(bad, encode("")),
          append: async () => await store.append(bad, 0, encode("")),
          remove: async () => await store.remove(bad),
          list: async () => await Array.fromAsync(store.list(bad)),
        };
        for (const [method, call] of Object.entries(calls)) {
          await expectError(call, UsageError, `${method} of ${JSON.stringify(bad)}`);
        }
      }
    },
  },
  {
    title: "names in any script",
    async run(store) {
      const folder = "größe/日本語 % #?/0000000000exp";
      await store.create(`${folder}/🚀 x.json`, encode("ü"));
      expectEqual(await entriesIn(store, folder), ["file:🚀 x.json"], "a folder");
      expectEqual(decode(await store.read(`${folder}/🚀 x.json`)), "ü", "a file");
    },
  },
];
