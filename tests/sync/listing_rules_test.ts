// What a copy lists and sends, and what it leaves out.
import { tombstoneName, tombstoneText } from "../../lib/format/layout/tombstone.ts";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { MAX_BUCKETS } from "../../lib/protocol/inventory_digests.ts";
import { bodyOf, decodeParts, frame } from "../../lib/protocol/frames.ts";
import { checkRepository } from "../../lib/repo/check/check.ts";
import { openReader } from "../../lib/repo/open.ts";
import { sync } from "../../lib/client/location/sync.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const marker = (id: string) => `{"dbx":1,"id":"${id}","createdAt":"2026-01-01T09:00:00.000Z"}\n`;
const EXP = "0000000000exp";
const RUN = `${EXP}/runs/0000000000run`;
const LISTED = [`${EXP}/meta.json`, `${RUN}/log.jsonl`, `${RUN}/meta.json`];
const STRAYS = [
  ".dbx/incoming/x",
  ".dbx/config.json",
  ".git/0000000000exp/meta.json",
  `${EXP}/.tmp-0000000000abc`,
  `${RUN}/.hidden.log.jsonl`,
  `${RUN}/stray.bin`,
  `${EXP}/runs/x/meta.json`,
  `${EXP}/notes/x.bin`,
  `${EXP}/notes/log.jsonl`,
  `${EXP}/stray.bin`,
  "stray.bin",
  "stray/x.log.jsonl",
  "objects/x",
  `objects/aa/${"b".repeat(64)}`,
  "purged/x.json",
];

/** A repository with an experiment, and much that does not belong there. */
async function make(path: string): Promise<LocalStore> {
  const files = [["dbx.json", marker("0000000000abc")], ...[...LISTED, ...STRAYS].map((name) => [name, "{}\n"])];
  for (const [name, text] of files) {
    await Deno.mkdir(`${path}/${name.slice(0, Math.max(0, name.lastIndexOf("/")))}`, { recursive: true });
    await Deno.writeTextFile(`${path}/${name}`, text);
  }
  return new LocalStore(path);
}

async function inventory(store: LocalStore, question = {}): Promise<{ head: unknown; names: string[] }> {
  const request = new Request("http://h/api/v1/sync/inventory", {
    method: "POST",
    headers: { "dbx-protocol": "1" },
    body: JSON.stringify(question),
  });
  const lines = (await (await storeRoutes(store)(request)).text()).trimEnd().split("\n");
  const [head, ...rest] = lines.map((line) => JSON.parse(line));
  return { head, names: rest.slice(0, -1).map(([name]) => name).sort() };
}

Deno.test("inventory: neither strays nor what begins with a dot [S1, S19, F55]; its head says the buckets that are sent [S13]", async () => {
  await using folder = await scratch();
  const store = await make(`${folder.path}/a`);
  const { head, names } = await inventory(store);
  assertEquals(head, { buckets: 1, sent: [0], marker: 70 });
  assertEquals(names, LISTED);
  const digests = "0".repeat(16 * 4);
  assertEquals((await inventory(store, { buckets: 4, digests })).head, { buckets: 4, sent: [0, 1, 2, 3], marker: 70 });
  assertEquals((await sync(store, `${folder.path}/b`)).sent.files, LISTED.length);
  for (const name of STRAYS) {
    assertEquals(await Deno.stat(`${folder.path}/b/${name}`).catch(() => undefined), undefined, name);
  }
});

Deno.test("names in too many folders: neither listed nor taken, and a check says so [F3, S22]", async () => {
  await using folder = await scratch();
  const store = await make(`${folder.path}/a`);
  const [last, beyond] = ["b/".repeat(62), "c/".repeat(63)].map((above) => `${above}${EXP}/meta.json`);
  for (const name of [last, beyond]) {
    await Deno.mkdir(`${store.location}/${name.slice(0, -"/meta.json".length)}`, { recursive: true });
    await Deno.writeTextFile(`${store.location}/${name}`, `{"id":"${EXP}","createdAt":"2026-01-01T09:00:00.000Z"}`);
  }
  assertEquals((await inventory(store)).names, [...LISTED, last].sort());
  const repository = await openReader(store);
  const found = await Array.fromAsync(checkRepository(repository));
  const named = found.filter(({ kind }) => kind === "bad-name").map(({ path }) => path);
  assertEquals(named, [beyond.slice(0, -"/meta.json".length)]);
  assertEquals(found.some(({ path }) => path === last), true);
});

Deno.test("links: what is behind one is not listed, proved, given, or written to [S20]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/a`;
  const store = await make(path);
  const outside = `${folder.path}/outside`;
  await Deno.mkdir(`${outside}/0000000000two`, { recursive: true });
  await Deno.writeTextFile(`${outside}/0000000000two/meta.json`, "{}");
  await Deno.writeTextFile(`${outside}/log`, "secret\n");
  await Deno.symlink(`${outside}/0000000000two`, `${path}/0000000000two`);
  await Deno.symlink(`${outside}/log`, `${path}/${RUN}/link.log.jsonl`);
  assertEquals((await inventory(store)).names, LISTED);
  const names = ["0000000000two/meta.json", `${RUN}/link.log.jsonl`];
  const ask = async (route: string, body: unknown) => {
    const request = new Request(`http://h/api/v1/sync/${route}`, {
      method: "POST",
      headers: { "dbx-protocol": "1" },
      body: JSON.stringify(body),
    });
    return await (await storeRoutes(store)(request)).text();
  };
  for (const name of names) {
    const given = await ask("give", { wants: [[name, 0]] });
    assert(!given.includes("secret") && !given.includes("{}") && given.includes(`"error"`), given);
    const proved = await ask("prove", { extents: [[name, 0]] });
    assert(!proved.includes("e3b0c442"), proved);
  }
  for (const name of names) {
    const request = new Request(`http://h/api/v1/files/${name}`);
    const response = await storeRoutes(store)(request);
    assert(response.status >= 400, String(response.status));
    await response.body?.cancel();
  }
});

Deno.test("markers: each copy keeps its own; a new one gets that of its source [S21]", async () => {
  await using folder = await scratch();
  const [a, b] = [`${folder.path}/a`, `${folder.path}/b`];
  await make(a);
  await sync(a, b);
  assertEquals(await Deno.readTextFile(`${b}/dbx.json`), marker("0000000000abc"));
  await Deno.writeTextFile(`${b}/dbx.json`, marker("0000000000xyz"));
  assertEquals((await sync(a, b)).setbacks, []);
  assertEquals(await Deno.readTextFile(`${a}/dbx.json`), marker("0000000000abc"));
  assertEquals(await Deno.readTextFile(`${b}/dbx.json`), marker("0000000000xyz"));
});

Deno.test("inventory: what stands below a tombstone is left out [S7]", async () => {
  await using folder = await scratch();
  const store = await make(folder.path);
  await Deno.mkdir(`${folder.path}/purged`, { recursive: true });
  await Deno.writeTextFile(`${folder.path}/${tombstoneName(EXP)}`, tombstoneText(EXP));
  // Read-only, so that nobody removes it first.
  const closed = new LocalStore(store.location, { readOnly: true });
  assertEquals((await inventory(closed)).names, [tombstoneName(EXP)]);
});

Deno.test("inventory: of as many buckets as there may be, all sent, the head is a line that a client takes [S63]", () => {
  const head = { buckets: MAX_BUCKETS, sent: Array.from({ length: MAX_BUCKETS }, (_, at) => at), marker: 100 };
  assert(JSON.stringify(head).length <= 32 * 1024);
});

Deno.test("purge: objects that came lately and that nothing refers to go along [S8] [slow]", async () => {
  await using folder = await scratch();
  const store = await make(folder.path);
  const object = "objects/2c/2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
  const take = (name: string, text: string) => {
    const bytes = encode(text);
    return store.writeMany(ReadableStream.from([[{ name, offset: 0, bytes, end: true, size: bytes.length }]]));
  };
  assertEquals((await take(object, "hello")).setbacks, []);
  // What referred to it has not come, or is gone already.
  assertEquals((await take(tombstoneName("0another00exp"), tombstoneText("0another00exp"))).setbacks, []);
  assertEquals(await store.stat(object), undefined);
  assertEquals((await inventory(store)).names, [...LISTED, tombstoneName("0another00exp")].sort());
});

Deno.test("purge: who takes a tombstone has purged what it names when the answer comes [S34, S49]", async () => {
  await using folder = await scratch();
  const store = await make(folder.path);
  const size = tombstoneText(EXP).length;
  const head = JSON.stringify({ name: tombstoneName(EXP), offset: 0, size, end: true });
  const body = bodyOf([frame(head, encode(tombstoneText(EXP)))]);
  const response = await storeRoutes(store)(
    new Request("http://h/api/v1/sync/take", { method: "POST", headers: { "dbx-protocol": "1" }, body }),
  );
  assertEquals((await response.json()).taken, [size]);
  for (const name of LISTED) assertEquals(await store.stat(name), undefined, name);
});

Deno.test("purge: what one side has purged is left out of both inventories, and so are its objects [S48]", async () => {
  await using folder = await scratch();
  const [own, other] = [await make(`${folder.path}/a`), new LocalStore(`${folder.path}/b`)];
  const object = "objects/2c/2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
  const file = `{"_dbx":"expfile","exp":"${EXP}","name":"f","sha256":"${object.slice(-64)}"}`;
  await own.append(`${RUN}/log.jsonl`, 3, encode(`{"event":"f","ts":1,"file":${file}}\n`));
  await own.create(object, encode("hello"));
  await other.create("dbx.json", encode(marker("0000000000abc")));
  await other.create(tombstoneName(EXP), encode(tombstoneText(EXP)));
  const { sent, setbacks } = await sync(own, other, { direction: "push" });
  assertEquals([sent.files, setbacks], [0, []]);
  assertEquals((await inventory(other)).names, [tombstoneName(EXP)]);
});

Deno.test("sync/give: of a log, whole lines only [S26, F38]", async () => {
  await using folder = await scratch();
  const store = await make(folder.path);
  await Deno.writeTextFile(`${folder.path}/${RUN}/log.jsonl`, `{"event":"a"}\n{"event":"torn`);
  const body = JSON.stringify({ wants: [[`${RUN}/log.jsonl`, 0]] });
  const response = await storeRoutes(store)(
    new Request("http://h/api/v1/sync/give", { method: "POST", headers: { "dbx-protocol": "1" }, body }),
  );
  const parts = (await Array.fromAsync(decodeParts(response.body!, { who: "the server" }))).flat();
  assertEquals(parts.map(({ bytes, size }) => [new TextDecoder().decode(bytes), size]), [[`{"event":"a"}\n`, 14]]);
  await sync(store, `${folder.path}-copy`);
  assertEquals(await Deno.readTextFile(`${folder.path}-copy/${RUN}/log.jsonl`), `{"event":"a"}\n`);
  await Deno.remove(`${folder.path}-copy`, { recursive: true });
});

Deno.test("v0: an experiment without a log travels with all its files, also through a v1 repository", async () => {
  await using folder = await scratch();
  const [old, copy, own, last] = ["old", "copy", "own", "last"].map((name) => `${folder.path}/${name}`);
  const names = ["meta.json", "files.json", "m.bin", "sub/n.bin"].map((name) => `Ab3_x9ZkQ0pLm/${name}`);
  const source = new LocalStore(old);
  for (const name of names) await source.create(name, encode("{}"));
  await new LocalStore(own).create("dbx.json", encode(marker("0000000000abc")));
  for (const [from, to] of [[old, copy], [copy, own], [own, last]]) {
    assertEquals((await sync(from, to, { direction: "push" })).setbacks, []);
    for (const name of names) assertEquals((await new LocalStore(to).stat(name))?.size, 2, `${name} in ${to}`);
  }
  assertEquals(await Array.fromAsync(checkRepository(await openReader(own))), []);

  // Where there is no marker, nothing but `meta.json` has to tell.
  const bare = ["Ab3_x9ZkQ0pLn/m.bin", "Ab3_x9ZkQ0pLn/meta.json"];
  for (const name of bare) await source.create(name, encode("{}"));
  await sync(old, copy, { direction: "push" });
  for (const name of bare) assertEquals((await new LocalStore(copy).stat(name))?.size, 2, name);
});
