import { createRun } from "../../../lib/logger/create.ts";
import { appendNote } from "../../../lib/logger/notes.ts";
import { openRepository } from "../../../lib/logger/open.ts";
import { LogAppender } from "../../../lib/store/local/logs/log_appender.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import type { FileChunk } from "../../../lib/store/store.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const encoder = new TextEncoder();
const NOTE = encoder.encode('{"event":"dbx/tag","ts":1,"tag":"good"}\n');

/** A clock by which nothing is so young that nobody can have taken it for settled. */
const later = () => Date.now() + 2000;

/** A file that comes as a whole. */
async function* whole(name: string, bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<FileChunk[]> {
  yield [{ name, offset: 0, bytes, size: bytes.length, end: true }];
}

Deno.test("show: each way to change a settled experiment changes the folder in which it stands [F63, F76]", async () => {
  await using folder = await scratch();
  const repo = await openRepository(folder.path);
  const experiment = await repo.experiment({ kind: "k", name: "a" });
  const run = await experiment.run({ git: false, env: false });
  run.log("train", { loss: 1 });
  await run.finish();
  const other = await experiment.run({ git: false, env: false });
  await other.finish();
  const store = new LocalStore(folder.path, { now: later });
  using extender = new LogAppender(store.folder);
  const notes = `${experiment.folder}/notes`;
  const runs = `${experiment.folder}/runs`;
  const line = encoder.encode('{"event":"late","ts":1}\n');
  const made = new Map<string, string>();
  const ways: Readonly<Record<string, () => PromiseLike<unknown> | unknown>> = {
    "a run": async () => void made.set("run", (await createRun(store, experiment.folder, {})).folder),
    "a first note": () => appendNote(store, experiment.folder, "dbx/tag", { tag: "good" }),
    "a further note": () => appendNote(store, experiment.folder, "dbx/delete", {}),
    "a note by a server": () => extender.extend(store.path(`${notes}/0000000000001.log.jsonl`), 0, NOTE),
    "a further one": () => extender.extend(store.path(`${notes}/0000000000001.log.jsonl`), NOTE.length, NOTE),
    "notes by synchronisation": () => store.writeMany(whole(`${notes}/0000000000002.log.jsonl`, NOTE)),
    "notes of a store": () => store.append(`${notes}/0000000000003.log.jsonl`, 0, NOTE),
    "notes that go": () => store.remove(`${notes}/0000000000003.log.jsonl`),
    "a run by synchronisation": async () => {
      const id = made.get("run")!.slice(runs.length + 1);
      const text = Deno.readTextFileSync(`${folder.path}/${made.get("run")}/meta.json`).replace(id, "0000000000004");
      assertEquals(
        (await store.writeMany(whole(`${runs}/0000000000004/meta.json`, encoder.encode(text)))).setbacks,
        [],
      );
    },
    "a line of a closed run": () => extender.extend(store.path(`${runs}/${run.id}/log.jsonl`), undefined, line),
    "a log of a closed run": () => store.writeMany(whole(`${runs}/${run.id}/new.log.jsonl`, line)),
    "a run that is purged": () => store.purge([other.id]),
  };
  for (const [way, change] of Object.entries(ways)) {
    // What is done to a closed run shows in the folder above it, too.
    const shown = [`${folder.path}/a`, ...way.endsWith("of a closed run") ? [`${folder.path}/${runs}`] : []];
    const before = shown.map(stateOf);
    await tick(`${folder.path}/a`);
    await change();
    for (const [at, place] of shown.entries()) {
      assert(stateOf(place) !== before[at], `${way} does not show in ${place}`);
    }
  }
});

Deno.test("show: it shows before the change, too, for who is killed right after it [F76]", async () => {
  await using folder = await scratch();
  const repo = await openRepository(folder.path);
  const experiment = await repo.experiment({ kind: "k", name: "a" });
  await experiment.tag("first");
  const store = new LocalStore(folder.path, { now: later });
  const before = stateOf(`${folder.path}/a`);
  await tick(`${folder.path}/a`);
  const open = store.folder.open.bind(store.folder);
  store.folder.open = (name, options) => {
    const file = open(name, options);
    if (!name.startsWith(`${experiment.folder}/notes/`) || options?.append !== true) return file;
    file.writeSync = () => {
      throw new Error("killed");
    };
    return file;
  };
  const { message } = await assertRejects(
    () => appendNote(store, experiment.folder, "dbx/tag", { tag: "second" }),
    Error,
  );
  assertEquals(message, "killed");
  assert(stateOf(`${folder.path}/a`) !== before, "it does not show before");
});

function stateOf(path: string): string {
  const { mtime, ctime } = Deno.lstatSync(path);
  return `${mtime!.getTime()} ${ctime!.getTime()}`;
}

/** Waits until what changes gets another time. */
async function tick(path: string): Promise<void> {
  const { mtime } = Deno.lstatSync(path);
  while (Date.now() - mtime!.getTime() < 20) await new Promise((resolve) => setTimeout(resolve, 5));
}
