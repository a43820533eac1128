import { createHash } from "node:crypto";
import { DbxError, NotFoundError, UsageError, VersionError } from "../../lib/base/errors.ts";
import { appendNote } from "../../lib/logger/notes.ts";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import { openReader } from "../../lib/repo/open.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { sync } from "../../lib/client/location/sync.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { Random, testSeed } from "../format/random.ts";

const seeded = new Random(testSeed());

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const MARKER = `{"dbx":1,"id":"0000000000abc","createdAt":"2026-01-01T09:00:00.000Z"}\n`;
const TIME = `"createdAt":"2026-01-01T09:00:00.000Z"`;
const EXP = "0000000000exp";
const RUN = `${EXP}/runs/0000000000run`;
const LOG = `${RUN}/log.jsonl`;

/** Two equal copies of a small repository. */
async function pair(): Promise<{ a: string; b: string; folder: string } & AsyncDisposable> {
  const folder = await scratch();
  const [a, b] = [`${folder.path}/a`, `${folder.path}/b`];
  const store = new LocalStore(a);
  await store.create("dbx.json", encode(MARKER));
  await store.create(`${EXP}/meta.json`, encode(`{"id":"${EXP}","kind":"k",${TIME}}\n`));
  await store.create(`${RUN}/meta.json`, encode(`{"id":"0000000000run",${TIME}}\n`));
  await store.append(LOG, 0, encode(`{"event":"a","ts":1}\n{"event":"b","ts":2}\n`));
  await sync(a, b);
  return { a, b, folder: folder.path, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

const write = (path: string, text: string) => Deno.writeTextFile(path, text, { append: true });
const later = (path: string) => Deno.utime(path, new Date(), new Date(Date.now() + 5000));

Deno.test("sync: of a log that diverged both are kept and named, and all else is moved [S29, S30]", async () => {
  for (
    const [ours, theirs, moment] of [["c", "d", "other"], ["c", "dd", "other"], ["long", "d", "other"], [
      "c",
      "d",
      "same",
    ]]
  ) {
    await using two = await pair();
    await write(`${two.a}/${LOG}`, `{"event":"${ours}","ts":3}\n`);
    await write(`${two.b}/${LOG}`, `{"event":"${theirs}","ts":3}\n`);
    if (moment === "other") await later(`${two.b}/${LOG}`);
    // Two writes in one moment: neither length nor time tells them apart.
    else for (const at of [two.a, two.b]) await Deno.utime(`${at}/${LOG}`, new Date(), new Date(Date.now()));
    const times = await Promise.all(
      [two.a, two.b].map(async (at) => (await Deno.stat(`${at}/${LOG}`)).mtime?.getTime()),
    );
    if (moment === "same") await Deno.utime(`${two.b}/${LOG}`, new Date(), new Date(times[0]!));
    await write(`${two.a}/${RUN}/other.log.jsonl`, `{"event":"x"}\n`);
    const before = [await Deno.readTextFile(`${two.a}/${LOG}`), await Deno.readTextFile(`${two.b}/${LOG}`)];
    for (let turn = 0; turn < 2; turn++) {
      const { setbacks } = await sync(two.a, two.b);
      assertEquals(setbacks.map(({ name, kind }) => [name, kind]), [[LOG, "diverged"]]);
      assertStringIncludes(setbacks[0].message, two.a);
      assertStringIncludes(setbacks[0].message, two.b);
    }
    const after = [await Deno.readTextFile(`${two.a}/${LOG}`), await Deno.readTextFile(`${two.b}/${LOG}`)];
    assertEquals(after, before);
    assertEquals(await Deno.readTextFile(`${two.b}/${RUN}/other.log.jsonl`), `{"event":"x"}\n`);
  }
});

Deno.test("sync: corrupt bytes are named and not spread [S39]", async () => {
  // In the beginning of a log that has grown since, in a definition, and in an object that is to be sent.
  await using two = await pair();
  const log = await Deno.readFile(`${two.a}/${LOG}`);
  log[3] ^= 1;
  await Deno.writeFile(`${two.a}/${LOG}`, log);
  await write(`${two.a}/${LOG}`, `{"event":"c"}\n`);
  const meta = await Deno.readFile(`${two.b}/${EXP}/meta.json`);
  meta[30] ^= 1;
  await Deno.writeFile(`${two.b}/${EXP}/meta.json`, meta);
  await later(`${two.b}/${EXP}/meta.json`);
  const hash = createHash("sha256").update("good").digest("hex");
  const object = `objects/${hash.slice(0, 2)}/${hash}`;
  await new LocalStore(two.a).create(object, encode("evil"));
  const { setbacks } = await sync(two.a, two.b);
  assertEquals(setbacks.map(({ name, kind }) => [name, kind]).sort(), [
    [`${EXP}/meta.json`, "diverged"],
    [LOG, "diverged"],
    [object, "damaged"],
  ]);
  assertEquals((await Deno.readTextFile(`${two.b}/${LOG}`)).length, 42);
  await assertRejects(() => Deno.stat(`${two.b}/${object}`), Deno.errors.NotFound);
  assertEquals(Array.from(Deno.readDirSync(`${two.b}/objects/${hash.slice(0, 2)}`)), []);

  // Objects of equal names are compared only when that is asked for.
  await new LocalStore(two.b).create(object, encode("good"));
  assertEquals((await sync(two.a, two.b)).setbacks.some(({ name }) => name === object), false);
  const verified = await sync(two.a, two.b, { verify: true });
  assertEquals(verified.setbacks.filter(({ name }) => name === object).map(({ kind }) => kind), ["damaged"]);
});

Deno.test("sync: a torn tail is not sent, and one in the target gives way to whole lines [S44, F38]", async () => {
  await using two = await pair();
  await write(`${two.a}/${LOG}`, `{"event":"torn`);
  assertEquals((await sync(two.a, two.b)).sent.files, 0);
  // A copy by other means took the torn tail along; its writer came back, cut it and went on.
  await write(`${two.b}/${LOG}`, `{"event":"torn`);
  await Deno.truncate(`${two.a}/${LOG}`, 42);
  await write(`${two.a}/${LOG}`, `{"event":"other"}\n`);
  assertEquals((await sync(two.a, two.b)).setbacks, []);
  assertEquals(await Deno.readTextFile(`${two.b}/${LOG}`), await Deno.readTextFile(`${two.a}/${LOG}`));
});

Deno.test("sync: times do not matter, whatever the clocks say", async () => {
  await using two = await pair();
  for (const year of [1971, 1999, 2090]) {
    await Deno.utime(`${two.b}/${LOG}`, new Date(year, 1), new Date(year, 1));
    await write(`${two.a}/${LOG}`, `{"event":"y${year}"}\n`);
    const { sent, received, setbacks } = await sync(two.a, two.b);
    assertEquals([sent.files, received.files, setbacks], [1, 0, []]);
  }
  // Equal contents of other times: compared, given one time, and not compared again.
  await Deno.utime(`${two.b}/${LOG}`, new Date(1980, 1), new Date(1980, 1));
  assertEquals((await sync(two.a, two.b)).sent.files, 0);
  const times = await Promise.all([two.a, two.b].map(async (at) => (await Deno.stat(`${at}/${LOG}`)).mtime?.getTime()));
  assertEquals(times[0], times[1]);
});

Deno.test("sync: a file where a folder should be, a link, a folder where a file should be [S20]", async () => {
  await using two = await pair();
  const store = new LocalStore(two.a);
  for (const exp of ["0000000000one", "0000000000two", "0000000000tri", "0000000000ok0"]) {
    await store.create(`${exp}/meta.json`, encode(`{"id":"${exp}",${TIME}}`));
    await store.append(`${exp}/runs/0000000000run/log.jsonl`, 0, encode(`{"event":"x"}\n`));
  }
  await Deno.writeTextFile(`${two.b}/0000000000one`, "a file");
  await Deno.mkdir(`${two.folder}/outside`);
  await Deno.symlink(`${two.folder}/outside`, `${two.b}/0000000000two`);
  await Deno.mkdir(`${two.b}/0000000000tri/runs/0000000000run/log.jsonl`, { recursive: true });
  const { setbacks } = await sync(two.a, two.b, { direction: "push" });
  const named = [...new Set(setbacks.map(({ name }) => name.split("/")[0]))].sort();
  assertEquals(named, ["0000000000one", "0000000000tri", "0000000000two"]);
  assertEquals(Array.from(Deno.readDirSync(`${two.folder}/outside`)), []);
  assertEquals(await Deno.readTextFile(`${two.b}/0000000000ok0/runs/0000000000run/log.jsonl`), `{"event":"x"}\n`);
  assertEquals(await Deno.readTextFile(`${two.b}/0000000000one`), "a file");
});

Deno.test("sync: names in any script, with spaces, and that differ in case only", async () => {
  await using two = await pair();
  const store = new LocalStore(two.a);
  const names = ["größe/日本 語/🚀", "Abc", "abc", 'a\'b "c" $d', "percent%20#?&", "n\u0303", "\u00f1"];
  for (const [at, name] of names.entries()) {
    const exp = `${name}/00000000000${10 + at}`;
    await store.create(
      `${exp}/meta.json`,
      encode(`{"id":"00000000000${10 + at}","name":${JSON.stringify(name)},${TIME}}`),
    );
  }
  assertEquals((await sync(two.a, two.b)).sent.experiments, names.length);
  const found = (await Array.fromAsync((await openReader(two.b)).experiments())).map(({ name }) => name).sort();
  assertEquals(found, [...names, ""].sort());
});

Deno.test("sync: what is no repository, of another version, or read-only [S23, S24]", async () => {
  await using two = await pair();
  await assertRejects(() => sync(`${two.folder}/none`, two.b), NotFoundError, "none");
  await assertRejects(() => sync(`${two.folder}/none`, `${two.folder}/neither`), NotFoundError);
  await Deno.mkdir(`${two.folder}/new`);
  await Deno.writeTextFile(`${two.folder}/new/dbx.json`, `{"dbx":2,"id":"0000000000abc"}`);
  await assertRejects(() => sync(two.a, `${two.folder}/new`), VersionError, "get a newer dbx");
  await write(`${two.a}/${LOG}`, `{"event":"c"}\n`);
  const closed = new LocalStore(two.b, { readOnly: true });
  await assertRejects(() => sync(two.a, closed), DbxError, "read-only");
  // Nothing to do is no reason to write.
  await sync(two.a, two.b);
  assertEquals((await sync(two.a, closed)).setbacks, []);
  // A v0 repository cannot hold v1 experiments.
  await Deno.mkdir(`${two.folder}/old/0000000000old`, { recursive: true });
  await Deno.writeTextFile(`${two.folder}/old/0000000000old/meta.json`, "{}");
  await Deno.writeTextFile(`${two.folder}/old/0000000000old/log.jsonl`, "");
  await assertRejects(() => sync(two.a, `${two.folder}/old`), UsageError, "format v0");
  assertEquals((await sync(`${two.folder}/old`, two.a, { direction: "push" })).sent.experiments, 1);
});

Deno.test("sync: the golden repositories of both versions, by every way", async () => {
  await using folder = await scratch();
  for (const version of ["v0", "v1"]) {
    // A copy, since what an inventory learns is kept beside what it is of.
    const golden = `${folder.path}/golden-${version}`;
    await copyTree(decodeURIComponent(new URL(`../fixtures/${version}`, import.meta.url).pathname), golden);
    const hashes = async (root: string) => {
      const all: string[] = [];
      for await (const batch of new LocalStore(root).listFiles()) {
        for (const { name } of batch) {
          all.push(`${name} ${createHash("sha256").update(await Deno.readFile(`${root}/${name}`)).digest("hex")}`);
        }
      }
      return all.sort();
    };
    const copy = `${folder.path}/${version}`;
    const first = await sync(golden, copy, { direction: "push" });
    assert(first.sent.files > 3);
    const [was, is] = [await hashes(golden), await hashes(copy)];
    // Torn tails of the golden logs are no events, and so no part of a copy.
    assertEquals(is.map((line) => line.split(" ")[0]), was.map((line) => line.split(" ")[0]));
    assertEquals((await sync(golden, copy, { direction: "push" })).sent.files, 0);
  }
});

Deno.test("sync: files.json of v0 gets longer, and is not replaced by another one", async () => {
  await using folder = await scratch();
  const [a, b] = [`${folder.path}/a`, `${folder.path}/b`];
  const exp = "0000000000old";
  await Deno.mkdir(`${a}/${exp}`, { recursive: true });
  await Deno.writeTextFile(`${a}/${exp}/meta.json`, "{}");
  await Deno.writeTextFile(`${a}/${exp}/log.jsonl`, `{"event":"x"}\n`);
  await Deno.writeTextFile(`${a}/${exp}/files.json`, `{"m":"1"}`);
  await sync(a, b);
  await Deno.writeTextFile(`${a}/${exp}/files.json`, `{"m":"1","n":"2"}`);
  assertEquals((await sync(a, b)).setbacks, []);
  assertEquals(await Deno.readTextFile(`${b}/${exp}/files.json`), `{"m":"1","n":"2"}`);
  await Deno.writeTextFile(`${a}/${exp}/files.json`, `{"m":"3"}`);
  assertEquals((await sync(a, b)).setbacks.map(({ kind }) => kind), ["diverged"]);
  assertEquals(await Deno.readTextFile(`${b}/${exp}/files.json`), `{"m":"1","n":"2"}`);
});

Deno.test("sync: a files.json of v0 that is damaged is named, is not spread, and gives way to a whole one", async () => {
  await using folder = await scratch();
  const [a, b] = [`${folder.path}/a`, `${folder.path}/b`];
  const file = "0000000000old/files.json";
  await Deno.mkdir(`${a}/0000000000old`, { recursive: true });
  await Deno.writeTextFile(`${a}/0000000000old/meta.json`, "{}");
  await Deno.writeTextFile(`${a}/0000000000old/log.jsonl`, `{"event":"x"}\n`);
  await Deno.writeTextFile(`${a}/${file}`, `{"m":"1"}`);
  await sync(a, b);
  await Deno.writeTextFile(`${a}/${file}`, `{"m":"1`);
  const { setbacks } = await sync(a, b, { direction: "push" });
  assertEquals(setbacks.map(({ name, kind }) => [name, kind]), [[file, "damaged"]]);
  assertStringIncludes(setbacks[0].message, `in ${a} it is not valid JSON`);
  assertEquals(await Deno.readTextFile(`${b}/${file}`), `{"m":"1"}`);
  assertEquals((await sync(b, a, { direction: "push" })).setbacks, []);
  assertEquals(await Deno.readTextFile(`${a}/${file}`), `{"m":"1"}`);
});

Deno.test("sync: with verify no time and no earlier look is trusted, on neither side, over HTTP too", async () => {
  for (const way of ["folder", "routes"]) {
    await using two = await pair();
    const hash = createHash("sha256").update("good").digest("hex");
    const object = `objects/${hash.slice(0, 2)}/${hash}`;
    const cached = (at: string) => new LocalStore(at, { cache: `${at}/.dbx/index/folders` });
    await Deno.mkdir(`${two.a}/.dbx/index`, { recursive: true });
    await Deno.mkdir(`${two.b}/.dbx/index`, { recursive: true });
    const first = cached(two.a);
    const far = cached(two.b);
    const second = way === "folder"
      ? far
      : new RemoteStore({ location: two.b, base: "http://peer", transport: storeRoutes(far) });
    await first.create(object, encode("good"));
    await sync(first, second);
    assertEquals((await sync(first, second, { verify: true })).setbacks, []);
    // Bytes that a disk changed: neither length nor time tells.
    for (const [at, name] of [[two.b, LOG], [two.a, object], [two.b, `${EXP}/meta.json`]]) {
      const { mtime } = await Deno.stat(`${at}/${name}`);
      const bytes = await Deno.readFile(`${at}/${name}`);
      bytes[2] ^= 1;
      await Deno.writeFile(`${at}/${name}`, bytes);
      await Deno.utime(`${at}/${name}`, mtime!, mtime!);
    }
    for (const direction of ["both", "push"] as const) {
      const { setbacks } = await sync(first, second, { verify: true, direction });
      assertEquals(setbacks.map(({ name, kind }) => [name, kind]).sort(), [
        [`${EXP}/meta.json`, "diverged"],
        [LOG, "diverged"],
        [object, "damaged"],
      ]);
    }
  }
});

Deno.test("sync: what was deleted stays deleted, until it is restored; bytes that were collected come back then [S47]", async () => {
  await using two = await pair();
  const hash = createHash("sha256").update("model").digest("hex");
  const object = `objects/${hash.slice(0, 2)}/${hash}`;
  const line =
    `{"event":"dbx/file","name":"m","file":{"_dbx":"expfile","exp":"${EXP}","name":"m","sha256":"${hash}"}}\n`;
  const [a, b] = [new LocalStore(two.a), new LocalStore(two.b)];
  await a.create(object, encode("model"));
  await write(`${two.a}/${LOG}`, line);
  await sync(a, b);
  assert(await b.stat(object));
  await appendNote(b, EXP, "dbx/delete", {});
  // Collected in one copy: the other one still has all bytes.
  await Deno.remove(`${two.b}/${EXP}/runs`, { recursive: true });
  await b.remove(object);
  for (let turn = 0; turn < 2; turn++) {
    assertEquals((await sync(a, b)).setbacks, []);
    assertEquals(await b.stat(LOG), undefined);
    assertEquals(await b.stat(object), undefined);
  }
  for (const store of [a, b]) {
    const [experiment] = await Array.fromAsync((await openReader(store)).experiments());
    assertEquals((await experiment.notes()).deleted, true);
  }
  // A third copy learns of it, without the bytes.
  await sync(two.b, `${two.folder}/c`);
  await sync(two.a, `${two.folder}/c`);
  assertEquals(await new LocalStore(`${two.folder}/c`).stat(LOG), undefined);
  // Restored anywhere, it comes back everywhere.
  await new Promise((resolve) => setTimeout(resolve, 5));
  await appendNote(b, EXP, "dbx/restore", {});
  await sync(a, b);
  assertEquals(await Deno.readTextFile(`${two.b}/${LOG}`), await Deno.readTextFile(`${two.a}/${LOG}`));
  assert(await b.stat(object));
});

Deno.test("sync: selections bring experiments with what they refer to, and nothing else", async () => {
  await using two = await pair();
  const store = new LocalStore(two.a);
  const objects: string[] = [];
  for (const [at, kind] of ["x", "y", "y"].entries()) {
    const exp = `0000000000se${at}`;
    const hash = createHash("sha256").update(exp).digest("hex");
    objects.push(`objects/${hash.slice(0, 2)}/${hash}`);
    await store.create(objects[at], encode(exp));
    const made = `"createdAt":"2026-0${at + 2}-01T00:00:00.000Z"`;
    await store.create(
      `n${at}/${exp}/meta.json`,
      encode(`{"id":"${exp}","kind":"${kind}","name":"n${at}","params":{"lr":0.${at}},${made}}`),
    );
    const file =
      `{"event":"dbx/file","name":"f","file":{"_dbx":"expfile","exp":"${exp}","name":"f","sha256":"${hash}"}}\n`;
    await store.create(`n${at}/${exp}/runs/0000000000run/meta.json`, encode(`{"id":"0000000000run",${made}}`));
    await store.append(
      `n${at}/${exp}/runs/0000000000run/log.jsonl`,
      0,
      encode(`{"event":"x","ts":1,"loss":${at}}\n${file}`),
    );
  }
  for (
    const [select, wanted] of [
      [{ kinds: ["y"] }, [1, 2]],
      [{ ids: ["0000000000se0"] }, [0]],
      [{ names: ["n?"] }, [0, 1, 2]],
      [{ names: ["n1", "n2"], kinds: ["y"], since: Date.parse("2026-04-01") }, [2]],
      [{ where: "params.lr < 0.15 and kind = 'y'" }, [1]],
      [{ where: "min:loss >= 1" }, [1, 2]],
    ] as const
  ) {
    const target = `${two.folder}/t${seeded.next()}`;
    await sync(store, target, { direction: "push", select });
    const found = (await Array.fromAsync((await openReader(target)).experiments())).map(({ id }) => Number(id.at(-1)))
      .sort();
    assertEquals(found, [...wanted]);
    for (const at of [0, 1, 2]) {
      assertEquals(
        await new LocalStore(target).stat(objects[at]) !== undefined,
        (wanted as readonly number[]).includes(at),
      );
    }
    assertEquals((await sync(store, target, { direction: "push", select })).sent.files, 0);
  }
  await assertRejects(() => sync(store, `${two.folder}/u`, { select: { ids: ["zzz"] } }), NotFoundError, "zzz");
  const logs = `${two.folder}/logs`;
  await sync(store, logs, { objects: false });
  assertEquals((await Array.fromAsync(new LocalStore(logs).list("objects"))).length, 0);
  const rest = await sync(store, logs, { objectsOnly: true });
  assertEquals(rest.sent.files, 3);
  assertEquals((await sync(store, `${two.folder}/dry`, { dryRun: true })).sent.files, 16 - 1);
  await assertRejects(() => Deno.stat(`${two.folder}/dry`), Deno.errors.NotFound);
});

Deno.test("sync: two at once into one target", async () => {
  await using two = await pair();
  const store = new LocalStore(two.a);
  for (let at = 0; at < 30; at++) {
    const exp = `00000000000${10 + at}`;
    await store.create(`${exp}/meta.json`, encode(`{"id":"${exp}",${TIME}}`));
    await store.append(`${exp}/runs/0000000000run/log.jsonl`, 0, encode(`{"event":"x"}\n`.repeat(2000)));
  }
  const big = new Uint8Array(5_000_000).fill(3);
  const hash = createHash("sha256").update(big).digest("hex");
  await store.create(`objects/${hash.slice(0, 2)}/${hash}`, big);
  await sync(two.a, `${two.folder}/c`);
  const target = `${two.folder}/t`;
  const reports = await Promise.all(
    [two.a, `${two.folder}/c`, two.a].map((from) => sync(from, target, { direction: "push" })),
  );
  assertEquals(reports.flatMap(({ setbacks }) => setbacks), []);
  const { sent, received, setbacks } = await sync(two.a, target);
  assertEquals([sent.files, received.files, setbacks], [0, 0, []]);
  assertEquals((await Deno.readFile(`${target}/objects/${hash.slice(0, 2)}/${hash}`)).length, big.length);
});

async function copyTree(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyTree(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

Deno.test("sync: a file from before 1970 is like any other, over HTTP too", async () => {
  await using two = await pair();
  const [a, b] = [new LocalStore(two.a), new LocalStore(two.b)];
  const old = new Date("1960-01-01T00:00:00Z");
  await Deno.utime(`${two.a}/${LOG}`, old, old);
  const peer = new RemoteStore({ location: "peer", base: "http://peer", transport: storeRoutes(b), pause: 0 });
  for (let turn = 0; turn < 2; turn++) {
    assertEquals((await sync(a, peer)).setbacks, []);
    assertEquals((await Deno.stat(`${two.b}/${LOG}`)).mtime, old);
    // Equal, but of another time: it is given the source's.
    await Deno.utime(`${two.b}/${LOG}`, new Date(), new Date());
  }
});
