import { scratch } from "../e2e/dbx.ts";

/** Experiments in which every column says something else; two of them have no values at all in some. */
export const IDS = ["aaaaaaaaaaaa1", "bbbbbbbbbbbb2", "cccccccccccc3", "dddddddddddd4"] as const;

/** What a column is of each of the experiments; undefined: it has none. */
type Row = readonly unknown[];

const AMBIGUOUS = "train/epoch/*:score, val/epoch/*:score";
const NONE = undefined;
const time = (text: string) => Date.parse(`2026-${text}${text.includes("T") ? "" : "T00:00:00"}Z`);

/** The short name of each column, its full name in SQL, and what it is of each of the experiments. */
export const COLUMNS: readonly (readonly [short: string, full: string, values: Row])[] = [
  ["id", "id", IDS],
  ["exp", "exp", IDS],
  ["name", "name", ["mnist", "mnist", "", "cifar/small"]],
  ["kind", "kind", ["train", "train", "eval", "train"]],
  ["status", "status", ["failed", "lost", "unknown", "unknown"]],
  ["lost", "lost_events", [3, 0, 0, 0]],
  ["created", "created_at", [time("01-01"), time("02-01"), time("03-01"), time("04-01")]],
  ["duration", "duration_ms", [90_000, 4000, NONE, NONE]],
  ["runs", "runs", [3, 1, 0, 1]],
  ["version", "version", [1, 1, 1, 1]],
  ["tags", "tags", [["x", "best"], [], ["best"], []]],
  ["host", "hostname", ["laptop", "box", NONE, NONE]],
  ["command", "cmd", [["python", "b.py"], ["python", "a.py"], NONE, NONE]],
  ["note", "note", ["Lower it.", NONE, NONE, NONE]],
  ["git.commit", "git.commit", ["def456", "abc123", NONE, NONE]],
  ["env.RANK", "env.RANK", ["1", NONE, NONE, NONE]],
  ["params.lr", "params.lr", [0.1, "auto", 1, NONE]],
  ["params.opt.name", "params.opt.name", ["adam", "sgd", NONE, NONE]],
  [`params."a.b"`, `params."a.b"`, [NONE, NONE, NONE, 7]],
  ["params.a.b", "params.a.b", [NONE, NONE, NONE, 8]],
  ["params.big", "params.big", [NONE, Infinity, 3, NONE]],
  ["meta.team", "meta.team", ["vision", NONE, "text", NONE]],
  ["min:loss", `"min:loss"`, [0.25, Infinity, NONE, NaN]],
  ["max:loss", `"max:loss"`, [1, Infinity, NONE, NaN]],
  ["first:loss", `"first:loss"`, [1, Infinity, NONE, NaN]],
  ["last:loss", `"last:loss"`, [0.5, NaN, NONE, NaN]],
  ["mean:loss", `"mean:loss"`, [0.625, Infinity, NONE, NaN]],
  ["count:loss", `"count:loss"`, [4, 2, NONE, 1]],
  ["min:train/epoch/*:score", `"min:train/epoch/*:score"`, [5, NONE, NONE, NONE]],
  ["min:*score", `"min:*score"`, [2, NONE, NONE, NONE]],
  ["count:*score", `"count:*score"`, [3, NONE, NONE, NONE]],
  ["last:deep.er", `"last:deep.er"`, [NONE, 9, NONE, NONE]],
];

/** A column that several series are meant by, and which these are. */
export const AMBIGUOUS_COLUMN = ["min:score", AMBIGUOUS] as const;

/** The same of single runs of the first experiment. */
export const RUNS: readonly (readonly [run: string, values: Readonly<Record<string, unknown>>])[] = [
  ["rrrrrrrrrrrr1", {
    ...{ status: "finished", duration: 60_000, runs: 1, host: "box", lost: 1, "last:loss": 0.5, "min:loss": 0.5 },
    "git.commit": "abc123",
  }],
  ["rrrrrrrrrrrr2", {
    ...{ status: "failed", duration: 30_000, runs: 1, host: "gpu-1", lost: 2, "last:loss": 0.25, "count:loss": 1 },
    "min:score": NONE,
  }],
  ["rrrrrrrrrrrr3", { status: "unknown", duration: NONE, runs: 1, host: "laptop", lost: 0, "last:loss": 0.75 }],
];

const lines = (...events: readonly object[]) => events.map((event) => JSON.stringify(event) + "\n").join("");

const NAN = { _dbx: "nan" };
const INF = { _dbx: "inf" };

/** The files of the repository. */
const FILES: Readonly<Record<string, string>> = {
  "dbx.json": `{"dbx":1,"id":"mmmmmmmmmmmm1","createdAt":"2026-01-01T00:00:00.000Z"}`,
  ...experiment("mnist/aaaaaaaaaaaa1", "01-01", "train", { lr: 0.1, opt: { name: "adam" } }, { team: "vision" }),
  ...experiment("mnist/bbbbbbbbbbbb2", "02-01", "train", { lr: "auto", opt: { name: "sgd" }, big: INF }),
  ...experiment("cccccccccccc3", "03-01", "eval", { lr: 1, big: 3 }, { team: "text" }),
  ...experiment("cifar/small/dddddddddddd4", "04-01", "train", { "a.b": 7, a: { b: 8 } }),
  "mnist/aaaaaaaaaaaa1/notes/0laptop0repl1.log.jsonl": lines(
    { event: "dbx/tag", ts: time("01-09"), tag: "x" },
    { event: "dbx/tag", ts: time("01-09") + 1, tag: "best" },
    { event: "dbx/note", ts: time("01-09") + 2, text: "Lower it." },
  ),
  "cccccccccccc3/notes/0laptop0repl1.log.jsonl": lines({ event: "dbx/tag", ts: time("03-09"), tag: "best" }),
  ...run("mnist/aaaaaaaaaaaa1", "rrrrrrrrrrrr1", "01-01", { hostname: "box", git: { commit: "abc123" } }, {
    dbx: lines(
      { event: "dbx/start", ts: time("01-01"), heartbeat: 30 },
      { event: "dbx/end", ts: time("01-05"), status: "finished", durationMs: 60_000, lost: { events: 1 } },
    ),
    log: lines(
      { event: "train/epoch/0", ts: time("01-01T00:01:00"), loss: 1, score: 5 },
      // The newest of all, although two runs began later.
      { event: "train/epoch/1", ts: time("01-05"), loss: 0.5, score: 6 },
      { event: "val/epoch/1", ts: time("01-05"), score: 2 },
    ),
  }),
  ...run("mnist/aaaaaaaaaaaa1", "rrrrrrrrrrrr2", "01-02", { hostname: "gpu-1" }, {
    dbx: lines(
      { event: "dbx/start", ts: time("01-02"), heartbeat: 30 },
      { event: "dbx/end", ts: time("01-02T00:00:30"), status: "failed", durationMs: 30_000, lost: { events: 2 } },
    ),
    log: lines({ event: "train/epoch/0", ts: time("01-02"), loss: 0.25 }),
  }),
  // Nobody recorded the life of the newest run.
  ...run("mnist/aaaaaaaaaaaa1", "rrrrrrrrrrrr3", "01-03", {
    hostname: "laptop",
    cmd: ["python", "b.py"],
    git: { commit: "def456" },
    env: { RANK: "1" },
  }, { log: lines({ event: "train/epoch/0", ts: time("01-03"), loss: 0.75 }) }),
  ...run("mnist/bbbbbbbbbbbb2", "rrrrrrrrrrrr4", "02-01", {
    hostname: "box",
    cmd: ["python", "a.py"],
    git: { commit: "abc123" },
  }, {
    dbx: lines({ event: "dbx/start", ts: time("02-01"), heartbeat: 30 }),
    log: lines(
      { event: "train/epoch/0", ts: time("02-01T00:00:01"), loss: INF },
      { event: "train/epoch/1", ts: time("02-01T00:00:04"), loss: NAN, deep: { er: 9 } },
    ),
  }),
  ...run("cifar/small/dddddddddddd4", "rrrrrrrrrrrr5", "04-01", {}, {
    log: lines({ event: "train/epoch/0", ts: time("04-01"), loss: NAN }),
  }),
};

function experiment(folder: string, day: string, kind: string, params: object, extra: object = {}) {
  const [name, id] = /^(?:(.*)\/)?(.*)$/.exec(folder)!.slice(1);
  const meta = { id, kind, name: name ?? "", params, createdAt: new Date(time(day)).toISOString(), ...extra };
  return { [`${folder}/meta.json`]: JSON.stringify(meta) };
}

function run(folder: string, id: string, day: string, meta: object, logs: Readonly<Record<string, string>>) {
  const own = `${folder}/runs/${id}`;
  return {
    [`${own}/meta.json`]: JSON.stringify({ id, createdAt: new Date(time(day)).toISOString(), ...meta }),
    ...Object.fromEntries(
      Object.entries(logs).map(([name, text]) => [`${own}/${name === "log" ? "" : `${name}.`}log.jsonl`, text]),
    ),
  };
}

/** Writes the repository. */
export async function meaningWorld(): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await scratch();
  for (const [name, text] of Object.entries(FILES)) {
    const path = `${folder.path}/r/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, text);
  }
  return { path: `${folder.path}/r`, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}
