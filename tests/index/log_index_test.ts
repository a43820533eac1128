import { seriesOf } from "../../lib/format/events/series_key.ts";
import { LogIndex } from "../../lib/index/log_index.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { type Source, takeSnapshot } from "../../lib/query/snapshot/snapshot.ts";
import { openSource } from "../../lib/query/snapshot/source.ts";
import { query } from "../../lib/query/query.ts";
import { pointColumn } from "../../lib/query/tables/points/columns.ts";
import { SeriesTable } from "../../lib/query/tables/series/series_table.ts";
import { openReader } from "../../lib/repo/open.ts";
import { assert, assertEquals, assertMatch } from "../assert.ts";
import { DBX, dbx, scratch, spawn } from "../e2e/dbx.ts";
import { nextSecond } from "../fs/next_second.ts";
import { Random, testSeed } from "../format/random.ts";
import { randomLines, randomRepository } from "../query/random_repository.ts";

type Points = [log: string, series: string, idx: number, step: number, ts: number, value: number][];

const NEEDS = { status: false, runs: true, runStatus: false, logs: true, columns: true };

const order = (a: Points[number], b: Points[number]) => {
  const [x, y] = [a, b].map(([log, series, idx]) => JSON.stringify([log, series, String(idx).padStart(9)]));
  return x < y ? -1 : x > y ? 1 : 0;
};

/** Columns of numbers of a series. */
const STATISTICS = [
  "count",
  "numbers",
  "first",
  "last",
  "min",
  "max",
  "first_step",
  "last_step",
  "min_step",
  "max_step",
];

/** Every point as the index has it. */
async function indexed(source: Source): Promise<{ points: Points; metrics: unknown[] }> {
  const snapshot = await takeSnapshot([source], NEEDS, { now: 0 });
  const points: Points = [];
  const metrics: unknown[] = [];
  const table = new SeriesTable(snapshot.logs);
  const names = table.column("series");
  assert(names.kind === "text");
  const statistics = STATISTICS.map((name) => table.column(name));
  for (let row = 0; row < table.length; row++) {
    const { file: { path }, times } = snapshot.logs.at(table.log[row]);
    const series = names.words[names.codes[row]];
    let idx = 0;
    for (const chunk of table.chunks(row) ?? [{ pack: table.pack(row), series: table.at(row) }]) {
      const columns = ["value", "step", "ts"].map((name) => pointColumn(chunk.pack, chunk.series, times, name));
      const [value, step, ts] = columns;
      for (let i = 0; i < value.length; i++) points.push([path, series, idx++, step[i], ts[i], value[i]]);
    }
    metrics.push([path, series, ...statistics.map((column) => column.kind === "number" ? column.data[row] : null)]);
  }
  return { points: points.sort(order), metrics: metrics.sort() };
}

/** Every point as the logs have it. */
async function logged(path: string): Promise<Points> {
  const repository = await openReader(path);
  const points: Points = [];
  for await (const experiment of repository.experiments()) {
    for (const run of await experiment.runs()) {
      for (const name of await run.logs()) {
        const counts = new Map<string, number>();
        for await (const event of run.log(name).read()) {
          for (const { key, step, value } of seriesOf(event)) {
            const idx = counts.get(key) ?? 0;
            counts.set(key, idx + 1);
            points.push([run.log(name).file, key, idx, step ?? idx, event.ts ?? NaN, value]);
          }
        }
      }
    }
  }
  return points.sort(order);
}

async function logsOf(path: string): Promise<string[]> {
  const repository = await openReader(path);
  const files: string[] = [];
  for await (const experiment of repository.experiments()) {
    for (const run of await experiment.runs()) {
      for (const name of await run.logs()) files.push(`${path}/${run.log(name).file}`);
    }
  }
  return files;
}

/** A source that writes whatever there is to write, however little. */
async function eager(path: string): Promise<Source> {
  const source = await openSource(path, { folder: `${path}/.dbx/index` });
  source.index.worthWriting = { bytes: 1, logs: 1 };
  return source;
}

Deno.test("LogIndex: what the logs say, whatever happens to them between two looks [slow]", async () => {
  const seed = testSeed();
  const random = new Random(seed);
  for (let round = 0; round < 12; round++) {
    await using folder = await scratch();
    const path = `${folder.path}/r`;
    const { grow } = await randomRepository(random, path);
    const lasting = random.next() < 0.5 ? await eager(path) : await openSource(path, { folder: `${path}/.dbx/index` });
    for (let turn = 0; turn < 12; turn++) {
      const what = random.below(8);
      const files = await logsOf(path);
      const file = files.length === 0 ? undefined : random.pick(files);
      const bytes = file === undefined ? new Uint8Array() : await Deno.readFile(file);
      if (what < 3) await grow();
      else if (file === undefined) continue;
      else if (what === 3) await Deno.writeTextFile(file, randomLines(random, 20).join(""));
      else if (what === 4) await Deno.writeFile(file, bytes.subarray(0, random.below(bytes.length + 1)));
      else if (what === 5) {
        // A line that is written in pieces.
        const text = randomLines(random, 3).join("");
        await Deno.writeTextFile(file, text.slice(0, random.below(text.length)), { append: true });
      } else if (what === 6 && bytes.length > 0) {
        // As long as before, but not the same; the time tells.
        await Deno.writeFile(file, bytes.map((byte) => (byte >= 49 && byte <= 56 ? byte + 1 : byte)));
        await Deno.utime(file, new Date(), new Date(Date.now() + 5000 + turn));
      } else await damageIndex(random, path);
      const expected = await logged(path);
      const told = `seed ${seed}, round ${round}, turn ${turn}, ${what}`;
      for (const source of [lasting, await eager(path), await openSource(path, { folder: `${path}/.dbx/index` })]) {
        assertEquals((await readDespiteDamage(source)).points, expected, told);
      }
      // In parts or at once: the same.
      const whole = await indexed(await openSource(path));
      assertEquals((await readDespiteDamage(lasting)).metrics, whole.metrics, told);
    }
  }
});

/** As `query` does: a damaged pack is given up, and its logs are read again. */
async function readDespiteDamage(source: Source): Promise<{ points: Points; metrics: unknown[] }> {
  while (true) {
    try {
      return await indexed(source);
    } catch (error) {
      const { file } = error as { file?: string };
      if (file === undefined) throw error;
      source.index.discard(file);
    }
  }
}

async function damageIndex(random: Random, path: string): Promise<void> {
  const folder = `${path}/.dbx/index`;
  const entries = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
  const files = entries.filter((entry) => /\.(pack|json)$/.test(entry.name)).map((entry) => `${folder}/${entry.name}`);
  if (files.length === 0) return;
  const file = random.pick(files);
  const bytes = await Deno.readFile(file);
  const what = random.below(4);
  if (what === 0) await Deno.remove(file);
  else if (what === 1) await Deno.writeFile(file, bytes.subarray(0, random.below(bytes.length)));
  else {
    for (let i = 0; i < 3; i++) bytes[random.below(bytes.length)] ^= 1 << random.below(8);
    await Deno.writeFile(file, bytes);
  }
}

Deno.test("LogIndex: kept in few files, and read by the next one without the logs", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  const { grow } = await randomRepository(new Random(11), path);
  for (let turn = 0; turn < 30; turn++) {
    await grow();
    await indexed(await eager(path));
  }
  const packs = Array.from(Deno.readDirSync(`${path}/.dbx/index`)).filter((entry) => entry.name.endsWith(".pack"));
  assert(packs.length <= 9, `${packs.length} packs`);
  const source = await openSource(path, { folder: `${path}/.dbx/index` });
  assertEquals((await indexed(source)).points, await logged(path));
  assertEquals(source.index.bytesRead, 0);
  await source.index.drop();
  assertEquals(Array.from(Deno.readDirSync(`${path}/.dbx/index`)).filter((entry) => entry.name.endsWith(".pack")), []);
});

Deno.test("LogIndex: an event more costs the reading of an event, not of the log", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  await randomRepository(new Random(11), path);
  const [file] = await logsOf(path);
  await Deno.writeTextFile(file, randomLines(new Random(1), 20_000).join(""), { append: true });
  const source = await openSource(path, { folder: `${path}/.dbx/index` });
  await indexed(source);
  assert(source.index.bytesRead > 1_000_000);
  for (let i = 0; i < 3; i++) {
    await Deno.writeTextFile(file, '{"event":"e","ts":1,"x":1}\n', { append: true });
    await indexed(source);
    assertEquals(source.index.bytesRead, 27 * (i + 1));
  }
});

/** A log whose numbers were changed, as long as before. */
async function falsify(file: string): Promise<void> {
  const text = await Deno.readTextFile(file);
  await Deno.writeTextFile(file, text.replace(/"loss":(-?)\d/g, '"loss":$19').replace(/"ts":\d/g, '"ts":2'));
}

Deno.test("LogIndex: verify names the logs of which the index differs from the log and would not notice", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  await randomRepository(new Random(11), path);
  const files = (await logsOf(path)).filter((file) => Deno.statSync(file).size > 0);
  const logs = files.map((file) => {
    const size = Deno.statSync(file).size;
    return { path: file.slice(path.length + 1), version: 1 as const, size, modifiedAt: 5, points: true };
  });
  const index = new LogIndex(new LocalStore(path), { folder: `${path}/.dbx/index` });
  index.worthWriting = { bytes: 0, logs: 1 };
  await index.update(logs);
  assertEquals(await index.verify(logs), { differ: [], behind: [] });
  // As if neither the length nor the time told.
  await falsify(files[0]);
  assertEquals(await index.verify(logs), { differ: [logs[0].path], behind: [] });
  // One that grew after that: an update would go on where it stopped.
  const grown = logs.map((log, at) => (at === 0 ? { ...log, size: log.size + 1000, modifiedAt: 6 } : log));
  const { differ, behind } = await index.verify(grown);
  assertEquals([...differ, ...behind], [logs[0].path]);
});

Deno.test("index --verify: an index that is only behind is right; one whose columns are damaged is not [slow]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  await randomRepository(new Random(5), path);
  assertEquals((await dbx(["index", "-R", path])).code, 0);
  assertEquals((await dbx(["index", "--verify", "-R", path])).stdout, "");
  const files = (await logsOf(path)).filter((file) => Deno.statSync(file).size > 0);
  const { mtime } = await Deno.stat(files[0]);
  await Deno.writeTextFile(files[1], '{"event":"late","ts":1,"loss":1}\n', { append: true });
  // The file's own time is set back: that it was changed is seen nevertheless, by a time that is given in whole seconds.
  await nextSecond();
  await falsify(files[0]);
  await Deno.utime(files[0], mtime!, mtime!);
  const late = await dbx(["index", "--verify", "--json", "-R", path]);
  assertEquals(late.code, 0, late.stderr);
  const { differ, behind } = JSON.parse(late.stdout);
  assertEquals([differ, behind.length], [[], 2]);
  assertEquals((await dbx(["index", "-R", path])).code, 0);
  for (const { name } of Deno.readDirSync(`${path}/.dbx/index`)) {
    if (!name.endsWith(".pack")) continue;
    const bytes = await Deno.readFile(`${path}/.dbx/index/${name}`);
    // All columns; where they end, the trailer says.
    const end = new DataView(bytes.buffer).getFloat64(bytes.length - 32, true);
    for (let at = 0; at < end; at += 8) bytes[at] ^= 1;
    await Deno.writeFile(`${path}/.dbx/index/${name}`, bytes);
  }
  const bad = await dbx(["index", "--verify", "-R", path]);
  assertEquals(bad.code, 1, bad.stderr);
  assertMatch(bad.stdout, /the index differs from the log/);
  assertMatch(bad.stderr, /--rebuild/);
  // Whoever reads it meanwhile reads the logs instead.
  const series = await dbx(["series", "loss", "-R", path, "--format", "csv"]);
  assertEquals(series.code, 0, series.stderr);
  assertEquals((await dbx(["index", "--rebuild", "-R", path])).code, 0);
  const rebuilt = await dbx(["series", "loss", "-R", path, "--format", "csv"]);
  // The series of a log come in the order in which the index holds them.
  const linesOf = ({ stdout }: { readonly stdout: string }) => stdout.split("\n").sort();
  assertEquals([rebuilt.code, rebuilt.stderr, linesOf(rebuilt)], [0, series.stderr, linesOf(series)]);
  assertEquals((await dbx(["index", "--verify", "-R", path])).code, 0);
  assertEquals((await dbx(["index", "--drop", "-R", path])).code, 0);
});

Deno.test("LogIndex: builders side by side, some of them killed, leave an index that answers [slow]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  await randomRepository(new Random(11), path);
  const files = await logsOf(path);
  const random = new Random(3);
  const sql = "SELECT count(*), count(value), max(idx) FROM points";
  for (let round = 0; round < 4; round++) {
    for (const file of files) await Deno.writeTextFile(file, randomLines(random, 4000).join(""), { append: true });
    const children = Array.from({ length: 4 }, () => spawn(["query", "-R", path, sql, "--format", "csv"]));
    const killed = children.slice(2);
    await Promise.all(killed.map(async (child) => {
      await new Promise((resolve) => setTimeout(resolve, 50 + random.next() * 500));
      try {
        child.kill("SIGKILL");
      } catch {
        // It was done already.
      }
    }));
    const outputs = await Promise.all(children.map((child) => child.output()));
    const points = await logged(path);
    const numbers = points.filter(([, , , , , value]) => !Number.isNaN(value)).length;
    const most = points.reduce((most, [, , idx]) => Math.max(most, idx), 0);
    const expected = `${points.length},${numbers},${most}`;
    for (const { code, stdout } of outputs.slice(0, 2)) {
      assertEquals(code, 0);
      assertEquals(new TextDecoder().decode(stdout).split("\n")[1], expected);
    }
    assertEquals((await dbx(["query", "-R", path, sql, "--format", "csv"])).stdout.split("\n")[1], expected);
  }
  // What the killed ones left behind is gone with the next builder.
  await dbx(["index", "--rebuild", "-R", path]);
  const left = Array.from(Deno.readDirSync(`${path}/.dbx/index`), (entry) => entry.name);
  assertEquals(left.filter((name) => name.startsWith(".tmp-")), []);
});

Deno.test("LogIndex: where nothing can be written, and for v0, it is kept in the cache folder or in memory", async () => {
  await using folder = await scratch();
  const v0 = `${folder.path}/v0`;
  const id = "abcdefghijklm";
  await Deno.mkdir(`${v0}/${id}`, { recursive: true });
  await Deno.writeTextFile(`${v0}/${id}/meta.json`, JSON.stringify({ id, kind: "k", cmd: ["x"] }));
  const lines = Array.from({ length: 40_000 }, (_, i) => `{"event":"train/epoch/${i}","loss":${i / 7}}\n`);
  await Deno.writeTextFile(`${v0}/${id}/log.jsonl`, lines.join(""));
  const cache = `${folder.path}/cache`;
  // From source, the runtime has a cache of its own, which must stay where it is.
  const { DENO_DIR, XDG_CACHE_HOME, HOME } = Deno.env.toObject();
  const runtime = { DENO_DIR: DENO_DIR ?? `${XDG_CACHE_HOME ?? `${HOME}/.cache`}/deno` };
  const ask = async (env: Record<string, string>) =>
    (await dbx(["query", "-R", v0, "SELECT count(*), max(step) FROM points", "--format", "csv"], {
      env: { ...runtime, ...env },
    })).stdout;
  assertEquals(await ask({ XDG_CACHE_HOME: cache }), "count(*),max(step)\n40000,39999\n");
  assertEquals(Array.from(Deno.readDirSync(v0), (entry) => entry.name), [id]);
  const kept = Array.from(Deno.readDirSync(`${cache}/dbx/index/${encodeURIComponent(v0)}`), (entry) => entry.name);
  assert(kept.some((name) => name.endsWith(".pack")));
  // A cache that is a file: then in memory.
  await Deno.writeTextFile(`${folder.path}/file`, "");
  assertEquals(await ask({ XDG_CACHE_HOME: `${folder.path}/file` }), "count(*),max(step)\n40000,39999\n");
});

Deno.test("LogIndex: a log with too many series is answered from the log, and named", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  await randomRepository(new Random(11), path);
  const [file] = await logsOf(path);
  const lines = Array.from({ length: 30 }, (_, i) => {
    const data = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`k${i * 1000 + at}`, at]));
    return JSON.stringify({ event: "e", ts: 1, ...data }) + "\n";
  });
  await Deno.writeTextFile(file, lines.join(""), { append: true });
  const source = await openSource(path, { folder: `${path}/.dbx/index` });
  const points = await logged(path);
  for (
    const [sql, expected] of [["SELECT count(*) FROM points", points.length], [
      "SELECT sum(count) FROM metrics",
      points.length,
    ]] as const
  ) {
    using answer = await query([source], sql);
    assertMatch(answer.explain(), /too many series/);
    assertEquals(await Array.fromAsync(answer), [[expected]]);
  }
  assertMatch((await dbx(["index", "-R", path])).stderr, /too many series/);
});

Deno.test("LogIndex: a full disk costs the index, not the answer [slow]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  await randomRepository(new Random(11), path);
  const [file] = await logsOf(path);
  await Deno.writeTextFile(file, randomLines(new Random(1), 60_000).join(""), { append: true });
  await Deno.mkdir(`${path}/.dbx/index`, { recursive: true });
  const words = [DBX[0], ...DBX.slice(1), "query", "-R", path, "SELECT count(*) AS n FROM points", "-F", "csv"];
  const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const script =
    `mount -t tmpfs -o size=300k none '${path}/.dbx/index' || exit 99; ${quoted} && ${quoted} && ls '${path}/.dbx/index' | grep -v catalogue`;
  const { code, stdout, stderr } = await new Deno.Command("unshare", {
    args: ["-rm", "sh", "-c", script],
    env: { DBX_REPO: "", NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const said = new TextDecoder().decode(stderr);
  if (code === 99 || said.includes("unshare")) {
    return console.log("skipped: no right to mount a small file system here");
  }
  assertEquals(code, 0, said);
  const count = (await logged(path)).length;
  // The catalogue fits, and is there if the folders were old enough for it.
  assertEquals(new TextDecoder().decode(stdout), `n\n${count}\n`.repeat(2) + "lock\n");
});
