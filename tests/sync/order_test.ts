// Killed at chosen moments of a transfer: what a copy shows is never damage, and never logs without what defines them.
import { createHash } from "node:crypto";
import { checkRepository } from "../../lib/repo/check/check.ts";
import { openReader } from "../../lib/repo/open.ts";
import { inventoryMap, withBulkFallback } from "../../lib/store/bulk_fallback.ts";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import { sync } from "../../lib/client/location/sync.ts";
import { wrapStore } from "../../lib/store/wrappers/wrap_store.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const lib = new URL("../../lib/", import.meta.url).href;
const TIME = `"createdAt":"2026-01-01T09:00:00.000Z"`;

/** What the log `dbx` of a run that ended says of its log. */
function sealsOf(log: string, start = `{"event":"dbx/start","ts":1}\n`): string {
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  const seal = JSON.stringify({ event: "dbx/seal", ts: 2, log: "log", size: log.length, sha256: hash(log) });
  const end = `{"event":"dbx/end","ts":3,"status":"finished"`;
  return `${seal}\n${end},"sha256":"${hash(`${start}${seal}\n${end}`)}"}\n`;
}

/** Experiments of several runs, with short logs, and logs that go in several parts. */
async function make(path: string): Promise<void> {
  const store = new LocalStore(path);
  await store.create("dbx.json", encode(`{"dbx":1,"id":"0000000000abc",${TIME}}\n`));
  for (const [at, exp] of ["0000000000ex0", "0000000000ex1"].entries()) {
    await store.create(`${exp}/meta.json`, encode(`{"id":"${exp}","kind":"k",${TIME}}\n`));
    await store.append(`${exp}/notes/0000000000not.log.jsonl`, 0, encode(`{"event":"dbx/tag","ts":1,"tag":"x"}\n`));
    for (const run of [`000000000${at}ru0`, `000000000${at}ru1`]) {
      const folder = `${exp}/runs/${run}`;
      await store.create(`${folder}/meta.json`, encode(`{"id":"${run}",${TIME}}\n`));
      const log = `{"event":"loss","ts":1,"value":0.123}\n`.repeat(run.endsWith("0") ? 3 : 50_000);
      await store.append(`${folder}/dbx.log.jsonl`, 0, encode(`{"event":"dbx/start","ts":1}\n${sealsOf(log)}`));
      await store.append(`${folder}/log.jsonl`, 0, encode(log));
    }
  }
}

/**
 * A process that copies a repository, and kills itself before the part or the naming of a file of that number. It says how many
 * there were.
 */
const COPY = `import { LocalStore } from "${lib}store/local/local_store.ts";
  import { sync } from "${lib}sync/sync.ts";
  import { wrapStore } from "${lib}store/wrappers/wrap_store.ts";
  import { storeRoutes } from "${lib}server/store_routes.ts";
  import { RemoteStore } from "${lib}client/store/remote_store.ts";
  const [from, to, by, what, number] = Deno.args;
  const counts = { parts: 0, names: 0 };
  const count = (kind) => {
    if (kind === what && counts[kind] === Number(number)) Deno.kill(Deno.pid, "SIGKILL");
    counts[kind]++;
  };
  for (const call of ["linkSync", "renameSync"]) {
    const own = Deno[call];
    Deno[call] = (...args) => (count("names"), own(...args));
  }
  const source = new LocalStore(from);
  const counted = wrapStore(source, { async *readMany(...given) {
    for await (const batch of source.readMany(...given)) for (const part of batch) { count("parts"); yield [part]; }
  } });
  const folder = new LocalStore(to);
  const target = by === "folder" ? folder
    : new RemoteStore({ location: to, base: "http://peer", transport: storeRoutes(folder) });
  await sync(counted, target, { direction: "push" });
  console.log(JSON.stringify(counts));`;

async function copy(...args: string[]): Promise<{ isKilled: boolean; said: string }> {
  const { signal, stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", "--no-check", COPY, ...args],
    stdin: "null",
  }).output();
  assert(success || signal === "SIGKILL", new TextDecoder().decode(stderr));
  return { isKilled: signal === "SIGKILL", said: new TextDecoder().decode(stdout) };
}

/** Logs in a copy whose run or experiment is not there yet. */
async function orphans(path: string): Promise<string[]> {
  const names = new Set((await inventoryMap(withBulkFallback(new LocalStore(path)))).keys());
  const found: string[] = [];
  for (const name of names) {
    const [, experiment, run] = /^([^/]+)\/(?:(runs\/[^/]+)\/|notes\/)/.exec(name) ?? [];
    if (experiment === undefined) continue;
    const wanted = [`${experiment}/meta.json`, ...(run === undefined ? [] : [`${experiment}/${run}/meta.json`])];
    if (wanted.some((one) => !names.has(one))) found.push(name);
  }
  return found;
}

for (const by of ["folder", "routes"]) {
  Deno.test(`sync by ${by}: killed before each part and each naming, a copy holds no damage and no log without its run [S3, S25, S37] [slow]`, async () => {
    await using folder = await scratch();
    const a = `${folder.path}/a`;
    await make(a);
    const { said } = await copy(a, `${folder.path}/whole`, by, "none", "0");
    const counts = JSON.parse(said) as Record<string, number>;
    assert(counts.parts > 12 && counts.names > 8, said);
    for (const what of ["parts", "names"]) {
      const step = Math.max(1, Math.floor(counts[what] / 7));
      for (let number = 0; number < counts[what]; number += step) {
        const b = `${folder.path}/${what}${number}`;
        const moment = `${by}: before number ${number} of ${counts[what]} ${what}`;
        assertEquals((await copy(a, b, by, what, String(number))).isKilled, true, moment);
        assertEquals(await orphans(b), [], moment);
        if (await Deno.stat(`${b}/dbx.json`).then(() => true, () => false)) {
          const problems = await Array.fromAsync(checkRepository(await openReader(b), { readData: true }));
          assertEquals(problems.filter(({ severity }) => severity === "damage"), [], moment);
        }
        await Deno.mkdir(b, { recursive: true });
        assertEquals((await sync(a, b, { direction: "push" })).setbacks, [], moment);
        assertEquals((await sync(a, b, { direction: "push" })).sent.files, 0, moment);
      }
    }
  });
}

for (const by of ["folder", "routes"]) {
  Deno.test(`sync by ${by}: a run that writes and ends between two files leaves no seal of lines that did not come [S3]`, async () => {
    await using folder = await scratch();
    const [a, b] = [`${folder.path}/a`, `${folder.path}/b`];
    const source = new LocalStore(a);
    const exp = "0000000000ex0", run = `${exp}/runs/0000000000ru0`;
    const start = `{"event":"dbx/start","ts":1}\n`, line = `{"event":"loss","ts":1}\n`;
    await source.create("dbx.json", encode(`{"dbx":1,"id":"0000000000abc",${TIME}}\n`));
    await source.create(`${exp}/meta.json`, encode(`{"id":"${exp}",${TIME}}\n`));
    await source.create(`${run}/meta.json`, encode(`{"id":"0000000000ru0",${TIME}}\n`));
    await source.append(`${run}/log.jsonl`, 0, encode(line));
    await source.append(`${run}/dbx.log.jsonl`, 0, encode(start));
    let hasEnded = false;
    const ending = wrapStore(source, {
      async *readMany(wants, options) {
        for (const want of wants) {
          yield* source.readMany([want], options);
          if (want.name !== `${run}/log.jsonl` || hasEnded) continue;
          hasEnded = true;
          await source.append(`${run}/log.jsonl`, line.length, encode(line));
          await source.append(`${run}/dbx.log.jsonl`, start.length, encode(sealsOf(line + line)));
        }
      },
    });
    const copied = new LocalStore(b);
    const target = by === "folder"
      ? copied
      : new RemoteStore({ location: b, base: "http://peer", transport: storeRoutes(copied) });
    if (by === "routes") await Deno.mkdir(b);
    assertEquals((await sync(ending, target, { direction: "push" })).setbacks, []);
    assert(hasEnded);
    if (by === "routes") await copied.create("dbx.json", await source.read("dbx.json")).catch(() => {});
    assertEquals(await Array.fromAsync(checkRepository(await openReader(b))), []);
    assertEquals(new TextDecoder().decode(await copied.read(`${run}/dbx.log.jsonl`)), start);
    assertEquals((await sync(source, target, { direction: "push" })).setbacks, []);
    for (const name of ["log.jsonl", "dbx.log.jsonl"]) {
      assertEquals(await copied.read(`${run}/${name}`), await source.read(`${run}/${name}`));
    }
    assertEquals(await Array.fromAsync(checkRepository(await openReader(b))), []);
  });
}
