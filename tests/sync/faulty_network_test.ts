// A network that flips bits, and one that cuts connections: what is copied is right, or an error says that it is not.
import { createHash } from "node:crypto";
import { DbxError } from "../../lib/base/errors.ts";
import { classifyPath } from "../../lib/format/layout/file_kind.ts";
import { inventoryMap, withBulkFallback } from "../../lib/store/bulk_fallback.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { sync } from "../../lib/client/location/sync.ts";
import type { SyncReport } from "../../lib/sync/sync.ts";
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { Random } from "../format/random.ts";
import { serveBehindProxy } from "./behind_proxy.ts";
import type { Fault, Proxy } from "./proxy.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const SEED = Number(Deno.env.get("DBX_TEST_SEED") ?? 1);

/** A repository of a few experiments: definitions, logs that pack well and badly, notes, objects. */
async function make(path: string, random: Random): Promise<void> {
  const store = new LocalStore(path);
  const time = `"createdAt":"2026-01-01T09:00:00.000Z"`;
  await store.create("dbx.json", encode(`{"dbx":1,"id":"0000000000abc",${time}}\n`));
  for (let at = 0; at < 3; at++) {
    const exp = `0000000000ex${at}`;
    const run = `${exp}/runs/0000000000ru${at}`;
    await store.create(
      `${exp}/meta.json`,
      encode(`{"id":"${exp}","kind":"k","params":{"lr":${random.next()}},${time}}\n`),
    );
    await store.create(
      `${run}/meta.json`,
      encode(`{"id":"0000000000ru${at}","hostname":"h${random.next()}",${time}}\n`),
    );
    let lines = "";
    for (let step = 0; step < 60; step++) lines += `{"event":"loss/${step}","ts":${step},"value":${random.next()}}\n`;
    await store.append(`${run}/log.jsonl`, 0, encode(lines));
    await store.append(`${run}/dbx.log.jsonl`, 0, encode(`{"event":"dbx/start","ts":1}\n`));
    await store.append(`${exp}/notes/0000000000no${at}.log.jsonl`, 0, encode(`{"event":"dbx/tag","ts":1,"tag":"x"}\n`));
    const bytes = new Uint8Array(2000).map(() => random.below(256));
    const hash = createHash("sha256").update(bytes).digest("hex");
    await store.create(`objects/${hash.slice(0, 2)}/${hash}`, bytes);
  }
}

/** Lines more in the logs of a repository. */
async function grow(path: string, random: Random): Promise<void> {
  for (let at = 0; at < 3; at++) {
    const log = `${path}/0000000000ex${at}/runs/0000000000ru${at}/log.jsonl`;
    await Deno.writeTextFile(log, `{"event":"more","ts":5,"value":${random.next()}}\n`.repeat(1 + random.below(9)), {
      append: true,
    });
  }
}

/** What stands in a copy that does not stand so in the source: nothing may. With `whole`, what is missing too. */
async function faults(source: string, copy: string, whole: boolean): Promise<string[]> {
  const found: string[] = [];
  const [truth, own] = [new LocalStore(source), new LocalStore(copy)];
  const seen = await inventoryMap(withBulkFallback(own));
  const known = await inventoryMap(withBulkFallback(truth));
  for (const [name, { partial }] of seen) {
    if (partial) continue;
    if (!known.has(name)) {
      found.push(`${name} was never written`);
      continue;
    }
    const [right, bytes] = [await truth.read(name), await own.read(name)];
    if (classifyPath(name) !== "log" && bytes.length !== right.length) found.push(`${name} has another length`);
    if (bytes.some((byte, at) => byte !== right[at])) found.push(`${name} has wrong bytes`);
  }
  if (!whole) return found;
  for (const name of known.keys()) {
    const there = seen.has(name) ? (await own.read(name)).length : -1;
    if (there !== (await truth.read(name)).length) found.push(`${name} is not whole`);
  }
  return found;
}

/** A server for a folder behind a proxy, and stores that do not wait for long. */
async function served(path: string) {
  await Deno.mkdir(path, { recursive: true });
  return await serveBehindProxy(path, { head: 1500, body: 500 });
}

/** How a synchronisation over a bad network ended. */
async function attempt(work: () => Promise<SyncReport>): Promise<"well" | string> {
  try {
    const { setbacks } = await work();
    return setbacks.length === 0 ? "well" : setbacks.map(({ kind, message }) => `${kind}: ${message}`).join("; ");
  } catch (error) {
    assert(error instanceof DbxError, `not an error of ours: ${(error as Error).stack}`);
    assert(/^(Cannot|http)/.test(error.message), error.message);
    return error.message;
  }
}

/** A fault somewhere in the bytes of a synchronisation that went well. */
function somewhere({ passed }: Proxy, random: Random, flip: boolean): Fault {
  const way = random.below(passed.up + passed.down) < passed.up ? "up" : "down";
  return { way, at: random.below(passed[way]), ...(flip && { bit: random.below(8) }) };
}

for (const way of ["clone", "push", "pull"] as const) {
  Deno.test(`${way}: of 70, each with one bit flipped on its way, none ends with wrong bytes [S11] [slow]`, async () => {
    await using folder = await scratch();
    const random = new Random(SEED * 1000 + way.length);
    const source = `${folder.path}/source`;
    await make(source, random);
    let well = 0, harmless = 0;
    for (let turn = 0; turn < 70; turn++) {
      const copy = `${folder.path}/${turn}`;
      await using server = await served(way === "push" ? copy : source);
      const { proxy } = server;
      const round = async () => {
        using store = server.connect();
        return way === "push"
          ? await sync(new LocalStore(source), store, { direction: "push" })
          : await sync(store, new LocalStore(copy), { direction: "push" });
      };
      // What a synchronisation without a fault sends says where one can be.
      if (way !== "clone") {
        await round();
        await grow(source, random);
      }
      const clean = `${folder.path}/clean`;
      if (way === "push") await copyOf(copy, clean);
      else {
        if (way === "pull") await copyOf(copy, clean);
        proxy.reset();
        using store = server.connect();
        await sync(store, new LocalStore(clean), { direction: "push" });
      }
      const fault = way === "push"
        ? { way: random.below(3) < 2 ? "up" : "down", at: random.below(2500), bit: random.below(8) } as const
        : somewhere(proxy, random, true);
      proxy.reset(fault);
      const what = `seed ${SEED}, turn ${turn}, ${JSON.stringify(fault)}`;
      const ended = await attempt(round);
      if (!proxy.isDone) harmless++;
      assertEquals(await faults(source, copy, ended === "well"), [], `${what}: ${ended}`);
      if (ended === "well") well++;
      // Whatever happened, a repetition over a good line makes it right.
      proxy.reset();
      assertEquals(await attempt(round), "well", what);
      assertEquals(await faults(source, copy, true), [], what);
      for (const path of [copy, clean]) await Deno.remove(path, { recursive: true });
    }
    assert(well > 40, `only ${well} of 70 mended themselves`);
    assert(harmless < 20, `${harmless} of 70 met no fault`);
  });
}

async function copyOf(from: string, to: string): Promise<void> {
  await sync(from, to, { direction: "push" });
}

Deno.test("a line that flips bits again and again: an error in the end, and no wrong bytes", async () => {
  await using folder = await scratch();
  const random = new Random(SEED);
  const source = `${folder.path}/source`;
  await make(source, random);
  for (const way of ["up", "down"] as const) {
    for (const every of [150, 700, 3000]) {
      const copy = `${folder.path}/${way}${every}`;
      await using server = await served(source);
      server.proxy.reset({ way, at: 20, bit: 3, every });
      using store = server.connect();
      const ended = await attempt(() => sync(store, new LocalStore(copy), { direction: "push" }));
      await Deno.mkdir(copy, { recursive: true });
      assertEquals(await faults(source, copy, ended === "well"), [], ended);
      if (every === 150) assert(ended !== "well");
    }
  }
});

Deno.test("a connection that is cut, at many places of every kind of answer: it goes on where it was, or says so [S68] [slow]", async () => {
  await using folder = await scratch();
  const source = `${folder.path}/source`;
  await make(source, new Random(SEED));
  for (const way of ["up", "down"] as const) {
    await using measured = await served(source);
    {
      using store = measured.connect();
      await sync(store, new LocalStore(`${folder.path}/clean`), { direction: "push" });
    }
    const total = measured.proxy.passed[way];
    for (let part = 0; part < 24; part++) {
      const copy = `${folder.path}/${way}${part}`;
      await using server = await served(source);
      const at = Math.floor(total * part / 24);
      // Once: it is tried again. Then again and again: it is an error, whose words say what to do.
      server.proxy.reset({ way, at });
      {
        using store = server.connect();
        const ended = await attempt(() => sync(store, new LocalStore(copy), { direction: "push" }));
        // A server that has never answered is not waited for.
        if (ended !== "well") assertStringIncludes(ended, "Cannot reach");
        assert(ended === "well" || at < 400, `${way} ${at}: ${ended}`);
        if (ended !== "well") await Deno.mkdir(copy, { recursive: true });
        assertEquals(await faults(source, copy, ended === "well"), []);
      }
      const other = `${copy}-again`;
      server.proxy.reset({ way, at, each: true });
      using store = server.connect();
      const ended = await attempt(() => sync(store, new LocalStore(other), { direction: "push" }));
      if (ended !== "well") assertStringIncludes(ended, "try again");
      else assert(part > 8, "no answer came through");
      await Deno.mkdir(other, { recursive: true });
      assertEquals(await faults(source, other, ended === "well"), []);
    }
  }
});
