import { encodeEvent } from "../../lib/format/events/encode_event.ts";
import { encodeValue } from "../../lib/format/json/value.ts";
import { initRepository } from "../../lib/repo/open.ts";
import type { Random } from "../format/random.ts";

/** A number of any kind; `wide` ones are huge or tiny, either sign. */
function number(random: Random): number {
  const pick = random.next();
  if (pick < 0.06) return NaN;
  if (pick < 0.09) return random.next() < 0.5 ? Infinity : -Infinity;
  if (pick < 0.4) return random.below(7) - 3;
  return random.next() * 20 - 10;
}

/** An integer of any size, for JSON whose text is then {@linkcode unwrapped}. */
function raw(integer: bigint): string {
  return `«${integer}»`;
}

function unwrapped(json: string): string {
  return json.replace(/"«(-?\d+)»"/g, "$1");
}

/** Lines of a log: steps repeated and out of order, keys that come and go, times that are missing or jump. */
export function randomLines(random: Random, count: number): string[] {
  const lines: string[] = [];
  for (let i = 0; i < count; i++) {
    const data: Record<string, unknown> = {};
    if (random.next() < 0.7) data.loss = number(random);
    if (random.next() < 0.4) data["точность"] = random.next();
    if (random.next() < 0.2) data.wide = (random.next() - 0.5) * 10 ** random.below(100);
    if (random.next() < 0.1) data.n = raw([2n ** 53n + 1n, -7n, 2n ** 62n][random.below(3)]);
    if (random.next() < 0.2) data.deep = { list: [random.below(3), "text", null], "a.b": random.below(2) };
    if (random.next() < 0.1) data.loss = "0.5";
    if (random.next() < 0.3) data.step = random.next() < 0.9 ? random.below(6) : random.next() * 3;
    const name = ["train/step/" + random.below(8), "val", "train/epoch/1/step/" + random.below(4)][random.below(3)];
    const ts = 1_700_000_000_000 + random.below(1000) - (random.next() < 0.1 ? 5000 : 0);
    const line = unwrapped(encodeEvent(name, ts, data));
    lines.push(random.next() < 0.1 ? line.replace(/,"ts":\d+/, "") : line);
  }
  return lines;
}

/** Some of the lines with keys that are written with escapes, which mean the same. */
export function escapeKeys(random: Random, lines: string): string {
  return lines.replace(
    /^.*$/gm,
    (line) => random.next() < 0.1 ? line.replace('"loss":', '"l\\u006fss":').replace('"deep":', '"\\u0064eep":') : line,
  );
}

/** Params in which types mix and keys are missing; the first experiment has all of them. */
function params(random: Random, isFirst: boolean): Record<string, unknown> {
  if (isFirst) return { lr: 0.1, seed: 1, model: "small", opt: { name: "adam" }, big: raw(2n ** 53n + 1n) };
  const made: Record<string, unknown> = {};
  if (random.next() < 0.9) made.lr = [0.1, 0.01, 1, "auto", null, true][random.below(6)];
  if (random.next() < 0.8) made.seed = random.below(4);
  if (random.next() < 0.5) made.model = ["small", "größer", "Small", ""][random.below(4)];
  if (random.next() < 0.3) made.opt = { name: "adam", betas: [0.9, 0.99] };
  if (random.next() < 0.4) made.big = raw([2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 60n), 3n][random.below(4)]);
  return made;
}

/** The tags and notes of an experiment. */
function notes(random: Random): string {
  const lines: string[] = [];
  for (let i = random.below(4); i > 0; i--) {
    const ts = 1_700_000_000_000 + random.below(1000);
    const tag = ["best", "größer", 'a"b', "x"][random.below(4)];
    const isNote = random.next() < 0.3;
    lines.push(encodeEvent(isNote ? "dbx/note" : "dbx/tag", ts, isNote ? { text: `note ${i}` } : { tag }));
  }
  return lines.join("");
}

/** What is known of how a run was started. */
function circumstances(random: Random, isFirst: boolean): Record<string, unknown> {
  if (isFirst) return { hostname: "host-a", git: { branch: "main" }, gpu: 1 };
  const known: Record<string, unknown> = {};
  if (random.next() < 0.5) known.hostname = "host-a";
  if (random.next() < 0.5) known.cmd = ["python", "train.py", "--lr=0.1"].slice(0, 1 + random.below(3));
  if (random.next() < 0.5) {
    known.git = { commit: "0123abcd", branch: ["main", "Main", null][random.below(3)], dirty: false };
  }
  if (random.next() < 0.3) known.gpu = [2, "A100", 0.5][random.below(3)];
  return known;
}

/** A repository on the disk; `grow` adds lines to some of its logs. */
export async function randomRepository(random: Random, path: string): Promise<{ grow(): Promise<void> }> {
  await initRepository(path);
  const logs: string[] = [];
  const id = () => Array.from({ length: 13 }, () => random.below(36).toString(36)).join("");
  const json = (value: unknown) => unwrapped(JSON.stringify(encodeValue(value))) + "\n";
  const experiments = random.below(6);
  for (let e = 0; e < experiments; e++) {
    const folder = `${path}/${random.next() < 0.3 ? "sub/" : ""}${id()}`;
    await Deno.mkdir(folder, { recursive: true });
    const kind = ["train", "eval"][random.below(2)];
    const definition = {
      id: folder.slice(-13),
      kind,
      name: "",
      params: params(random, e === 0),
      createdAt: 1e12 + random.below(5),
      ...e === 0 || random.next() < 0.4 ? { team: ["vision", 7][random.below(2)] } : {},
    };
    await Deno.writeTextFile(`${folder}/meta.json`, json(definition));
    const said = notes(random);
    if (said !== "") {
      await Deno.mkdir(`${folder}/notes`);
      await Deno.writeTextFile(`${folder}/notes/0laptop0repl1.log.jsonl`, said);
    }
    for (let r = random.below(3); r >= 0; r--) {
      const run = id();
      await Deno.mkdir(`${folder}/runs/${run}`, { recursive: true });
      const meta = { id: run, createdAt: 1e12 + r, ...circumstances(random, e === 0 && r === 0) };
      await Deno.writeTextFile(`${folder}/runs/${run}/meta.json`, json(meta));
      for (const name of ["log", "other.log"]) {
        if (random.next() < 0.6) logs.push(`${folder}/runs/${run}/${name}.jsonl`);
      }
    }
  }
  const grow = async () => {
    for (const log of logs) {
      if (random.next() < 0.3) continue;
      const lines = randomLines(random, random.below(random.next() < 0.2 ? 1 : 30));
      await Deno.writeTextFile(log, lines.join("") + (random.next() < 0.1 ? "no event\n" : ""), { append: true });
      if (random.next() < 0.4) continue;
      // Somebody watched: lines without a time have that of their arrival.
      const [, folder, name] = /^(.*)\/([^/]+?)(?:\.log)?\.jsonl$/.exec(log)!;
      const ts = 1_700_000_000_000 + random.below(5000);
      const { size } = await Deno.stat(log);
      const arrival = encodeEvent("dbx/arrival", ts, { log: name, size, since: ts - random.below(1000) });
      await Deno.writeTextFile(`${folder}/dbx.log.jsonl`, arrival, { append: true });
    }
  };
  await grow();
  return { grow };
}

/** An experiment with more points and events than an operator takes at a time. */
export async function greatExperiment(random: Random, path: string): Promise<void> {
  const folder = `${path}/great00000000/runs/great00000001`;
  await Deno.mkdir(folder, { recursive: true });
  const meta = { id: "great00000000", kind: "train", name: "", params: params(random, false), createdAt: 1e12 };
  await Deno.writeTextFile(`${path}/great00000000/meta.json`, unwrapped(JSON.stringify(encodeValue(meta))) + "\n");
  await Deno.writeTextFile(`${folder}/meta.json`, JSON.stringify({ id: "great00000001", createdAt: 1e12 }) + "\n");
  for (const [name, count] of [["log", 12_000], ["other.log", 5000]] as const) {
    await Deno.writeTextFile(`${folder}/${name}.jsonl`, randomLines(random, count).join(""));
  }
}
