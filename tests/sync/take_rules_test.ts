// The table "What a target does" of SYNC.md, row by row, with the bytes that a peer sends.
import { createHash } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { LocalStore } from "../../lib/store/local.ts";
import { bodyOf, frame } from "../../lib/store/remote/frames.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

const MARKER = `{"dbx":1,"id":"0000000000abc","createdAt":"2026-01-01T09:00:00.000Z"}\n`;
const EXP = "0000000000exp";
const META = `${EXP}/meta.json`;
const LOG = `${EXP}/runs/0000000000run/log.jsonl`;
const OLD = "Ab3_x9ZkQ0pLm";
const MIB = 1024 * 1024;
const [A, B, C] = ["a", "b", "c"].map((event) => `{"event":"${event}","ts":1}\n`);

/** Bytes of a body, and those that stand in its head. */
const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const objectOf = (text: string): string => `objects/${sha256(text).slice(0, 2)}/${sha256(text)}`;

/** One frame of a file: by default all of it. */
interface Sent {
  readonly name: string;
  readonly text: string;
  readonly offset?: number;
  readonly size?: number;
  readonly end?: boolean;
  readonly error?: string;
  readonly sha256?: string;
}

function bodyWith(sent: readonly Sent[]): Uint8Array<ArrayBuffer> {
  return bodyOf(
    sent.map(({ name, text, offset = 0, size = offset + text.length, end = true, ...more }) =>
      frame(JSON.stringify({ name, offset, size, ...(end && { end }), ...more }), encode(text))
    ),
  );
}

async function take(store: LocalStore, body: Uint8Array<ArrayBuffer>) {
  const request = new Request("http://h/api/v1/sync/take", {
    method: "POST",
    headers: { "dbx-protocol": "1" },
    body,
  });
  const response = await storeRoutes(store)(request);
  return { status: response.status, ...await response.json() };
}

interface Case {
  readonly title: string;
  readonly there?: Readonly<Record<string, string>>;
  readonly sent: Sent;
  /** The kind of the setback; undefined: it is taken. */
  readonly setback?: string;
  /** What the file holds afterwards; undefined: it is not there. */
  readonly then: string | undefined;
}

const WHOLE = "x".repeat(MIB + 10);
const CASES: readonly Case[] = [
  {
    title: "a marker that is there with other bytes stays [S21, S33]",
    there: { "dbx.json": MARKER },
    sent: { name: "dbx.json", text: MARKER.replace("abc", "xyz") },
    setback: "diverged",
    then: MARKER,
  },
  {
    title: "a marker that is there, with the same bytes",
    there: { "dbx.json": MARKER },
    sent: { name: "dbx.json", text: MARKER },
    then: MARKER,
  },
  { title: "a marker where there is none", sent: { name: "dbx.json", text: MARKER }, then: MARKER },
  {
    title: "a marker of a version that is not known [S109]",
    sent: { name: "dbx.json", text: MARKER.replace(":1,", ":9,") },
    setback: "refused",
    then: undefined,
  },
  {
    title: "a marker that is none [S109]",
    sent: { name: "dbx.json", text: "{}" },
    setback: "refused",
    then: undefined,
  },
  {
    title: "a marker in two frames [S109]",
    sent: { name: "dbx.json", text: MARKER.slice(0, 20), size: MARKER.length, end: false },
    setback: "refused",
    then: undefined,
  },
  { title: "a definition is made where there is none", sent: { name: META, text: "{}" }, then: "{}" },
  {
    title: "a definition that is there, with the same bytes",
    there: { [META]: "{}" },
    sent: { name: META, text: "{}" },
    then: "{}",
  },
  {
    title: "a definition that is there with other bytes stays [S38]",
    there: { [META]: "{}" },
    sent: { name: META, text: "[]" },
    setback: "diverged",
    then: "{}",
  },
  {
    title: "a file that is there with other bytes stays [S38]",
    there: { [`${OLD}/w.bin`]: "ours" },
    sent: { name: `${OLD}/w.bin`, text: "theirs" },
    setback: "diverged",
    then: "ours",
  },
  {
    title: "a file whose beginning did not come",
    sent: { name: `${OLD}/w.bin`, text: "rest", offset: 4 },
    setback: "retry",
    then: undefined,
  },
  {
    title: "a file whose end does not come, without its hash",
    sent: { name: `${OLD}/w.bin`, text: "beginning", size: 2 * MIB, end: false },
    setback: "retry",
    then: undefined,
  },
  {
    title: "a registry that says more takes the place of the one that is there",
    there: { [`${OLD}/files.json`]: `{"a":"1"}` },
    sent: { name: `${OLD}/files.json`, text: `{"a":"1","b":"2"}` },
    then: `{"a":"1","b":"2"}`,
  },
  {
    title: "a registry that says something else leaves the one that is there [S38]",
    there: { [`${OLD}/files.json`]: `{"a":"1"}` },
    sent: { name: `${OLD}/files.json`, text: `{"b":"2"}` },
    setback: "diverged",
    then: `{"a":"1"}`,
  },
  { title: "an object is made", sent: { name: objectOf("good"), text: "good" }, then: "good" },
  {
    title: "bytes of another hash do not get the name of an object [S39]",
    sent: { name: objectOf("good"), text: "evil" },
    setback: "damaged",
    then: undefined,
  },
  {
    title: "nor that of a file that came with its hash [S39]",
    sent: { name: `${OLD}/w.bin`, text: "evil", sha256: sha256("good") },
    setback: "damaged",
    then: undefined,
  },
  {
    title: "a large object from behind the end of what is there",
    sent: { name: objectOf(WHOLE), text: WHOLE.slice(MIB), offset: MIB },
    setback: "retry",
    then: undefined,
  },
  {
    title: "a log that has as many bytes as the offset grows",
    there: { [LOG]: A },
    sent: { name: LOG, text: B, offset: A.length },
    then: A + B,
  },
  {
    title: "a log that is shorter than the offset does not change [S41]",
    there: { [LOG]: A },
    sent: { name: LOG, text: C, offset: 2 * A.length },
    setback: "retry",
    then: A,
  },
  {
    title: "a log that is not there is not begun in its middle [S41]",
    sent: { name: LOG, text: B, offset: A.length },
    setback: "retry",
    then: undefined,
  },
  {
    title: "of a log that is longer, the same bytes are passed over, and what follows is added [S42]",
    there: { [LOG]: A + B },
    sent: { name: LOG, text: B + C, offset: A.length },
    then: A + B + C,
  },
  {
    title: "a log that holds all of it stays [S42]",
    there: { [LOG]: A + B + C },
    sent: { name: LOG, text: B, offset: A.length },
    then: A + B + C,
  },
  {
    title: "a log with another whole line there stays [S43]",
    there: { [LOG]: A + B },
    sent: { name: LOG, text: C, offset: A.length },
    setback: "diverged",
    then: A + B,
  },
  {
    title: "a torn tail that differs gives way to whole lines [S44]",
    there: { [LOG]: `${A}{"event":"torn` },
    sent: { name: LOG, text: B, offset: A.length },
    then: A + B,
  },
  {
    title: "a torn tail that is the beginning of the line is completed [S44]",
    there: { [LOG]: A + B.slice(0, 5) },
    sent: { name: LOG, text: B, offset: A.length },
    then: A + B,
  },
  {
    title: "a source that could not read on",
    there: { [LOG]: A },
    sent: { name: LOG, text: "", offset: A.length, error: "the disk is broken" },
    setback: "failed",
    then: A,
  },
];

for (const { title, there = {}, sent, setback, then } of CASES) {
  Deno.test(`sync/take: ${title}`, async () => {
    await using folder = await scratch();
    const store = new LocalStore(folder.path);
    for (const [name, text] of Object.entries(there)) await store.create(name, encode(text));
    const other = { name: "0000000000two/meta.json", text: "{}" };
    // One whose end does not come is the last of its body.
    const said = await take(store, bodyWith(sent.end === false ? [other, sent] : [sent, other]));
    assertEquals(said.status, 200);
    assertEquals(said.setbacks.map(({ name, kind }: { name: string; kind: string }) => [name, kind]), [
      ...setback === undefined ? [] : [[sent.name, setback]],
    ]);
    const end = (sent.offset ?? 0) + sent.text.length;
    assertEquals(said.taken.toSorted(), [setback === undefined ? end : null, 2].toSorted());
    const path = `${folder.path}/${sent.name}`;
    assertEquals(await Deno.readTextFile(path).catch(() => undefined), then);
    assertEquals(await Deno.readTextFile(`${folder.path}/${other.name}`), "{}", "the others are taken all the same");
  });
}

Deno.test("sync/take: of a large object whose end does not come, what came is kept and listed; it goes on from there [S40]", async () => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  const name = objectOf(WHOLE);
  const first = { name, text: WHOLE.slice(0, MIB), size: WHOLE.length, end: false };
  assertEquals((await take(store, bodyWith([first]))).taken, [MIB]);
  const partial = (await Array.fromAsync(store.inventory())).flat().filter((entry) => entry.partial);
  assertEquals(partial.map(({ name, size }) => [name, size]), [[name, MIB]]);
  const rest = { name, text: WHOLE.slice(MIB), offset: MIB };
  assertEquals((await take(store, bodyWith([rest]))).taken, [WHOLE.length]);
  assertEquals(await Deno.readTextFile(`${folder.path}/${name}`), WHOLE);
  // Where the beginning is wrong, the whole is dropped, and comes again from byte 0.
  await store.remove(name);
  await take(store, bodyWith([{ ...first, text: "y".repeat(MIB) }]));
  const { setbacks } = await take(store, bodyWith([rest]));
  assertEquals(setbacks.map(({ kind }: { kind: string }) => kind), ["retry"]);
  assertEquals((await Array.fromAsync(store.inventory())).flat(), []);
});

Deno.test("sync/take: a log is extended under a lock that others hold to [S45]", async () => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  await store.create(LOG, encode(A));
  const code = `const file = await Deno.open(Deno.args[0], { read: true, append: true });
    await file.lock(true);
    console.log("locked");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await file.write(new TextEncoder().encode(Deno.args[1]));
    await file.unlock();`;
  const args = ["eval", "--no-config", code, `${folder.path}/${LOG}`, B];
  const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped", stdin: "null" }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  const { setbacks } = await take(store, bodyWith([{ name: LOG, text: C, offset: A.length }]));
  await reader.cancel();
  assert((await child.status).success);
  assertEquals(setbacks.map(({ kind }: { kind: string }) => kind), ["diverged"]);
  assertEquals(await Deno.readTextFile(`${folder.path}/${LOG}`), A + B);
});

Deno.test("sync/take: all is on the disk before it is said to be taken [S46]", async () => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  await store.create(LOG, encode(A));
  const synced = new Set<number | null>();
  const own = Deno.FsFile.prototype.sync;
  Deno.FsFile.prototype.sync = async function (this: Deno.FsFile) {
    const { ino } = await this.stat();
    await own.call(this);
    synced.add(ino);
  };
  try {
    const sent = [{ name: META, text: "{}" }, { name: LOG, text: B, offset: A.length }, {
      name: objectOf("good"),
      text: "good",
    }];
    assertEquals((await take(store, bodyWith(sent))).setbacks, []);
    // The files, and the folders in which new names stand.
    for (const name of [META, LOG, objectOf("good"), EXP, "objects/" + sha256("good").slice(0, 2), "objects"]) {
      assert(synced.has((await Deno.stat(`${folder.path}/${name}`)).ino), name);
    }
  } finally {
    Deno.FsFile.prototype.sync = own;
  }
});

Deno.test("sync/take: a frame may have keys that nobody knows [S51], and inflates to no more than it may [S55]", async () => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  const known = { name: META, offset: 0, size: 2, end: true };
  assertEquals((await take(store, bodyOf([frame(JSON.stringify({ ...known, later: [1] }), encode("{}"))]))).taken, [2]);
  const name = `${OLD}/w.bin`;
  const frames = (count: number, length: number) => {
    const packed = deflateRawSync(new Uint8Array(length));
    return Array.from({ length: count }, (_, at) => {
      const head = { name, offset: at * length, size: count * length, inflated: length };
      return frame(JSON.stringify({ ...head, ...(at === count - 1 && { end: true }) }), packed);
    });
  };
  for (const [body, status] of [[frames(1, MIB + 1), 400], [frames(65, MIB), 400], [frames(64, MIB), 200]] as const) {
    assertEquals((await take(store, bodyOf(body))).status, status);
  }
  assertEquals((await Deno.stat(`${folder.path}/${name}`)).size, 64 * MIB);
});

Deno.test("sync/settle: gives a file its time, unless it has another length by now [S60]", async () => {
  await using folder = await scratch();
  const store = new LocalStore(folder.path);
  for (const name of [META, LOG]) await store.create(name, encode(A));
  const files = [[META, A.length, 1_000_000_000_000], [LOG, A.length - 1, 1_000_000_000_000], [`${EXP}/x.bin`, 1, 5]];
  const body = JSON.stringify({ files });
  const response = await storeRoutes(store)(
    new Request("http://h/api/v1/sync/settle", { method: "POST", headers: { "dbx-protocol": "1" }, body }),
  );
  assertEquals(response.status, 204);
  const time = async (name: string) => (await Deno.stat(`${folder.path}/${name}`)).mtime?.getTime();
  assertEquals(await time(META), 1_000_000_000_000);
  assert(await time(LOG) !== 1_000_000_000_000);
});
