// What a command prints is kept in several logs, and read as one.
import { PrintedOutput } from "../../lib/printed/printed_output.ts";
import { LogWriter } from "../../lib/logger/log/log_writer.ts";
import { OutputReader } from "../../lib/repo/logs/output_reader.ts";
import { LogReader } from "../../lib/repo/logs/log_reader.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { assert, assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

interface Printed {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** A small generator whose seed is told where a test fails. */
function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Lines of all kinds, in stretches of one kind. */
function linesOf(random: (below: number) => number, count: number): Printed[] {
  const lines: Printed[] = [];
  while (lines.length < count) {
    const kind = random(6);
    const stream = random(4) === 0 ? "stderr" : "stdout";
    for (let left = random(2) === 0 ? 1 : 1 + random(40); left > 0; left--) {
      const n = lines.length;
      const text = kind < 2
        ? `{"event": "train/epoch/${n}", "loss": 0.${n}${n % 3 === 0 ? `, "ts": ${n}` : ""}${
          kind === 0 ? "" : `, "text": "${"x".repeat(random(200))}"`
        }}`
        : kind === 2
        ? `{"event":"own","ts":${n}.5,"a":${n}}`
        : kind === 3
        ? `{"loss":NaN,"event":"odd","n":${n}}`
        : kind === 4
        ? `plain line ${n}`
        : `{"no":"event","n":${n}}`;
      lines.push({ stream, text });
    }
  }
  return lines;
}

interface Kept extends AsyncDisposable {
  readonly path: string;
  readonly output: PrintedOutput;
  readonly reader: OutputReader;
}

/** Opens the logs of a folder as `dbx run` does, or as the one that goes on after it. */
function open(path: string, begun: ("stdout" | "stderr")[] = []): Kept {
  const logs = new Map<string, LogWriter>();
  const log = (name: string) => {
    let writer = logs.get(name);
    if (writer === undefined) {
      logs.set(name, writer = LogWriter.open(`${path}/${name}.log.jsonl`, { durability: "os" }));
    }
    return writer;
  };
  const events = { stdout: () => log("printed"), stderr: () => log("printed_stderr") };
  return {
    path,
    output: new PrintedOutput({ lines: log("stdout"), events, begun }),
    reader: readerOf(path),
    async [Symbol.asyncDispose]() {
      for (const writer of logs.values()) await writer.close();
    },
  };
}

function readerOf(path: string): OutputReader {
  const at = path.lastIndexOf("/");
  return new OutputReader(new LocalStore(path.slice(0, at)), path.slice(at + 1), "stdout");
}

async function printedIn(reader: OutputReader): Promise<Printed[]> {
  return (await Array.fromAsync(reader.read())).map(asPrinted);
}

function asPrinted({ event, data }: { readonly event: string; readonly data: Record<string, unknown> }): Printed {
  return { stream: event as "stdout", text: data.text as string };
}

Deno.test("PrintedOutput: all that was printed is read in order, and from the end, with its times", async () => {
  await using folder = await scratch();
  for (let seed = 1; seed <= 12; seed++) {
    const path = `${folder.path}/${seed}`;
    await Deno.mkdir(path);
    const random = randomOf(seed);
    const lines = linesOf(random, 600);
    const times: number[] = [];
    {
      await using kept = open(path);
      let now = 1_767_258_004_000;
      for (const { stream, text } of lines) {
        if (random(seed % 3 === 0 ? 400 : 4) === 0) now += random(3);
        if (random(30) === 0) kept.output.flush();
        kept.output.keep(stream, text, now);
        times.push(now);
      }
    }
    const reader = readerOf(path);
    const all = await Array.fromAsync(reader.read());
    assertEquals(all.map(asPrinted), lines, `seed ${seed}`);
    assertEquals(all.map(({ ts }) => ts), times, `seed ${seed}`);
    for (const count of [0, 1, 2, 7, 63, 64, 65, 300, 599, 600, 601, 5000]) {
      const last = await reader.last(count);
      assertEquals(last.map(asPrinted), count === 0 ? [] : lines.slice(-count), `seed ${seed}, the last ${count}`);
      assertEquals(last.map(({ ts }) => ts), count === 0 ? [] : times.slice(-count));
    }
    // From any place on, what comes after it.
    for (let i = 0; i < 5; i++) {
      const at = random(all.length);
      const { offset, end } = all[at];
      if (offset === end) continue;
      const rest = (await Array.fromAsync(reader.read({ offset: end }))).map(asPrinted);
      assertEquals(rest, lines.slice(at + 1), `seed ${seed}, from line ${at}`);
    }
    // No text is kept in two places, but for lines that the log of events writes otherwise.
    const own = await Deno.readTextFile(`${path}/stdout.log.jsonl`);
    assert(!own.includes("train/epoch"), `seed ${seed}`);
  }
});

Deno.test("PrintedOutput: one who follows sees each line once, in order, however often it looks", async () => {
  await using folder = await scratch();
  for (let seed = 1; seed <= 6; seed++) {
    const path = `${folder.path}/${seed}`;
    await Deno.mkdir(path);
    const random = randomOf(seed * 77);
    const lines = linesOf(random, 400);
    const seen: Printed[] = [];
    await using kept = open(path);
    const cursor = await kept.reader.cursor();
    const late = random(lines.length);
    let rest: Printed[] | undefined;
    let lateCursor: Awaited<ReturnType<OutputReader["cursorAtEnd"]>> | undefined;
    for (const [at, { stream, text }] of lines.entries()) {
      kept.output.keep(stream, text, Date.now());
      if (at === late) {
        kept.output.flush();
        lateCursor = await kept.reader.cursorAtEnd();
        rest = [];
      }
      if (random(3) > 0) continue;
      if (random(2) === 0) kept.output.flush();
      for await (const batch of cursor.more()) seen.push(...batch.map(asPrinted));
      if (lateCursor !== undefined) {
        for await (const batch of lateCursor.more()) rest!.push(...batch.map(asPrinted));
      }
      assertEquals(seen, lines.slice(0, seen.length), `seed ${seed}`);
    }
    kept.output.flush();
    for await (const batch of cursor.more()) seen.push(...batch.map(asPrinted));
    for await (const batch of lateCursor!.more()) rest!.push(...batch.map(asPrinted));
    assertEquals(seen, lines, `seed ${seed}`);
    assertEquals(rest, lines.slice(late + 1), `seed ${seed}`);
  }
});

Deno.test("PrintedOutput: killed at any moment, what is kept is the beginning of what was printed; another goes on [F61]", async () => {
  await using folder = await scratch();
  for (let seed = 1; seed <= 40; seed++) {
    const path = `${folder.path}/${seed}`;
    const copy = `${path}-killed`;
    await Deno.mkdir(path);
    await Deno.mkdir(copy);
    const random = randomOf(seed * 991);
    const lines = linesOf(random, 200);
    const at = random(lines.length);
    let handedOver = 0;
    {
      await using kept = open(path);
      for (const [index, { stream, text }] of lines.slice(0, at).entries()) {
        kept.output.keep(stream, text, Date.now());
        if (random(20) > 0) continue;
        kept.output.flush();
        handedOver = index + 1;
      }
      // What the system has at this moment, and half a line of what came next.
      for await (const { name } of Deno.readDir(path)) await Deno.copyFile(`${path}/${name}`, `${copy}/${name}`);
    }
    for (const name of ["stdout", "printed"]) {
      if (random(2) === 0) await Deno.writeTextFile(`${copy}/${name}.log.jsonl`, '{"ts":17', { append: true });
    }
    const found = await printedIn(readerOf(copy));
    assertEquals(found, lines.slice(0, found.length), `seed ${seed}`);
    assert(found.length >= handedOver, `seed ${seed}: ${found.length} of ${handedOver}`);
    assertEquals(
      (await readerOf(copy).last(5)).map(asPrinted),
      lines.slice(Math.max(0, found.length - 5), found.length),
    );
    const begun: ("stdout" | "stderr")[] = [];
    for (const [name, stream] of [["printed", "stdout"], ["printed_stderr", "stderr"]] as const) {
      const size = await Deno.stat(`${copy}/${name}.log.jsonl`).then(({ size }) => size, () => 0);
      if (size > 0) begun.push(stream);
    }
    {
      await using kept = open(copy, begun);
      for (const { stream, text } of lines.slice(found.length)) kept.output.keep(stream, text, Date.now());
    }
    assertEquals(await printedIn(readerOf(copy)), lines, `seed ${seed}`);
    for (const count of [1, 10, 150, 500]) {
      assertEquals((await readerOf(copy).last(count)).map(asPrinted), lines.slice(-count), `seed ${seed}, ${count}`);
    }
  }
});

Deno.test("OutputReader: a copy that has one log and not yet the other shows the lines that it has", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/run`;
  await Deno.mkdir(path);
  {
    await using kept = open(path);
    for (const text of ["a", '{"event":"e","n":1}', '{"event":"e","n":2}', "b"]) kept.output.keep("stdout", text, 1);
  }
  const printed = `${path}/printed.log.jsonl`;
  const bytes = await Deno.readFile(printed);
  const texts = async () => (await printedIn(readerOf(path))).map(({ text }) => text);
  const last = async () => (await readerOf(path).last(10)).map(asPrinted).map(({ text }) => text);
  await Deno.remove(printed);
  assertEquals([await texts(), await last()], [["a", "b"], ["a", "b"]]);
  await Deno.writeFile(printed, bytes.subarray(0, bytes.indexOf(10) + 1));
  assertEquals(await texts(), ["a", '{"event":"e","n":1}', "b"]);
  assertEquals(await last(), await texts());
  await Deno.writeFile(printed, bytes);
  await Deno.remove(`${path}/stdout.log.jsonl`);
  assertEquals([await texts(), await last()], [['{"event":"e","n":1}', '{"event":"e","n":2}'], await texts()]);
});

Deno.test("OutputReader: logs of before, in which a printed event stands twice, read as they did", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/run`;
  await Deno.mkdir(path);
  const text = '{"event":"e","n":1}';
  await Deno.writeTextFile(`${path}/stdout.log.jsonl`, JSON.stringify({ event: "stdout", ts: 1, text }) + "\n");
  await Deno.writeTextFile(`${path}/printed.log.jsonl`, '{"event":"e","ts":1,"n":1}\n');
  assertEquals(await printedIn(readerOf(path)), [{ stream: "stdout", text }]);
  assertEquals((await readerOf(path).last(5)).map(asPrinted), [{ stream: "stdout", text }]);
});

Deno.test("OutputReader: the last lines cost little, however long the logs of events are", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/run`;
  await Deno.mkdir(path);
  const write = async (name: string, lines: string[]) => {
    await Deno.writeTextFile(`${path}/${name}.log.jsonl`, lines.join("\n") + "\n");
  };
  await write("printed", Array.from({ length: 100_000 }, (_, n) => `{"ts":${n},"event":"e/${n}","n":${n}}`));
  await write(
    "stdout",
    Array.from({ length: 100_000 }, (_, n) => `{"event":"stdout","ts":${200_000 + n},"text":"${n}"}`),
  );
  class Counting extends LocalStore {
    bytes = 0;
    override async read(...args: Parameters<LocalStore["read"]>): ReturnType<LocalStore["read"]> {
      const bytes = await super.read(...args);
      this.bytes += bytes.length;
      return bytes;
    }
  }
  const store = new Counting(folder.path);
  const last = await new OutputReader(store, "run", "stdout").last(3);
  assertEquals(last.map(({ data }) => data.text), ["99997", "99998", "99999"]);
  assert(store.bytes < 300_000, `${store.bytes} bytes`);
  store.bytes = 0;
  await Deno.remove(`${path}/stdout.log.jsonl`);
  assertEquals((await new OutputReader(store, "run", "stdout").last(2)).map(({ ts }) => ts), [99_998, 99_999]);
  assert(store.bytes < 300_000, `${store.bytes} bytes`);
  assertEquals((await new LogReader(store, "run", "printed").last(1))[0].event, "e/99999");
});
