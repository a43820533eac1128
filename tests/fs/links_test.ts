// No symbolic link below a repository's root is followed: a table of places, each of which every operation meets.
import { createHash } from "node:crypto";
import { objectName } from "../../lib/format/layout/names.ts";
import { FileCatalogue } from "../../lib/query/snapshot/catalogue/file_catalogue.ts";
import { openSource } from "../../lib/query/snapshot/source.ts";
import { appendNote } from "../../lib/logger/notes.ts";
import { createRun } from "../../lib/logger/create.ts";
import { openRepository } from "../../lib/logger/open.ts";
import { RunLogger } from "../../lib/logger/run_logger.ts";
import { query } from "../../lib/query/query.ts";
import { checkRepository } from "../../lib/repo/check/check.ts";
import { openReader } from "../../lib/repo/open.ts";
import { LogAppender } from "../../lib/store/local/logs/log_appender.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { putObject } from "../../lib/store/local/objects.ts";
import { placeObject } from "../../lib/store/local/place_object.ts";
import type { FileChunk } from "../../lib/store/store.ts";
import { sync } from "../../lib/client/location/sync.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";

const SECRET = "outside-the-repository";
const EXP = "0000000000exp";
const RUN = `${EXP}/runs/0000000000run`;
const LOG = `${RUN}/log.jsonl`;
const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const KEPT = sha256("kept");
const LARGE = encode("large".repeat(500_000));
const LARGE_HASH = createHash("sha256").update(LARGE).digest("hex");

/** Where a link may stand. */
const PLACES = [
  EXP,
  `${EXP}/meta.json`,
  `${EXP}/runs`,
  RUN,
  `${RUN}/meta.json`,
  LOG,
  `${RUN}/dbx.log.jsonl`,
  `${EXP}/notes`,
  "objects",
  objectName(KEPT).slice(0, 10),
  objectName(KEPT),
  ".dbx",
  ".dbx/index",
  ".dbx/index/catalogue",
  ".dbx/index/manifest.json",
  ".dbx/index/lock",
  ".dbx/index/folders",
  ".dbx/index/compared",
  ".dbx/incoming",
  `.dbx/incoming/${LARGE_HASH}`,
  ".dbx/replica",
  ".dbx/config.json",
  "dbx.json",
];

/** A repository with one of everything. */
async function repository(path: string): Promise<void> {
  const repository = await openRepository(path);
  const experiment = await repository.experiment({ kind: "k", id: EXP, params: { lr: 1 } });
  const { definition, folder } = await createRun(experiment.store, experiment.folder, { id: "0000000000run" });
  const run = new RunLogger(experiment.store, definition, EXP, folder, {}, { onWarning: () => {} });
  for (let i = 0; i < 50; i++) run.log(`train/${i}`, { loss: i });
  await run.file("kept", encode("kept"));
  await run.finish();
  await experiment.tag("a");
  await Deno.writeTextFile(`${path}/.dbx/config.json`, JSON.stringify({ remotes: { far: { url: "/far" } } }));
  await Deno.mkdir(`${path}/.dbx/incoming`);
  await Deno.writeFile(`${path}/.dbx/incoming/${LARGE_HASH}`, LARGE.subarray(0, 1_000_000));
  // The index, the catalogue and what inventories learn; `sync` with an empty copy leaves the rest.
  const later = { now: () => Date.now() + 60_000 };
  const source = await openSource(path, { folder: `${path}/.dbx/index` });
  source.index.worthWriting = { bytes: 0, logs: 1 };
  for await (const _ of await query([source], "SELECT count(*) FROM points")) { /* It is brought up to date. */ }
  const catalogue = new FileCatalogue(`${path}/.dbx/index`, later);
  await Array.fromAsync((await openReader(path, { catalogue })).experiments());
  catalogue.save();
  const store = new LocalStore(path, { cache: `${path}/.dbx/index/folders`, ...later });
  await sync(store, `${path}-copy`, { direction: "push" });
}

/** Moves what stands in a place outside, where it holds the secret, and puts a link to it there. */
async function lead(path: string, place: string, outside: string): Promise<void> {
  await Deno.mkdir(outside);
  const target = `${outside}/${place.slice(place.lastIndexOf("/") + 1)}`;
  await Deno.rename(`${path}/${place}`, target);
  await Deno.symlink(target, `${path}/${place}`);
  for (const file of await filesBelow(outside)) {
    if (file.endsWith(".jsonl")) {
      await Deno.writeTextFile(file, `{"event":"${SECRET}","ts":1,"${SECRET}":1}\n`, { append: true });
    } else if (file.endsWith("/meta.json")) {
      const json = JSON.parse(await Deno.readTextFile(file));
      await Deno.writeTextFile(file, JSON.stringify({ ...json, kind: SECRET, hostname: SECRET }) + "\n");
    } else if (file.includes(KEPT)) await Deno.writeTextFile(file, SECRET);
    else if (file.endsWith("config.json")) {
      await Deno.writeTextFile(file, JSON.stringify({ remotes: { [SECRET]: { url: `/${SECRET}` } } }));
    }
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    if (isDirectory) found.push(...await filesBelow(`${folder}/${name}`));
    else if (isFile) found.push(`${folder}/${name}`);
  }
  return found.sort();
}

/** What a folder holds, and when each file and folder in it changed last in any way. */
async function state(folder: string): Promise<string> {
  const lines: string[] = [];
  const add = async (path: string): Promise<void> => {
    const { mtime, ctime, size, isDirectory } = await Deno.lstat(path);
    lines.push(`${path} ${mtime?.getTime()} ${ctime?.getTime()} ${isDirectory || size}`);
    if (!isDirectory) return void lines.push(sha256(await Deno.readTextFile(path)));
    for await (const { name } of Deno.readDir(path)) await add(`${path}/${name}`);
  };
  await add(folder);
  return lines.sort().join("\n");
}

/** Everything that can be done with a repository; what it says, and how it fails. */
async function doAll(path: string, place: string): Promise<string> {
  const said: unknown[] = [];
  const attempt = async (run: () => unknown): Promise<void> => {
    try {
      const result = await run();
      said.push(result instanceof Uint8Array ? new TextDecoder().decode(result) : result);
    } catch (error) {
      said.push((error as Error).message);
    }
  };
  const cache = `${path}/.dbx/index/folders`;
  const store = new LocalStore(path, { cache });
  const part = (name: string, bytes: Uint8Array, offset = 0, size = bytes.length): FileChunk => {
    return { name, bytes, offset, end: true, size: offset + size, modifiedAt: 5 };
  };
  const take = (...parts: FileChunk[]) => store.writeMany(ReadableStream.from([parts]));
  const names = [
    `${EXP}/meta.json`,
    `${RUN}/meta.json`,
    LOG,
    `${RUN}/dbx.log.jsonl`,
    `${EXP}/notes/0000000000rep.log.jsonl`,
    objectName(KEPT),
    "dbx.json",
    ".dbx/config.json",
    ".dbx/replica",
    `.dbx/incoming/${LARGE_HASH}`,
  ];
  for (const name of names) {
    await attempt(() => store.stat(name));
    await attempt(() => store.read(name));
    await attempt(() => store.read(name, { offset: 1, length: 5, listed: true }));
    await attempt(async () => await new Response(await store.stream(name)).text());
    await attempt(async () => (await store.hashPrefixes([{ name }]))[0]?.size);
    await attempt(() => Array.fromAsync(store.readMany([{ name, offset: 0 }]), (parts) => JSON.stringify(parts)));
    await attempt(() => store.setModifiedTimes([{ name, size: Deno.statSync(`${path}/${name}`).size, modifiedAt: 7 }]));
    await attempt(() => store.create(name, encode("x")));
    await attempt(() => store.list(name.slice(0, name.lastIndexOf("/"))));
    // What is not a log would be damaged by it, and hide what comes later.
    if (!name.endsWith(".jsonl") && name !== place) continue;
    await attempt(() => store.append(name, Deno.statSync(`${path}/${name}`).size, encode(`{"event":"x"}\n`)));
    await attempt(() => take(part(name, encode(`{"event":"taken"}\n`), 0)));
    await attempt(() => take(part(name, encode(`{"event":"taken"}\n`), Deno.statSync(`${path}/${name}`).size)));
  }
  await attempt(() => store.create(`${EXP}/runs/0000000000two/meta.json`, encode("{}")));
  await attempt(() => take(part(`${EXP}/runs/0000000000tri/log.jsonl`, encode(`{"event":"x"}\n`))));
  await attempt(() => take(part(objectName(LARGE_HASH), LARGE.subarray(1_000_000), 1_000_000)));
  await attempt(() => putObject(store, "kept" as never));
  await attempt(() => putObject(store, encode("new")));
  await attempt(() => putObject(store, encode("kept")));
  await attempt(async () => await new Response(await store.stream(objectName(KEPT))).text());
  await attempt(async () => {
    await store.create(`objects/.tmp-x`, encode("placed"));
    return await placeObject(store, "objects/.tmp-x", sha256("placed"));
  });
  await attempt(() => Array.fromAsync(store.listFiles()));
  await attempt(() => Array.fromAsync(store.listFiles({ fresh: true })));
  await attempt(() => appendNote(store, EXP, "dbx/tag", { tag: "new" }));
  using extender = new LogAppender(store.folder);
  await attempt(() => extender.extend(`${path}/${LOG}`, undefined, encode(`{"event":"x"}\n`)));
  await attempt(() => extender.extend(`${path}/${RUN}/new.log.jsonl`, 0, encode(`{"event":"x"}\n`)));
  await attempt(async () => {
    const logger = await (await openRepository(path)).experiment(EXP);
    const run = await logger.run({ env: false, git: false, pwd: "/", onWarning: () => {} });
    run.log("x", { loss: 1 });
    await run.file("name", encode("file"));
    await run.finish();
  });
  await attempt(async () => {
    const source = await openSource(path, { folder: `${path}/.dbx/index` });
    source.index.worthWriting = { bytes: 0, logs: 1 };
    const rows = [];
    for await (const row of await query([source], "SELECT * FROM events LEFT JOIN points USING (exp)")) rows.push(row);
    source.repository.catalogue instanceof FileCatalogue && source.repository.catalogue.save();
    await source.index.drop();
    return rows;
  });
  await attempt(async () => await Array.fromAsync(checkRepository(await openReader(path), { readData: true })));
  await attempt(async () => (await sync(store, `${path}-copy`)).setbacks);
  await attempt(() => store.remove(LOG));
  await attempt(() => store.remove(objectName(KEPT)));
  await attempt(() => store.remove(`.dbx/incoming/${LARGE_HASH}`));
  return JSON.stringify(said);
}

for (const place of PLACES) {
  Deno.test(`a link in place of ${place.replaceAll(/[0-9a-f]{64}/g, "<sha256>")}: nothing behind it is read or written`, async () => {
    await using folder = await scratch();
    const path = `${folder.path}/r`;
    await repository(path);
    await lead(path, place, `${folder.path}/outside`);
    const before = await state(`${folder.path}/outside`);
    const said = await doAll(path, place);
    assertEquals(await state(`${folder.path}/outside`), before);
    // Paths may name it, contents not.
    assert(!said.includes(SECRET), said.slice(Math.max(0, said.indexOf(SECRET) - 300), said.indexOf(SECRET) + 100));
    const copied = await filesBelow(`${folder.path}/r-copy`);
    for (const file of copied) assert(!(await Deno.readTextFile(file)).includes(SECRET), file);
    assertEquals(new LocalStore(path).links, [place]);
  });
}

Deno.test("the root of a repository may be a link", async () => {
  await using folder = await scratch();
  await repository(`${folder.path}/real`);
  await Deno.symlink(`${folder.path}/real`, `${folder.path}/r`);
  const store = new LocalStore(`${folder.path}/r`, { cache: `${folder.path}/r/.dbx/index/folders` });
  const { setbacks } = await sync(store, `${folder.path}/copy`);
  assertEquals(setbacks, []);
  assertEquals((await filesBelow(`${folder.path}/copy/${EXP}`)).length, 5);
  assertEquals(store.links, []);
});

Deno.test("commands say once which link they met, and go on; check lists links and ends with exit code 1 [F4] [slow]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  await repository(path);
  const later = await openRepository(path);
  const other = await later.experiment({ kind: "other" });
  await lead(path, EXP, `${folder.path}/outside`);
  const before = await state(`${folder.path}/outside`);
  const told = `dbx: "${path}/${EXP}" is a symbolic link and is not followed\n`;
  const commands = [
    ["ls"],
    ["query", "SELECT id, kind FROM experiments"],
    ["series", "loss"],
    ["schema"],
    ["index"],
    ["show", other.id],
    ["gc"],
    ["log", "--exp", other.id, "x", "loss=1"],
    ["rm", other.id],
    ["push", `${folder.path}/second`],
  ];
  for (const command of commands) {
    const { stdout, stderr } = await dbx([...command, "-R", path], { cwd: folder.path });
    const times = stderr.split(told).length - 1;
    // What names an experiment looks at nothing else, once the catalogue knows where it is.
    const namesOne = ["show", "log", "rm"].includes(command[0]);
    assert(times === 1 || (namesOne && times === 0), `${command.join(" ")}: ${stderr}`);
    assert(!stdout.includes(SECRET), command.join(" "));
  }
  const check = await dbx(["check", "--json", "-R", path]);
  assertEquals(check.code, 1);
  const problems: { kind: string; path: string; severity: string; message: string }[] = JSON.parse(check.stdout);
  const links = problems.filter(({ kind }) => kind === "link");
  assertEquals(links.map(({ path, severity }) => [path, severity]), [[EXP, "damage"]]);
  assertMatch(links[0].message, /symbolic link/);
  const missing = await dbx(["show", EXP, "-R", path]);
  assertEquals(missing.code, 1);
  assertStringIncludes(missing.stderr, told);
  assertEquals(await state(`${folder.path}/outside`), before);
});
