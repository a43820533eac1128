// What a command prints is kept once, and shown as it was printed.
import { assert, assertEquals } from "../assert.ts";
import { openReader } from "../../lib/repo/open.ts";
import type { Run } from "../../lib/repo/experiments/run.ts";
import { dbx, scratch, spawn } from "./dbx.ts";

async function only(folder: string): Promise<Run> {
  const repository = await openReader(`${folder}/output`);
  const [experiment] = await Array.fromAsync(repository.experiments());
  return (await experiment.runs()).at(-1)!;
}

/** The program that prints `count` lines of every kind, from `start` on, with a pause now and then. */
function program(start: number, count: number, pauseMs: number): string {
  return `
const out = (text) => Deno.stdout.writeSync(typeof text === "string" ? new TextEncoder().encode(text) : text);
const err = (text) => Deno.stderr.writeSync(new TextEncoder().encode(text));
for (let i = ${start}; i < ${start + count}; i++) {
  switch (i % 10) {
    case 0: case 1: case 2:
      out('{"event": "train/epoch/' + i + '", "loss": ' + (1 / (i + 1)) + ', "note": "é \\\\u00e9"}\\n'); break;
    case 3: out("plain line " + i + "\\n"); break;
    case 4: err('{"event":"warning","i":' + i + '}\\n'); break;
    case 5: out("{'loss': " + i + ".5, 'epoch': " + i + "}\\n"); break;
    case 6: out('{"event":"crlf","i":' + i + '}\\r\\n'); break;
    case 7: out(new Uint8Array([98, 97, 100, 32, 255, 254, 10])); break;
    case 8: out('{"event":"part'); out('s","i":' + i + ',"ts":' + i + '}'); out("\\n"); break;
    case 9: out('{"event":"odd","i":NaN}\\n'); break;
  }
  if (${pauseMs} > 0 && i % 50 === 0) await new Promise((resolve) => setTimeout(resolve, ${pauseMs}));
}
out("no line feed at the end");
`;
}

/** What each line is on the screen, and what event it is. */
function lineOf(i: number): { stream: "stdout" | "stderr"; text: string; event?: string } {
  const stdout = "stdout" as const;
  switch (i % 10) {
    case 3:
      return { stream: stdout, text: `plain line ${i}` };
    case 4:
      return { stream: "stderr", text: `{"event":"warning","i":${i}}`, event: "warning" };
    case 5:
      return { stream: stdout, text: `{'loss': ${i}.5, 'epoch': ${i}}`, event: "scalars" };
    case 6:
      return { stream: stdout, text: `{"event":"crlf","i":${i}}`, event: "crlf" };
    case 7:
      return { stream: stdout, text: "bad \ufffd\ufffd" };
    case 8:
      return { stream: stdout, text: `{"event":"parts","i":${i},"ts":${i}}`, event: "parts" };
    case 9:
      return { stream: stdout, text: '{"event":"odd","i":NaN}', event: "odd" };
    default: {
      const text = `{"event": "train/epoch/${i}", "loss": ${1 / (i + 1)}, "note": "é \\u00e9"}`;
      return { stream: stdout, text, event: `train/epoch/${i}` };
    }
  }
}

const LINES = Array.from({ length: 10_000 }, (_, i) => lineOf(i));

async function eventsOf(run: Run, log: string): Promise<string[]> {
  return (await Array.fromAsync(run.log(log).read())).map(({ event }) => event);
}

function eventsIn(lines: readonly { stream: string; event?: string }[], stream: string): string[] {
  return lines.filter((line) => line.stream === stream && line.event !== undefined).map(({ event }) => event!);
}

Deno.test("dbx run: 10,000 printed lines of all kinds are shown as they were printed, and events stand once [slow]", async () => {
  await using folder = await scratch();
  const at = { cwd: folder.path };
  await Deno.writeTextFile(`${folder.path}/program.js`, program(0, LINES.length, 0));
  const ended = await dbx(["run", "-q", "--", Deno.execPath(), "run", "--quiet", "program.js"], at);
  assertEquals(ended.code, 0, ended.stderr);
  const run = await only(folder.path);
  const all = await Array.fromAsync(run.log("stdout").read());
  for (const stream of ["stdout", "stderr"]) {
    const wanted = LINES.filter((line) => line.stream === stream).map(({ text }) => text);
    if (stream === "stdout") wanted.push("no line feed at the end");
    assertEquals(all.filter(({ event }) => event === stream).map(({ data }) => data.text), wanted);
  }
  assert(all.every(({ ts }) => Math.abs(ts! - Date.now()) < 600_000), "each line has the time at which it was printed");
  assertEquals(await eventsOf(run, "printed"), eventsIn(LINES, "stdout"));
  assertEquals(await eventsOf(run, "printed_stderr"), eventsIn(LINES, "stderr"));
  const own = (await Array.fromAsync(run.log("printed").read())).filter(({ event }) => event === "parts");
  assert(own.every(({ ts, data }) => ts === data.i), "a time that was printed is the event's");

  const tail = await dbx(["tail", run.id, "--stdout", "-n", "20000"], at);
  assertEquals(tail.stdout, all.map(({ data }) => `${data.text}\n`).join(""));
  assertEquals(
    (await dbx(["tail", run.id, "--stdout", "-n", "7"], at)).stdout,
    tail.stdout.split("\n").slice(-8).join("\n"),
  );
  const shown = JSON.parse((await dbx(["show", run.experiment.id, "--json", "--lines", "30"], at)).stdout);
  assertEquals(shown.output, all.slice(-30).map(({ data }) => data.text));
  const check = await dbx(["check"], at);
  assertEquals(check.stdout, "checked 1 experiment: 0 damaged, 0 notes\n");

  const texts = await Deno.readTextFile(`${folder.path}/output/${run.folder}/stdout.log.jsonl`);
  assert(!/train\/epoch|warning|crlf|parts/.test(texts), "an event stands in the log of lines, too");
  const sql = "SELECT count(*) AS n, sum(value) AS s FROM points WHERE series = 'train/epoch/*:loss'";
  const { rows: [row] } = JSON.parse(
    (await dbx(["query", "--json", sql], at)).stdout.replace(/^\[/, '{"rows":[') + "}",
  );
  assertEquals(row.n, 3000);
});

Deno.test("dbx run: followed, and killed in mid-run; another goes on, and all that was printed is shown in order [slow]", async () => {
  await using folder = await scratch();
  const at = { cwd: folder.path };
  await Deno.writeTextFile(`${folder.path}/program.js`, program(0, 3000, 30));
  const child = spawn(["run", "-q", "--", Deno.execPath(), "run", "--quiet", "program.js"], at);
  await child.stdin.close();
  const output = new Response(child.stdout).text();
  const errors = new Response(child.stderr).text();
  const until = async (holds: () => Promise<boolean>) => {
    for (const end = Date.now() + 90_000; !await holds().catch(() => false);) {
      if (Date.now() > end) throw new Error("waited in vain");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  await until(async () => (await (await only(folder.path)).log("stdout").last(1)).length > 0);
  const run = await only(folder.path);
  const tail = dbx(["tail", run.id, "--stdout", "-f", "-n", "10000"], at);
  await until(async () => (await run.log("stdout").last(2000)).length > 700);
  child.kill("SIGKILL");
  await child.status;
  await until(async () => (await run.log("dbx").last(1))[0].event === "dbx/end");
  await Promise.all([output, errors]);

  const lines = await Array.fromAsync(run.log("stdout").read());
  const wanted = LINES.slice(0, 3000);
  // What dbx had read and not kept when it died is not there: one piece at most, of each stream.
  for (const stream of ["stdout", "stderr"]) {
    const texts = lines.filter(({ event }) => event === stream).map(({ data }) => String(data.text));
    const printed = wanted.filter((line) => line.stream === stream).map(({ text }) => text);
    if (stream === "stdout") printed.push("no line feed at the end");
    const front = texts.findIndex((text, at) => text !== printed[at]);
    const gap = printed.length - texts.length;
    assert(gap <= 120, `${gap} lines are missing`);
    if (front >= 0) {
      assertEquals(texts.slice(front + 1), printed.slice(front + 1 + gap), `${stream}: after line ${front}`);
    }
  }
  const texts = new Set(lines.map(({ data }) => data.text));
  assertEquals(
    (await eventsOf(run, "printed")).filter((event) => event.startsWith("train")),
    eventsIn(wanted.filter(({ text }) => texts.has(text)), "stdout").filter((event) => event.startsWith("train")),
  );
  assertEquals((await dbx(["check"], at)).code, 0);
  // Lines that come while tail prints the first ones may come twice.
  const followed = (await tail).stdout.split("\n").slice(0, -1);
  assertEquals(followed.slice(-1500), lines.slice(-1500).map(({ data }) => String(data.text)));
});
