// What a collection holds back for now, and that it says so.
import { createHash } from "node:crypto";
import { collectGarbage, type GcReport } from "../../../lib/repo/gc/gc.ts";
import { initRepository, openReader } from "../../../lib/repo/open.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const [EXP, OTHER, RUN, ADDED] = ["0exp000000001", "0exp000000002", "0run000000001", "0run000000002"];
const TIME = "2026-01-01T00:00:00.000Z";
const MINUTE = 60_000;
const SHA256 = createHash("sha256").update("pruned").digest("hex");
const FILE = `{"event":"dbx/file","ts":1,"name":"a.pt","size":6,` +
  `"file":{"_dbx":"expfile","exp":"${EXP}","name":"a.pt","sha256":"${SHA256}"}}\n`;
const UNKEPT = `{"event":"dbx/unkept","ts":2,"name":"a.pt","sha256":"${SHA256}"}\n`;
const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** A repository with a finished run that pruned a file, and then what `dbx log --exp` writes in a folder. */
async function withAddition(path: string, experiment = EXP, more = `,"addition":true`): Promise<LocalStore> {
  await initRepository(path);
  const store = new LocalStore(path);
  await store.create(`objects/${SHA256.slice(0, 2)}/${SHA256}`, encode("pruned"));
  for (const id of new Set([EXP, experiment])) {
    await store.create(`${id}/meta.json`, encode(`{"id":"${id}","createdAt":"${TIME}"}`));
  }
  await store.create(`${EXP}/runs/${RUN}/meta.json`, encode(`{"id":"${RUN}","createdAt":"${TIME}"}`));
  await store.append(`${EXP}/runs/${RUN}/files.log.jsonl`, 0, encode(FILE + UNKEPT));
  await store.append(`${EXP}/runs/${RUN}/dbx.log.jsonl`, 0, encode(`{"event":"dbx/end","ts":3,"status":"finished"}\n`));
  const added = `${experiment}/runs/${ADDED}`;
  await store.create(`${added}/meta.json`, encode(`{"id":"${ADDED}","createdAt":"${TIME}"${more}}`));
  await store.append(`${added}/log.jsonl`, 0, encode(`{"event":"eval","ts":4,"acc":1}\n`));
  return store;
}

/** Collects some time later, by all clocks; the object was put half an hour before that. */
async function collectAfter(store: LocalStore, ms: number): Promise<GcReport> {
  const now = Date.now() + ms;
  const reader = await openReader(store);
  return await collectGarbage(reader, store, { olderThan: 0, now, putAt: () => now - 30 * MINUTE });
}

Deno.test("gc: what dbx log added a minute ago is closed, and holds nothing back [F69]", async () => {
  await using folder = await scratch();
  const store = await withAddition(folder.path);
  const early = await collectAfter(store, MINUTE / 2);
  assertEquals([early.objects, early.plan.held.running], [0, { count: 1, bytes: 6 }]);
  assertEquals(early.plan.held.runs, [`${EXP}/${ADDED}`]);
  const later = await collectAfter(store, 2 * MINUTE);
  assertEquals([later.objects, later.plan.held.running.count, later.plan.held.runs], [1, 0, []]);
});

Deno.test("gc: a run without an end holds back the files of other experiments too: it may have put the same [F68]", async () => {
  await using folder = await scratch();
  const store = await withAddition(folder.path, OTHER, "");
  const { objects, plan } = await collectAfter(store, 2 * MINUTE);
  assertEquals([objects, plan.held.running, plan.held.runs], [0, { count: 1, bytes: 6 }, [`${OTHER}/${ADDED}`]]);
  const later = await collectAfter(store, 11 * MINUTE);
  assertEquals([later.objects, later.plan.held.runs], [1, []]);
});

Deno.test("gc: an addition that has a life log is a run as any other [F69]", async () => {
  await using folder = await scratch();
  const store = await withAddition(folder.path);
  await store.append(`${EXP}/runs/${ADDED}/dbx.log.jsonl`, 0, encode(`{"event":"dbx/heartbeat","ts":5}\n`));
  assertEquals((await collectAfter(store, 2 * MINUTE)).objects, 0);
});

Deno.test("gc: an addition to which a file was put later goes on, and is not removed with its experiment [slow] [F69] [slow]", async () => {
  await using folder = await scratch();
  const store = await withAddition(folder.path);
  await store.create(`${EXP}/notes/0note00000001.log.jsonl`, encode(`{"event":"dbx/delete","ts":1}\n`));
  // Its definition alone tells that it is being written.
  assertEquals((await collectAfter(store, MINUTE / 2)).experiments, []);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  await store.append(`${EXP}/runs/${ADDED}/put-0a.log.jsonl`, 0, encode(FILE));
  const { experiments, objects, plan } = await collectAfter(store, 2 * MINUTE);
  assertEquals([experiments, objects, plan.held.runs], [[], 0, [`${EXP}/${ADDED}`]]);
  assertEquals((await collectAfter(store, 11 * MINUTE)).experiments, [EXP]);
});

Deno.test("gc: an object that nothing refers to is held back until it is old enough", async () => {
  await using folder = await scratch();
  await initRepository(folder.path);
  const store = new LocalStore(folder.path);
  await store.create(`objects/${SHA256.slice(0, 2)}/${SHA256}`, encode("pruned"));
  const now = Date.now();
  const options = { olderThan: 60 * MINUTE, now, putAt: () => now - 30 * MINUTE };
  const { objects, plan } = await collectGarbage(await openReader(store), store, options);
  assertEquals([objects, plan.held.unreferred, plan.held.running.count], [0, { count: 1, bytes: 6 }, 0]);
});

Deno.test("gc: files that were put to a run that ended hold nothing back [slow]", async () => {
  await using folder = await scratch();
  const store = await withAddition(folder.path);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  await store.append(`${EXP}/runs/${RUN}/put-0a.log.jsonl`, 0, encode(FILE.replaceAll(SHA256, "0".repeat(64))));
  const { objects, plan } = await collectAfter(store, 2 * MINUTE);
  assertEquals([objects, plan.held.runs], [1, []]);
});
