import { LogIndex } from "../../lib/index/log_index.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { dumpOf } from "./columns_dump.ts";

const LOGS = 6000;

/** Many short logs in folders of their own, and two long ones. */
function make(path: string) {
  const files = Array.from({ length: LOGS }, (_, at) => {
    const name = `e${at}/log.jsonl`;
    Deno.mkdirSync(`${path}/e${at}`);
    const line = (step: number) => `{"event":"train/${step}","ts":${1e12 + step},"loss":${at / (step + 1)}}\n`;
    const long = at === 0 || at === LOGS - 1 ? 30_000 : 3;
    Deno.writeTextFileSync(`${path}/${name}`, Array.from({ length: long }, (_, step) => line(step)).join(""));
    return name;
  });
  return files.map((name) => {
    const info = Deno.lstatSync(`${path}/${name}`);
    const seen = { dev: info.dev, ino: info.ino };
    return { path: name, version: 1 as const, size: info.size, modifiedAt: 1, points: true, seen };
  });
}

const packsIn = (path: string) => [...Deno.readDirSync(`${path}/index`)].filter(({ name }) => name.endsWith(".pack"));

Deno.test("LogIndex: logs that are read while others are still listed, by several threads [slow]", async () => {
  await using folder = await scratch();
  const { path } = folder;
  const logs = make(path);
  const index = new LogIndex(new LocalStore(path), { folder: `${path}/index` });
  const told: number[] = [];
  {
    using update = index.begin({ onProgress: ({ bytes }) => told.push(bytes) });
    for (let from = 0; from < logs.length; from += 500) await update.add(logs.slice(from, from + 500));
    await update.finish();
  }
  const total = logs.reduce((sum, { size }) => sum + size, 0);
  assertEquals([index.bytesRead, told.at(-1)], [total, total]);
  const plain = new LogIndex(new LocalStore(path));
  await plain.update(logs);
  for (const { path: log } of [...logs.slice(0, 50), ...logs.slice(-50)]) {
    assertEquals(dumpOf(index, log), dumpOf(plain, log), log);
  }
  assertEquals(await index.verify(logs), { differ: [], behind: [] });
  // The next one reads nothing.
  const next = new LogIndex(new LocalStore(path), { folder: `${path}/index` });
  await next.update(logs);
  assertEquals([next.bytesRead, next.bytesWritten], [0, 0]);
});

Deno.test("LogIndex: an update that is given up amid the listing changes nothing and frees the lock [slow]", async () => {
  await using folder = await scratch();
  const { path } = folder;
  const logs = make(path);
  const open = () => new LogIndex(new LocalStore(path), { folder: `${path}/index` });
  {
    using update = open().begin();
    await update.add(logs.slice(0, 5500));
  }
  const controller = new AbortController();
  await assertRejects(
    async () => {
      using update = open().begin({ signal: controller.signal });
      await update.add(logs.slice(0, 5500));
      controller.abort(new Error("given up"));
      await update.finish();
    },
    Error,
    "given up",
  );
  const index = open();
  await index.update(logs);
  assertEquals(dumpOf(index, logs[7].path).split("\n").length, 3);
  // What the others had begun to write is gone.
  assertEquals(packsIn(path).length, new Set(logs.flatMap((log) => index.partsOf(log)!.map(({ pack }) => pack))).size);
});

Deno.test("LogIndex: a file that was put in the place of one that was listed is opened as any other, a link is not", async () => {
  await using folder = await scratch();
  const { path } = folder;
  Deno.mkdirSync(`${path}/r`);
  const line = '{"event":"e","ts":1,"loss":1}\n';
  for (const name of ["a", "b", "secret"]) Deno.writeTextFileSync(`${path}/r/${name}.jsonl`, line);
  Deno.renameSync(`${path}/r/secret.jsonl`, `${path}/secret.jsonl`);
  const logs = ["a", "b"].map((name) => {
    const { dev, ino, size } = Deno.lstatSync(`${path}/r/${name}.jsonl`);
    return { path: `${name}.jsonl`, version: 1 as const, size, modifiedAt: 1, points: true, seen: { dev, ino } };
  });
  Deno.writeTextFileSync(`${path}/r/new.jsonl`, line.replace("1}", "2}"));
  Deno.renameSync(`${path}/r/new.jsonl`, `${path}/r/a.jsonl`);
  Deno.removeSync(`${path}/r/b.jsonl`);
  Deno.symlinkSync("../secret.jsonl", `${path}/r/b.jsonl`);
  const index = new LogIndex(new LocalStore(`${path}/r`));
  await index.update([logs[0]]);
  assert(dumpOf(index, "a.jsonl").endsWith("loss 0 2"), dumpOf(index, "a.jsonl"));
  await assertRejects(() => index.update(logs), Error, "symbolic link");
});
