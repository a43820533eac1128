// Random histories with purges in three copies, in any order and with synchronisations in any direction: all become equal,
// what was purged is in none of them, byte by byte, and nothing else is lost.
import { createHash } from "node:crypto";
import { tombstoneName } from "../../lib/format/layout/tombstone.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { MemoryStore } from "../../lib/store/memory_store.ts";
import { putObject } from "../../lib/store/local/objects.ts";
import { sync } from "../../lib/sync/sync.ts";
import { inventoryMap, withBulkFallback } from "../../lib/store/bulk_fallback.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { Random } from "../format/random.ts";
import { type Copy, copyIn } from "./world.ts";

const SEED = Number(Deno.env.get("DBX_TEST_SEED") ?? 1);
const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const AT = `"createdAt":"2026-01-01T09:00:00.000Z"`;

/** A run, the bytes that only it holds, and the objects that it refers to. */
interface MadeRun {
  readonly id: string;
  readonly experiment: string;
  readonly folder: string;
  readonly objects: string[];
}

/** What was written and purged. */
class History {
  readonly runs: MadeRun[] = [];
  readonly experiments: { readonly id: string; readonly folder: string }[] = [];
  readonly purged = new Set<string>();
  readonly objects = new Map<string, string>();

  constructor(readonly copies: readonly Copy[], readonly random: Random) {}

  id(): string {
    return Array.from({ length: 13 }, () => this.random.pick([..."0123456789abcdefghijklmnopqrstuvwxyz"])).join("");
  }

  isGone({ id, experiment }: { readonly id: string; readonly experiment?: string }): boolean {
    return this.purged.has(id) || (experiment !== undefined && this.purged.has(experiment));
  }

  async write(): Promise<void> {
    const { random } = this;
    const at = random.pick(this.copies).at as LocalStore;
    const known: typeof this.experiments = [];
    for (const one of this.experiments) {
      if (!this.isGone(one) && await at.stat(`${one.folder}/meta.json`) !== undefined) known.push(one);
    }
    if (known.length === 0 || random.below(3) === 0) {
      const id = this.id();
      const name = random.pick(["", "vision/net"]);
      const folder = name === "" ? id : `${name}/${id}`;
      await at.create(`${folder}/meta.json`, encode(`{"id":"${id}","kind":"k","name":"${name}",${AT},"x":"of ${id}"}`));
      this.experiments.push({ id, folder });
      return;
    }
    const { id: experiment, folder: above } = random.pick(known);
    const id = this.id();
    const folder = `${above}/runs/${id}`;
    await at.create(`${folder}/meta.json`, encode(`{"id":"${id}",${AT},"x":"of ${experiment}, of ${id}"}`));
    const run: MadeRun = { id, experiment, folder, objects: [] };
    let lines = `{"event":"said","ts":1,"text":"of ${experiment}, of ${id}"}\n`;
    for (let left = random.below(3); left > 0; left--) {
      // Some are one run's alone, some are shared.
      const contents = random.below(2) === 0 ? `bytes ${random.below(4)}` : `only of ${id}: ${left}`;
      const sha256 = createHash("sha256").update(contents).digest("hex");
      await putObject(at, encode(contents));
      const name = `objects/${sha256.slice(0, 2)}/${sha256}`;
      // What was put a moment ago is waited for.
      await Deno.utime(at.path(name), new Date(0), new Date(Date.now() - 60_000));
      this.objects.set(name, contents);
      run.objects.push(name);
      lines +=
        `{"event":"dbx/file","ts":1,"file":{"_dbx":"expfile","exp":"${experiment}","name":"f","sha256":"${sha256}"}}\n`;
    }
    await at.create(`${folder}/log.jsonl`, encode(lines));
    this.runs.push(run);
  }

  async purge(): Promise<void> {
    const { random } = this;
    const at = random.pick(this.copies).at as LocalStore;
    const alive = [...this.runs, ...this.experiments].filter((one) => !this.isGone(one));
    if (alive.length === 0) return;
    const { id, folder } = random.pick(alive);
    // Nobody purges what they do not have; here they may, to meet every order.
    if (random.below(3) > 0 && await at.stat(`${folder}/meta.json`) === undefined) return;
    const { problems } = await at.purge([id]);
    assertEquals(problems, []);
    this.purged.add(id);
  }

  /** What is wrong in a copy when all copies are equal. */
  async faults(at: LocalStore | MemoryStore): Promise<string[]> {
    const faults: string[] = [];
    const there = await inventoryMap(withBulkFallback(at));
    const held = new Set<string>();
    for (const run of this.runs) {
      const gone = this.isGone(run);
      if (gone === there.has(`${run.folder}/log.jsonl`)) faults.push(`run ${run.id}: ${gone ? "there" : "lost"}`);
      if (!gone) { for (const name of run.objects) held.add(name); }
    }
    for (const one of this.experiments) {
      const gone = this.isGone(one);
      if (gone === there.has(`${one.folder}/meta.json`)) faults.push(`${one.id}: ${gone ? "there" : "lost"}`);
    }
    for (const [name, contents] of this.objects) {
      if (held.has(name) && !there.has(name)) faults.push(`lost: ${contents}`);
      else if (!held.has(name) && there.has(name)) faults.push(`there: ${contents}`);
    }
    for (const id of this.purged) if (!there.has(tombstoneName(id))) faults.push(`no tombstone of ${id}`);
    if (at instanceof LocalStore) faults.push(...await this.bytesLeft(at.location));
    return faults;
  }

  /** The bytes of what was purged, in any file below a folder. */
  async bytesLeft(folder: string): Promise<string[]> {
    const faults: string[] = [];
    const gone = [...this.runs, ...this.experiments].filter((one) => this.isGone(one)).map(({ id }) => `of ${id}`);
    for await (const path of filesBelow(folder)) {
      const text = await Deno.readTextFile(path);
      for (const token of gone) if (text.includes(token)) faults.push(`${token} in ${path}`);
    }
    return faults;
  }
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* filesBelow(`${folder}/${name}`);
    else yield `${folder}/${name}`;
  }
}

for (const kinds of [["local", "remote", "local"], ["remote", "local", "remote"]] as const) {
  Deno.test(`sync: purges in random order over copies that are ${kinds.join(", ")} [slow]`, async () => {
    for (let seed = SEED; seed < SEED + 2; seed++) {
      await using folder = await scratch();
      const random = new Random(seed * 77);
      const copies = kinds.map((kind, at) => copyIn(kind, `${folder.path}/${at}`));
      const marker = encode(`{"dbx":1,"id":"0purges000rep",${AT}}\n`);
      for (const { at } of copies) await at.create("dbx.json", marker);
      const history = new History(copies, random);
      const pair = (): [Copy, Copy] => {
        const from = random.below(3);
        return [copies[from], copies[(from + 1 + random.below(2)) % 3]];
      };
      for (let turn = 0; turn < 40; turn++) {
        for (let left = random.below(4); left >= 0; left--) await history.write();
        if (random.below(4) === 0) await history.purge();
        if (random.below(2) > 0) continue;
        const [a, b] = pair();
        const direction = random.pick(["both", "push"] as const);
        const { setbacks } = await sync(a.store, b.store, { direction });
        assertEquals(setbacks, [], `seed ${seed}, turn ${turn}`);
      }
      for (const [a, b] of [[0, 1], [1, 2], [0, 1], [2, 0]]) {
        assertEquals((await sync(copies[a].store, copies[b].store)).setbacks, []);
      }
      assert(history.purged.size > 2);
      for (const [at, copy] of copies.entries()) {
        assertEquals(await history.faults(copy.at as LocalStore), [], `seed ${seed}, copy ${at}`);
      }
      for (const [a, b] of [[0, 1], [1, 2], [2, 0]]) {
        const { sent, received, purged } = await sync(copies[a].store, copies[b].store);
        assertEquals([sent.files, received.files, purged], [0, 0, [[], []]]);
      }
      // A store that knows nothing of purges is emptied by who synchronises with it.
      const plain = new MemoryStore();
      await plain.create("dbx.json", marker);
      await sync(copies[0].store, plain);
      const [victim] = history.runs.filter((one) => !history.isGone(one));
      await (copies[0].at as LocalStore).purge([victim.id]);
      history.purged.add(victim.id);
      await sync(copies[0].store, plain);
      assertEquals(await history.faults(plain), []);
    }
  });
}

Deno.test("sync: purges while three copies are synchronised at the same time [slow]", async () => {
  await using folder = await scratch();
  const copies = [0, 1, 2].map((at) => copyIn("local", `${folder.path}/${at}`));
  const stores = copies.map(({ at }) => at as LocalStore);
  const marker = encode(`{"dbx":1,"id":"0purges000rep",${AT}}\n`);
  for (const store of stores) await store.create("dbx.json", marker);
  const history = new History(copies, new Random(SEED * 991));
  for (let round = 0; round < 4; round++) {
    for (let left = 0; left < 12; left++) await history.write();
    const victims = history.runs.filter((one) => !history.isGone(one)).slice(-3).map(({ id }) => id);
    for (const id of victims) history.purged.add(id);
    const pairs = [[0, 1], [1, 2], [2, 0], [1, 0]];
    const reports = await Promise.all([
      ...pairs.map(([a, b]) => sync(stores[a], stores[b])),
      ...victims.map(async (id, at) => void await stores[at].purge([id])),
    ]);
    assertEquals(reports.flatMap((report) => report?.setbacks ?? []), [], `round ${round}`);
  }
  // What was on its way at that moment goes with the next synchronisations.
  for (const [a, b] of [[0, 1], [1, 2], [2, 0], [0, 1], [1, 2], [2, 0]]) await sync(stores[a], stores[b]);
  for (const store of stores) {
    assertEquals(await history.faults(store), []);
  }
});
