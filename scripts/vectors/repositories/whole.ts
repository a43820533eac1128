import { createHash } from "node:crypto";
import { definition, later, line, MARKER, type RepositoryVector, TIME } from "./repository.ts";

const EXP = "0vectors00exp";
const RUN = "0vectors00run";
const SECOND = "0vectors00ru2";
const FILE = "weights of a model\n";
const HASH = createHash("sha256").update(FILE).digest("hex");
const GONE = createHash("sha256").update("another file\n").digest("hex");
const held = (name: string, sha256: string) =>
  `{"_dbx":"expfile","exp":"${EXP}","name":"${name}","sha256":"${sha256}"}`;
const at = (run: string, log = "log.jsonl") => `demo/${EXP}/runs/${run}/${log}`;
const START = line("dbx/start", 0, `"pid":1,"hostname":"box","heartbeat":30`);
const END = line("dbx/end", 5000, `"status":"finished","exitCode":0,"durationMs":5000`);

/** Repositories in which nothing is damaged. */
export const WHOLE: readonly RepositoryVector[] = [
  { name: "golden-v1", about: "tests/fixtures/v1: what dbx writes.", folder: "v1" },
  { name: "golden-v0", about: "tests/fixtures/v0: what dbxlogger writes.", spec: ["F74"], folder: "v0" },
  { name: "empty", about: "A marker and nothing else.", files: { "dbx.json": MARKER } },
  {
    name: "runs",
    about: "Two runs of one experiment, with series over several logs, files, and objects of which one is not there.",
    files: {
      "dbx.json": MARKER,
      [`demo/${EXP}/meta.json`]: definition(
        EXP,
        `"kind":"train","name":"demo","params":{"lr":0.1,"clip":{"_dbx":"inf"}},"dataset":"cifar10"`,
      ),
      [`demo/${EXP}/runs/${RUN}/meta.json`]: definition(
        RUN,
        `"cmd":["python","train.py"],"hostname":"box","env":{"A":"1"},"seed":7`,
      ),
      [at(RUN, "dbx.log.jsonl")]: START +
        line("dbx/file", 3000, `"name":"model.bin","size":${FILE.length},"file":${held("model.bin", HASH)}`) + END,
      [at(RUN)]: line("train/epoch/1", 1000, `"loss":1,"acc":{"_dbx":"nan"}`) +
        line("train/epoch/2", 2000, `"loss":0.5,"grad":{"norm":2}`) +
        line("checkpoint", 3000, `"file":${held("model.bin", HASH)},"step":2`) +
        line("checkpoint", 4000, `"file":${held("last.bin", GONE)}`),
      [at(RUN, "eval.log.jsonl")]: line("eval", 4000, `"value":0.75`),
      [`demo/${EXP}/runs/${SECOND}/meta.json`]: later(SECOND, 10, `"params":{"lr":0.2}`),
      [at(SECOND, "dbx.log.jsonl")]: START +
        line(
          "dbx/end",
          100,
          `"status":"failed","exitCode":1,"durationMs":100,"lost":{"events":2,"reasons":["disk full"]}`,
        ),
      [at(SECOND)]: line("train/epoch/1", 1000, `"loss":2`) + `{"event":"train/ep`,
      [`objects/${HASH.slice(0, 2)}/${HASH}`]: FILE,
    },
  },
  {
    name: "notes",
    about: "Notes of two copies: tags, remarks, a deletion that was taken back, and one that was not.",
    spec: ["F49"],
    files: {
      "dbx.json": MARKER,
      "0kept00000exp/meta.json": definition("0kept00000exp"),
      "0kept00000exp/notes/0laptop0repl1.log.jsonl": line("dbx/tag", 10, `"tag":"good"`) + line("dbx/delete", 20) +
        line("dbx/note", 30, `"text":"look at this"`),
      "0kept00000exp/notes/0server0repl2.log.jsonl": line("dbx/restore", 25) + line("dbx/tag", 40, `"tag":"draft"`) +
        line("dbx/tag", 41, `"tag":"draft","remove":true`),
      "0deleted00exp/meta.json": definition("0deleted00exp"),
      "0deleted00exp/notes/0laptop0repl1.log.jsonl": line("dbx/delete", 20),
    },
  },
  {
    name: "strays",
    about: "Files and folders that are not part of a repository: a reader leaves them alone, a check notes some.",
    spec: ["F1", "F9"],
    files: {
      "dbx.json": MARKER,
      "README.md": "hello\n",
      "vision/notes.txt": "hello\n",
      "vision/meta.json": "{}\n",
      ".git/HEAD": "x\n",
      ".old/0hidden000exp/meta.json": definition("0hidden000exp"),
      ".dbx/anything": "x\n",
      [`vision/${EXP}/meta.json`]: definition(EXP, `"name":"vision"`),
      [`vision/${EXP}/todo.txt`]: "hello\n",
      [`vision/${EXP}/.tmp-meta.json`]: "{",
      [`vision/${EXP}/.hidden`]: "x\n",
      [`vision/${EXP}/notes/todo.txt`]: "hello\n",
      [`vision/${EXP}/runs/${RUN}/meta.json`]: definition(RUN),
      [`vision/${EXP}/runs/${RUN}/log.jsonl`]: line("a", 1, `"x":1`),
      [`vision/${EXP}/runs/${RUN}/log.log.jsonl`]: line("b", 1, `"x":1`),
      [`vision/${EXP}/runs/${RUN}/.x.log.jsonl`]: line("c", 1, `"x":1`),
      [`vision/${EXP}/runs/${RUN}/größe.log.jsonl`]: line("d", 1, `"x":1`),
      [`vision/${EXP}/runs/${RUN}/model.bin`]: "x",
      [`vision/${EXP}/runs/${RUN}/more/x.log.jsonl`]: line("e", 1, `"x":1`),
      [`vision/${EXP}/runs/.tmp-run`]: "x",
      [`vision/${EXP}/runs/first/meta.json`]: definition("0vectors00ru9"),
      [`vision/${EXP}/runs/todo.txt`]: "x",
      [`vision/${EXP}/below/0below0000exp/meta.json`]: definition("0below0000exp"),
      "objects/readme": "x",
      "objects/ab/short": "x",
      "objects/ab/.tmp-1": "x",
      "objects/0inobjects0xp/meta.json": definition("0inobjects0xp"),
      "purged/0purgedexp001/meta.json": definition("0purgedexp001", `"name":"purged"`),
    },
  },
  {
    name: "incomplete",
    about:
      "What an interrupted transfer left: experiments and runs without definitions; and empty folders, which are nothing.",
    spec: ["F2"],
    files: {
      "dbx.json": MARKER,
      [`0vectors00exp/meta.json`]: definition(EXP),
      [`0vectors00exp/runs/${RUN}/log.jsonl`]: line("a", 1, `"x":1`),
      [`demo/0nometa000exp/runs/${SECOND}/meta.json`]: definition(SECOND),
      [`demo/0nometa000exp/runs/${SECOND}/log.jsonl`]: line("a", 1, `"x":1`),
    },
    folders: ["0empty0000exp", `0vectors00exp/runs/0empty0000run`, "demo/empty", "0empty0000ex2/runs"],
  },
  {
    name: "old-within",
    about:
      "Experiments of version 0 in a repository of version 1, and one that has logs beside its runs, which is of version 1.",
    spec: ["F75"],
    files: {
      "dbx.json": MARKER,
      "mnist/Ab3_x9ZkQ0pLm/meta.json":
        `{"id":"Ab3_x9ZkQ0pLm","kind":"train","params":{"lr":0.1},"createdAt":1767258000,"cmd":"python a.py"}\n`,
      "mnist/Ab3_x9ZkQ0pLm/log.jsonl": `{"event": "loss", "ts": "mine", "value": 1}\n{"event": "loss", "value": 0.5}\n`,
      "mnist/Ab3_x9ZkQ0pLm/eval.log.jsonl": `{"event": "eval", "value": NaN}\n`,
      "mnist/Ab3_x9ZkQ0pLm/notes/0laptop0repl1.log.jsonl": line("dbx/tag", 10, `"tag":"old"`) +
        line("dbx/tag", 11, `"tag":"good"`),
      "0python000exp/meta.json":
        `{"params":{"lr":NaN,"f":{"_dbx":"expfile","exp":"x","name":"f","sha256":"${GONE}"}}}\n`,
      "0python000exp/log.jsonl": "",
      "0both00000exp/meta.json": `{"id":"0both00000exp","kind":"k",${TIME}}\n`,
      "0both00000exp/log.jsonl": `{"event":"stray","ts":1,"x":1}\n`,
      "0both00000exp/runs/0both00000run/meta.json": definition("0both00000run"),
      "0both00000exp/runs/0both00000run/log.jsonl": line("a", 1, `"x":1`),
    },
  },
];
