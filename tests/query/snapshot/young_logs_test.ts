import { createRun } from "../../../lib/logger/create.ts";
import { openRepository } from "../../../lib/logger/open.ts";
import { FileCatalogue } from "../../../lib/query/snapshot/catalogue/file_catalogue.ts";
import { QuerySession } from "../../../lib/query/session/session.ts";
import { takeSnapshot } from "../../../lib/query/snapshot/snapshot.ts";
import { sourceOf } from "../../../lib/query/snapshot/source.ts";
import { openReader } from "../../../lib/repo/open.ts";
import { assert, assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const NEEDS = { status: false, runs: true, runStatus: false, logs: true, columns: true };

const line = (value: number) => `{"event":"train","ts":1,"loss":${value}}\n`;

/** What somebody who asks again and again is told, by a clock that is so many milliseconds ahead. */
async function opened(path: string, clock: { ahead: number }) {
  const folder = `${path}/.dbx/index`;
  const catalogue = new FileCatalogue(folder, { now: () => Date.now() + clock.ahead });
  const source = sourceOf(await openReader(path, { catalogue }), { folder });
  source.index.worthWriting = { bytes: 0, logs: 1 };
  return async () => {
    const snapshot = await takeSnapshot([source], NEEDS, { now: Date.now() });
    catalogue.save();
    using answer = await new QuerySession(snapshot).query("SELECT value FROM points WHERE key = 'loss'");
    return (await Array.fromAsync(answer)).map(([value]) => value);
  };
}

/** A log of a run that goes on, written at the beginning of a second. */
async function youngLog(path: string): Promise<{ log: string; mtime: Date; write: (value: number) => boolean }> {
  const repo = await openRepository(path);
  const experiment = await repo.experiment({ kind: "k" });
  const { definition: { id } } = await createRun(repo.store, experiment.folder, {});
  const log = `${path}/${experiment.folder}/runs/${id}/log.jsonl`;
  await new Promise((resolve) => setTimeout(resolve, 1000 - Date.now() % 1000));
  Deno.writeTextFileSync(log, line(1));
  const { mtime, ctime } = Deno.statSync(log);
  const write = (value: number) => {
    Deno.writeTextFileSync(log, line(value));
    Deno.utimeSync(log, mtime!, mtime!);
    // The runtime gives this time in whole seconds.
    return Deno.statSync(log).ctime!.getTime() === ctime!.getTime();
  };
  return { log, mtime: mtime!, write };
}

Deno.test("a log that was written anew within the second, as long and by its time as old as before, is seen", async () => {
  for (let turn = 0;; turn++) {
    assert(turn < 10, "this machine is too slow");
    await using folder = await scratch();
    const { write } = await youngLog(folder.path);
    const ask = await opened(folder.path, { ahead: 0 });
    const first = await ask();
    const isUnseen = write(2);
    // Both who asks again and who was just started.
    const found = [await ask(), await (await opened(folder.path, { ahead: 0 }))()];
    const isUnseenAgain = write(3);
    found.push(await ask());
    if (!isUnseen || !isUnseenAgain) continue;
    assertEquals([first, ...found], [[1], [2], [2], [3]]);
    break;
  }
});

Deno.test("a log that was written lately is compared until its times prove that it is the same, and then once more", async () => {
  await using folder = await scratch();
  await youngLog(folder.path);
  const clock = { ahead: 0 };
  const reads: string[] = [];
  const ask = async () => {
    const path = `${folder.path}/.dbx/index`;
    const catalogue = new FileCatalogue(path, { now: () => Date.now() + clock.ahead });
    const source = sourceOf(await openReader(folder.path, { catalogue }), { folder: path });
    source.index.worthWriting = { bytes: 1e9, logs: 1e9 };
    const { store } = source.repository;
    const read = store.read.bind(store);
    store.read = (...args) => {
      if (args[0].endsWith("log.jsonl")) reads.push(args[0]);
      return read(...args);
    };
    await takeSnapshot([source], NEEDS, { now: Date.now() });
    return reads.splice(0).length;
  };
  await (await opened(folder.path, clock))();
  assert(await ask() > 0);
  assert(await ask() > 0);
  clock.ahead = 60_000;
  assert(await ask() > 0, "it is compared, and found the same");
  assertEquals(await ask(), 0, "that is written down, however little it is");
});
