import { openRepository } from "../../../lib/logger/open.ts";
import { Lifecycle } from "../../../lib/logger/lifecycle.ts";
import { checkRepository } from "../../../lib/repo/check/check.ts";
import { openReader } from "../../../lib/repo/open.ts";
import type { Problem } from "../../../lib/repo/problems/problem.ts";
import { parseSeal, SEAL_EVENT } from "../../../lib/format/events/seal.ts";
import { assert, assertEquals, assertStringIncludes } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { Random, testSeed } from "../../format/random.ts";

const seeded = new Random(testSeed());

async function check(path: string): Promise<Problem[]> {
  return await Array.fromAsync(checkRepository(await openReader(path), { readData: true }));
}

const damages = async (path: string): Promise<Problem[]> =>
  (await check(path)).filter(({ severity }) => severity === "damage");

async function sealedRun(path: string): Promise<{ dir: string; experiment: string; object: string }> {
  const repo = await openRepository(path);
  const experiment = await repo.experiment({ kind: "k", name: "a/b", params: { lr: 0.1, layers: [1, 2] } });
  const run = await experiment.run({ git: false, env: false, cmd: ["python", "train.py"] });
  const output = run.openLog("stdout");
  for (let i = 0; i < 40; i++) {
    run.log(`train/epoch/${i}`, { loss: 1 / (i + 1), acc: i / 40 });
    output.log("stdout", { text: `epoch ${i} of 40` });
  }
  const file = await run.file("weights", crypto.getRandomValues(new Uint8Array(3000)));
  await run.finish();
  const sha256 = String(file.sha256);
  return {
    dir: run.dir,
    experiment: `${path}/${experiment.folder}`,
    object: `${path}/objects/${sha256.slice(0, 2)}/${sha256}`,
  };
}

Deno.test("checkSeals: of 500 random flips in each kind of file of a run that ended, all are found [slow]", async () => {
  await using folder = await scratch();
  const { dir, experiment, object } = await sealedRun(folder.path);
  assertEquals(await check(folder.path), []);
  const kinds = {
    "experiment's meta.json": `${experiment}/meta.json`,
    "run's meta.json": `${dir}/meta.json`,
    "log": `${dir}/log.jsonl`,
    "output (stdout)": `${dir}/stdout.log.jsonl`,
    "life (dbx)": `${dir}/dbx.log.jsonl`,
    "object, with --read-data": object,
  };
  const rates: string[] = [];
  for (const [kind, path] of Object.entries(kinds)) {
    const bytes = await Deno.readFile(path);
    const missed: string[] = [];
    for (let round = 0; round < 500; round++) {
      const at = Math.floor(seeded.next() * bytes.length);
      const bit = Math.floor(seeded.next() * 8);
      const flipped = bytes.slice();
      flipped[at] ^= 1 << bit;
      await Deno.writeFile(path, flipped);
      if ((await damages(folder.path)).length === 0) missed.push(`byte ${at} of ${bytes.length}, bit ${bit}`);
    }
    await Deno.writeFile(path, bytes);
    rates.push(`${kind.padEnd(26)} ${500 - missed.length} of 500`);
    assertEquals(missed, [], kind);
  }
  console.log(rates.join("\n"));
  assertEquals(await check(folder.path), []);
});

Deno.test("checkSeals: a log of which no byte was sealed need not be there", async () => {
  await using folder = await scratch();
  const { dir } = await sealedRun(folder.path);
  const sealed = (size: number) =>
    `{"event":"dbx/seal","ts":1,"log":"more","size":${size},"sha256":"${
      size === 0 ? "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" : "0".repeat(64)
    }"}\n`;
  for (const size of [0, 1]) {
    await Deno.writeTextFile(`${dir}/dbx.log.jsonl`, `{"event":"dbx/start","ts":1}\n${sealed(size)}`);
    assertEquals((await check(folder.path)).map(({ kind }) => kind), size === 0 ? [] : ["growing-log"]);
  }
});

Deno.test("checkSeals: says which bytes differ, what is missing, and that the end is sealed too", async () => {
  await using folder = await scratch();
  const { dir } = await sealedRun(folder.path);
  const log = `${dir}/log.jsonl`;
  const text = await Deno.readTextFile(log);
  await Deno.writeTextFile(log, text.replace('"loss":0.5', '"loss":0.4'));
  const [changed] = await damages(folder.path);
  assertEquals([changed.kind, changed.path.endsWith("/log.jsonl")], ["broken-seal", true]);
  assertStringIncludes(changed.message, `bytes 0 to ${text.length} differ from those that were sealed`);
  await Deno.writeTextFile(log, text.slice(0, text.indexOf("\n") + 1));
  assertEquals((await damages(folder.path)).map(({ kind }) => kind), ["short-log"]);
  await Deno.writeTextFile(log, text);
  const life = await Deno.readTextFile(`${dir}/dbx.log.jsonl`);
  await Deno.writeTextFile(`${dir}/dbx.log.jsonl`, life.replace(/,"sha256":"[0-9a-f]+"\}\n$/, "}\n"));
  assertStringIncludes((await damages(folder.path))[0].message, "the end is not sealed");
});

Deno.test("Lifecycle: heartbeats seal what grew, and only that; logs of others are read along [F62]", async () => {
  await using folder = await scratch();
  const repo = await openRepository(folder.path);
  const experiment = await repo.experiment({ kind: "k" });
  const first = await experiment.run({ git: false, env: false });
  await first.finish();
  const dir = `${folder.path}/${experiment.folder}/runs/0123456789abc`;
  await Deno.mkdir(dir);
  await Deno.writeTextFile(
    `${dir}/meta.json`,
    (await Deno.readTextFile(`${first.dir}/meta.json`)).replaceAll(first.id, "0123456789abc"),
  );
  let now = Date.now();
  const life = new Lifecycle(`${dir}/dbx.log.jsonl`, { pid: 1 }, undefined, { now: () => now });
  const own = life.open("printed");
  const child = (text: string) => Deno.writeTextFile(`${dir}/log.jsonl`, text, { append: true });
  const seals = async () => {
    const lines = (await Deno.readTextFile(`${dir}/dbx.log.jsonl`)).split("\n").slice(0, -1).map((line) =>
      JSON.parse(line)
    );
    return lines.flatMap(({ event, ts: _, ...data }) => (event === SEAL_EVENT ? [parseSeal(data)!] : []));
  };
  const names = async (from: number) => (await seals()).slice(from).map(({ log, definition }) => log ?? definition);
  assertEquals(await names(0), ["experiment", "run"]);
  own.write("a", { v: 1 });
  await child('{"event":"x","ts":1}\n{"event":');
  life.beat(now += 31_000);
  assertEquals(await names(2), ["log", "printed", "dbx"]);
  assertEquals((await seals())[2].size, 21);
  await child('"y","ts":2}\n');
  life.beat(now += 31_000);
  assertEquals(await names(5), ["log", "dbx"]);
  life.beat(now += 31_000);
  assertEquals(await names(7), ["dbx"]);
  // A run that did not end is checked as far as it was sealed.
  assertEquals(await damages(folder.path), []);
  const text = await Deno.readTextFile(`${dir}/log.jsonl`);
  await Deno.writeTextFile(`${dir}/log.jsonl`, text.replace('"ts":2', '"ts":3'));
  const [found] = await damages(folder.path);
  assertStringIncludes(found.message, "bytes 21 to 42");
  await Deno.writeTextFile(`${dir}/log.jsonl`, text);
  await own.close();
  await life.end({ status: "finished" }, { events: 0, reasons: [] });
  assertEquals(await check(folder.path), []);
  assert((await seals()).length >= 9);
});
