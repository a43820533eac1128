// What sets times back must not hide a change: rsync -a, touch -r, cp -p, a folder moved into place, a clock set back.
import { TIMESTAMP_GRANULARITY_MS } from "../../lib/fs/files/timestamps.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { sync, type SyncOptions } from "../../lib/sync/sync.ts";
import { rememberComparison, trustOf } from "../../lib/sync/transfer/last_comparison.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { nextSecond } from "../fs/next_second.ts";

const EXP = "0000000000exp";
const RUN = `${EXP}/runs/0000000000run`;
const LOG = `${RUN}/log.jsonl`;
const OTHER = `${RUN}/other.log.jsonl`;
const TEXT = `{"event":"x","ts":1,"loss":0.25}\n`;
const WRONG = `{"event":"x","ts":1,"loss":0.75}\n`;

async function shell(...words: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(words[0], { args: words.slice(1), stderr: "piped" }).output();
  assert(success, `${words.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}

async function has(program: string): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args: ["--version"], stdout: "null", stderr: "null" }).output()).success;
  } catch {
    return false;
  }
}

/** Two copies, each with a cache of what inventories learn. */
interface Pair {
  readonly a: string;
  readonly b: string;
  /** The clock of the copies, where it stands still. */
  clock?: number;
  sync(options?: SyncOptions): Promise<{ compared: number; sent: number; diverged: string[] }>;
}

async function pair(folder: string): Promise<Pair> {
  const [a, b] = [`${folder}/a`, `${folder}/b`];
  for (const path of [a, b]) {
    await Deno.mkdir(`${path}/${RUN}`, { recursive: true });
    await Deno.writeTextFile(`${path}/dbx.json`, `{"dbx":1,"id":"0000000000rep","createdAt":1}\n`);
    await Deno.writeTextFile(`${path}/${EXP}/meta.json`, `{"id":"${EXP}","createdAt":1}\n`);
    await Deno.writeTextFile(`${path}/${RUN}/meta.json`, `{"id":"0000000000run","createdAt":1}\n`);
    for (const log of [LOG, OTHER]) await Deno.writeTextFile(`${path}/${log}`, TEXT);
  }
  const now = () => made.clock ?? Date.now();
  const open = (path: string) => new LocalStore(path, { cache: `${path}/.dbx/index/folders`, now });
  const made: Pair = {
    a,
    b,
    async sync(options = {}) {
      let compared = 0;
      const onProgress: SyncOptions["onProgress"] = ({ phase, total }) => {
        if (phase === "comparing") compared = Math.max(compared, total);
      };
      // New stores, as another process has.
      const { sent, setbacks } = await sync(open(a), open(b), { direction: "push", onProgress, ...options });
      return { compared, sent: sent.files, diverged: setbacks.map(({ name }) => name) };
    },
  };
  return made;
}

/** How something outside of dbx changes the second copy, and what a push must find then. */
interface Case {
  readonly name: string;
  readonly needs?: string;
  /** Before the copies are compared. */
  before?(pair: Pair, aside: string): Promise<void>;
  change(pair: Pair, aside: string): Promise<void>;
  readonly finds: { readonly sent?: number; readonly diverged?: readonly string[] };
}

const CASES: readonly Case[] = [
  {
    name: "touch -r gives a folder from which a log was removed its time back",
    async change({ b }, aside) {
      await shell("touch", "-r", `${b}/${RUN}`, aside);
      await Deno.remove(`${b}/${LOG}`);
      await shell("touch", "-r", aside, `${b}/${RUN}`);
    },
    finds: { sent: 1 },
  },
  {
    name: "touch -r gives a log with other contents of equal length its time back",
    async change({ b }, aside) {
      await shell("touch", "-r", `${b}/${LOG}`, aside);
      await Deno.writeTextFile(`${b}/${LOG}`, WRONG);
      await shell("touch", "-r", aside, `${b}/${LOG}`);
    },
    finds: { diverged: [LOG] },
  },
  {
    name: "cp -p puts a log with other contents in place",
    async change({ b }, aside) {
      await Deno.writeTextFile(aside, WRONG);
      await shell("touch", "-r", `${b}/${LOG}`, aside);
      await shell("cp", "-p", aside, `${b}/${LOG}`);
    },
    finds: { diverged: [LOG] },
  },
  {
    name: "mv puts a log in place that is older than the comparison",
    async before({ a }, aside) {
      await Deno.writeTextFile(aside, WRONG);
      await shell("touch", "-r", `${a}/${LOG}`, aside);
    },
    async change({ b }, aside) {
      await shell("touch", "-r", `${b}/${LOG}`, aside);
      await shell("mv", aside, `${b}/${LOG}`);
    },
    finds: { diverged: [LOG] },
  },
  {
    name: "mv puts a folder of a run in place that is older than the comparison, and lacks a log",
    async before({ b }, aside) {
      await shell("cp", "-a", `${b}/${RUN}`, aside);
      await Deno.remove(`${aside}/other.log.jsonl`);
    },
    async change({ b }, aside) {
      await shell("touch", "-r", `${b}/${RUN}`, aside);
      await shell("touch", "-r", `${b}/${EXP}/runs`, `${aside}-time`);
      await Deno.remove(`${b}/${RUN}`, { recursive: true });
      await shell("mv", aside, `${b}/${RUN}`);
      await shell("touch", "-r", `${aside}-time`, `${b}/${EXP}/runs`);
    },
    finds: { sent: 1 },
  },
  {
    name: "rsync -a restores a backup in which a log is missing",
    needs: "rsync",
    async before({ b }, aside) {
      await shell("rsync", "-a", `${b}/`, `${aside}/`);
      await Deno.remove(`${aside}/${OTHER}`);
      await shell("touch", "-r", `${b}/${RUN}`, `${aside}/${RUN}`);
    },
    async change({ b }, aside) {
      await shell("touch", "-r", `${b}/${RUN}`, `${aside}/${RUN}`);
      await shell("rsync", "-a", "--delete", "--exclude=.dbx", `${aside}/`, `${b}/`);
    },
    finds: { sent: 1 },
  },
  {
    name: "rsync -a restores a backup in which a log holds other bytes",
    needs: "rsync",
    async before({ b }, aside) {
      await shell("rsync", "-a", `${b}/`, `${aside}/`);
      await Deno.writeTextFile(`${aside}/${OTHER}`, WRONG);
    },
    async change({ b }, aside) {
      await shell("touch", "-r", `${b}/${OTHER}`, `${aside}/${OTHER}`);
      await shell("rsync", "-a", "--ignore-times", "--exclude=.dbx", `${aside}/`, `${b}/`);
    },
    finds: { diverged: [OTHER] },
  },
  {
    name: "a clock that was set back: a comparison in the future, and one that is no longer in the future, say nothing",
    async change({ a, b }, aside) {
      await shell("touch", "-r", `${b}/${LOG}`, aside);
      await Deno.writeTextFile(`${b}/${LOG}`, WRONG);
      await shell("touch", "-r", aside, `${b}/${LOG}`);
      const hour = Date.now() + 3600_000;
      await Deno.writeTextFile(`${a}/.dbx/index/compared`, JSON.stringify({ [b]: hour }));
      await Deno.writeTextFile(`${a}/.dbx/index/made`, `dbx made 1\n${hour}\t${b}\nend 2`);
    },
    finds: { diverged: [LOG] },
  },
];

Deno.test("sync: what sets times back hides nothing [S2]", async (test) => {
  await using folder = await scratch();
  const ready: { at: Case; pair: Pair; aside: string }[] = [];
  for (const [number, at] of CASES.entries()) {
    const own = `${folder.path}/${number}`;
    await Deno.mkdir(own);
    const [made, aside] = [await pair(own), `${own}/aside`];
    await made.sync();
    if (at.needs !== undefined && !await has(at.needs)) {
      console.log(`  skipped, as there is no ${at.needs}: ${at.name}`);
      continue;
    }
    await at.before?.(made, aside);
    ready.push({ at, pair: made, aside });
  }
  // Only what is older than the grain of times is trusted at all: otherwise everything is compared in any case.
  const clock = await nextSecond() + TIMESTAMP_GRANULARITY_MS;
  for (const { pair } of ready) {
    pair.clock = clock;
    await pair.sync();
    assertEquals(await pair.sync(), { compared: 0, sent: 0, diverged: [] });
  }
  for (const { at, pair, aside } of ready) {
    await test.step(at.name, async () => {
      await at.change(pair, aside);
      const { sent = 0, diverged = [] } = at.finds;
      const found = await pair.sync();
      assertEquals([found.sent, found.diverged], [sent, [...diverged]]);
    });
  }
});

Deno.test("trustOf: what a transfer made counts as compared, while both sides are as it left them", async () => {
  await using folder = await scratch();
  const made = await pair(folder.path);
  await Deno.mkdir(`${made.a}/.dbx/index`, { recursive: true });
  const a = new LocalStore(made.a, { cache: `${made.a}/.dbx/index/folders` });
  const b = new LocalStore(made.b, { cache: `${made.b}/.dbx/index/folders` });
  const now = Date.now();
  const [began, left, late] = [now - 60_000, now - 30_000, now - 500];
  rememberComparison(a, b, began, new Map([[LOG, [left, left + 1000]], [OTHER, [left, late]]]));
  const entry = (name: string, changedAt: number, modifiedAt = 5) => ({ name, size: 1, modifiedAt, changedAt });
  const meta = `${EXP}/meta.json`;
  const trusts: [string, number, number, boolean][] = [
    [LOG, left, left + 1000, true],
    [LOG, left, left + 2000, false],
    [LOG, left - 1000, left + 1000, false],
    [OTHER, left, late, false], // It was made a moment before: it may have changed in that same moment.
    [meta, began - 10_000, began - 10_000, true],
    [meta, began - 10_000, began + 10_000, false],
    [meta, began - 10_000, began - 500, false],
  ];
  for (const [name, mine, theirs, is] of trusts) {
    assertEquals(trustOf(a, b)(entry(name, mine), entry(name, theirs)), is, `${name} ${mine} ${theirs}`);
    assertEquals(trustOf(b, a)(entry(name, theirs), entry(name, mine)), is, `${name} ${theirs} ${mine}`);
  }
  // A store that does not say when a file was changed: its own time counts.
  const old = { name: meta, size: 1, modifiedAt: began - 10_000 };
  assertEquals(trustOf(a, b)(entry(meta, began - 10_000, began - 10_000), old), true);
  assertEquals(trustOf(a, b)(entry(meta, began - 10_000, left), { ...old, modifiedAt: left }), false);
  // With another comparison, the list of the one before is void.
  rememberComparison(a, b, now - 50_000);
  assertEquals(trustOf(a, b)(entry(LOG, left), entry(LOG, left + 1000)), false);
});

Deno.test("sync: between two copies that were never compared no time is trusted [S31]", async () => {
  await using folder = await scratch();
  const made = await pair(folder.path);
  await Deno.writeTextFile(`${made.b}/${LOG}`, WRONG);
  const old = new Date("2020-01-01T00:00:00Z");
  for (const at of [made.a, made.b]) {
    for (const name of [LOG, OTHER, `${EXP}/meta.json`]) await Deno.utime(`${at}/${name}`, old, old);
  }
  assertEquals((await made.sync()).diverged, [LOG]);
});

Deno.test("sync --verify: compares all", async () => {
  await using folder = await scratch();
  const made = await pair(folder.path);
  assertEquals((await made.sync({ verify: true })).compared, 4);
});

Deno.test("sync --verify: trusts no listing that was kept", async () => {
  await using folder = await scratch();
  const made = await pair(folder.path);
  await made.sync();
  // A cache that says of a folder as it is now that it holds no logs.
  const { dev, ino, mtime, ctime } = await Deno.lstat(`${made.b}/${RUN}`);
  const state = `${dev} ${ino} ${mtime!.getTime()} ${ctime!.getTime()}`;
  await Deno.mkdir(`${made.b}/.dbx/index`, { recursive: true });
  const lines = ["dbx folders 3", `${made.b}/${RUN}\t${state}\tmeta.json`, "end 2"];
  const lie = () => Deno.writeTextFile(`${made.b}/.dbx/index/folders`, lines.join("\n"));
  await Deno.remove(`${made.a}/${LOG}`);
  const received = () => Deno.readTextFile(`${made.a}/${LOG}`);
  await lie();
  await made.sync({ direction: "both" });
  await assertRejects(received, Deno.errors.NotFound); // It is believed,
  await lie();
  await made.sync({ direction: "both", verify: true });
  assertEquals(await received(), TEXT); // but not then.
});
