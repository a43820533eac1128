import { LocalStore } from "../../lib/store/local/local_store.ts";
import { sync } from "../../lib/client/location/sync.ts";
import { assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { Random } from "../format/random.ts";
import { type Copy, copyIn, cutAfter, World } from "./world.ts";

const SEED = Number(Deno.env.get("DBX_TEST_SEED") ?? 1);
const KINDS = ["local", "memory", "remote"] as const;

async function world(count: number, seed: number): Promise<World & AsyncDisposable> {
  const folder = await scratch();
  const random = new Random(seed);
  const copies = Array.from({ length: count }, (_, at) => copyIn(random.pick(KINDS), `${folder.path}/${at}`));
  const made = new World(copies, random);
  await made.start();
  return Object.assign(made, { [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() });
}

/** Synchronises; nothing may be left to wish for. */
async function well(a: Copy, b: Copy): Promise<number> {
  const { sent, received, setbacks } = await sync(a.store, b.store);
  assertEquals(setbacks, []);
  return sent.files + received.files;
}

for (
  const [topology, edges] of Object.entries({
    line: [[0, 1], [1, 2], [2, 3], [3, 4], [2, 3], [1, 2], [0, 1]],
    star: [[0, 1], [0, 2], [0, 3], [0, 4], [0, 1], [0, 2], [0, 3]],
    ring: [[0, 1], [1, 2], [2, 3], [3, 4], [4, 0], [0, 1], [1, 2], [2, 3]],
  })
) {
  Deno.test(`sync: a ${topology} of 5 copies becomes equal while it is written, and then nothing moves [slow]`, async () => {
    for (let seed = SEED; seed < SEED + 3; seed++) {
      await using five = await world(5, seed * 100 + edges.length);
      const { copies, random } = five;
      const sizes = new Map<string, number>();
      for (let turn = 0; turn < 60; turn++) {
        await five.write();
        if (random.below(3) > 0) continue;
        const [a, b] = random.pick(edges);
        const [from, to] = random.below(2) === 0 ? [a, b] : [b, a];
        if (random.below(3) === 0) {
          const limit = random.below(5000);
          await sync(copies[from].store, cutAfter(copies[to].store, limit), { direction: "push" }).catch(() => {});
        } else {
          const direction = random.below(2) === 0 ? "both" : "push";
          assertEquals((await sync(copies[from].store, copies[to].store, { direction })).setbacks, []);
        }
        assertEquals(await five.faults(false, sizes), [], `seed ${seed}, turn ${turn}`);
      }
      await five.finish();
      for (const [a, b] of edges) await well(copies[a], copies[b]);
      assertEquals(await five.faults(true, sizes), [], `seed ${seed}`);
      for (const [a, b] of edges) assertEquals(await well(copies[a], copies[b]), 0, "the second time nothing moves");
    }
  });
}

Deno.test("sync: in either order the same comes of it [slow]", async () => {
  for (let seed = SEED; seed < SEED + 8; seed++) {
    const both: string[][] = [];
    for (const order of [[0, 1], [1, 0]]) {
      await using two = await world(2, seed + 5000);
      for (let turn = 0; turn < 40; turn++) await two.write();
      await two.finish();
      await well(two.copies[order[0]], two.copies[order[1]]);
      assertEquals(await two.faults(true, new Map()), []);
      both.push([...two.files.keys()].sort());
    }
    assertEquals(both[0], both[1]);
  }
});

Deno.test("sync: interrupted at any byte and repeated, the same comes of it", async () => {
  await using folder = await scratch();
  for (const kind of KINDS) {
    const random = new Random(SEED + 77);
    const source = copyIn("local", `${folder.path}/source-${kind}`);
    const one = new World([source], random);
    await one.start();
    for (let turn = 0; turn < 12; turn++) await one.write();
    await one.finish();
    const total = [...one.files.values()].reduce((sum, { length }) => sum + length, 0);
    const target = copyIn(kind, `${folder.path}/target-${kind}`);
    const both = new World([source, target], random);
    for (const [name, bytes] of one.files) both.files.set(name, bytes);
    const sizes = new Map<string, number>();
    // Each time a little further: every file is cut somewhere.
    for (
      let limit = 0, tries = 0;
      tries < 80 && limit < total;
      tries++, limit = Math.floor(random.next() ** 2 * total)
    ) {
      await sync(source.store, cutAfter(target.store, limit), { direction: "push" }).catch(() => {});
      assertEquals(await both.faults(false, sizes), [], `${kind}, cut after ${limit}`);
    }
    await well(source, target);
    assertEquals(await both.faults(true, sizes), [], kind);
  }
});

Deno.test("sync: a log that is written at full speed is never behind, torn or doubled in the copy", async () => {
  await using folder = await scratch();
  const name = "0000000000exp/runs/0000000000run/log.jsonl";
  const source = new LocalStore(`${folder.path}/a`);
  const marker = `{"dbx":1,"id":"0000000000abc","createdAt":"2026-01-01T09:00:00.000Z"}`;
  await source.create("dbx.json", new TextEncoder().encode(marker));
  await source.create("0000000000exp/meta.json", new TextEncoder().encode("{}"));
  const path = `${folder.path}/a/${name}`;
  await source.append(name, 0, new TextEncoder().encode(`{"event":"n","value":0}\n`));
  const script = `const file = await Deno.open(Deno.args[0], { append: true });
    for (let i = 1; ; i++) await file.write(new TextEncoder().encode('{"event":"n","value":' + i + '}\\n'));`;
  const writer = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", script, path],
    stdout: "null",
    stderr: "null",
  }).spawn();
  let before = 0;
  try {
    for (let turn = 0; turn < 25; turn++) {
      assertEquals((await sync(`${folder.path}/a`, `${folder.path}/b`)).setbacks, []);
      const { length } = await Deno.readFile(`${folder.path}/b/${name}`);
      assertEquals(length >= before, true);
      before = length;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  } finally {
    writer.kill("SIGKILL");
    await writer.status;
  }
  const lines = (await Deno.readTextFile(`${folder.path}/b/${name}`)).split("\n");
  assertEquals(lines.pop(), "");
  assertEquals(lines.every((line, at) => JSON.parse(line).value === at), true);
  assertEquals(lines.length > 100, true);
});
