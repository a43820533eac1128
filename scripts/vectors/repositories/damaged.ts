import { createHash } from "node:crypto";
import { definition, later, line, MARKER, type RepositoryVector, TIME } from "./repository.ts";

const EXP = "0vectors00exp";
const RUN = "0vectors00run";
const HASH = createHash("sha256").update("weights\n").digest("hex");
const LINE = line("a", 1, `"x":1`);
const hex = (text: string): string => {
  return Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, "0")).join("");
};

/** Repositories in which something is damaged: it hides nothing else. */
export const DAMAGED: readonly RepositoryVector[] = [
  {
    name: "damaged-definitions",
    about: "Definitions that cannot be read, or say something else than their folder.",
    spec: ["F29", "F19"],
    files: {
      "dbx.json": MARKER,
      [`${EXP}/meta.json`]: definition(EXP),
      [`${EXP}/runs/${RUN}/meta.json`]: definition(RUN),
      [`${EXP}/runs/${RUN}/log.jsonl`]: LINE,
      [`${EXP}/runs/0badrun000run/meta.json`]: `{"id":"0badrun000run","createdAt":"2026-02-30T00:00:00.000Z"}\n`,
      [`${EXP}/runs/0badrun000run/log.jsonl`]: LINE,
      [`${EXP}/runs/0wrongid00run/meta.json`]: later("0otherid00run", 1),
      "0cutoff000exp/meta.json": `{"id":"0cutoff000exp",${TIME}`,
      "0cutoff000exp/runs/0cutoff000run/meta.json": definition("0cutoff000run"),
      "0notype000exp/meta.json": definition("0notype000exp", `"params":[]`),
      "0wrongid00exp/meta.json": definition("0otherid00exp"),
      "0notutf800exp/meta.json": { hex: hex(`{"id":"0notutf800exp",${TIME},"kind":"gr`) + "f6" + hex(`n"}\n`) },
      "0python000exp/meta.json": definition("0python000exp", `"params":{"lr":NaN,"big":1e999}`),
      "0mark00000exp/meta.json": "\ufeff" + definition("0mark00000exp"),
      "0offset000exp/meta.json": `{"id":"0offset000exp","createdAt":"2026-01-01 11:00+02:00"}\n`,
    },
  },
  {
    name: "damaged-lines",
    about: "Logs with lines that are not events, lines that a check notes, and torn tails.",
    spec: ["F39", "F40", "F41"],
    files: {
      "dbx.json": MARKER,
      [`${EXP}/meta.json`]: definition(EXP),
      [`${EXP}/notes/0laptop0repl1.log.jsonl`]: line("dbx/tag", 10, `"tag":"good"`) + "hello\n" +
        line("dbx/tag", 11, `"tag":"torn"`).slice(0, -1),
      [`${EXP}/runs/${RUN}/meta.json`]: definition(RUN),
      [`${EXP}/runs/${RUN}/log.jsonl`]: {
        hex: hex(`${LINE}\n`) + "ff0a" + hex(`[1]\n{"x":2,"event":"a"}\n{"event":"a","ts":3.7,"x":NaN}\n{"event":"a"`),
      },
      [`${EXP}/runs/${RUN}/printed.log.jsonl`]:
        `{"ts":1767258000001,"event":"a", "x": 1}\n{"ts":1,"event":"a","x":NaN}\n`,
      [`${EXP}/runs/${RUN}/mark.log.jsonl`]: `\ufeff${LINE}${LINE}`,
    },
  },
  {
    name: "moved",
    about: "An experiment that was moved by hand, and one that stands in two folders.",
    spec: ["F11"],
    files: {
      "dbx.json": MARKER,
      "elsewhere/0moved0000exp/meta.json": definition("0moved0000exp", `"name":"vision"`),
      "elsewhere/0moved0000exp/runs/0moved0000run/meta.json": definition("0moved0000run"),
      "0twice0000exp/meta.json": definition("0twice0000exp", `"kind":"k"`),
      "0twice0000exp/runs/0twice0000run/meta.json": definition("0twice0000run"),
      "copy/0twice0000exp/meta.json": definition("0twice0000exp", `"kind":"k"`),
      "copy/0twice0000exp/runs/0twice0000run/meta.json": definition("0twice0000run"),
      "0other0000exp/meta.json": definition("0other0000exp"),
      "0other0000exp/runs/0moved0000run/meta.json": definition("0moved0000run"),
    },
  },
  {
    name: "damaged-objects",
    about: "An object with other bytes, and lines and definitions that refer to one that is not there.",
    files: {
      "dbx.json": MARKER,
      [`${EXP}/meta.json`]: definition(
        EXP,
        `"params":{"init":{"_dbx":"expfile","exp":"${EXP}","name":"init","sha256":"${"0".repeat(64)}"}}`,
      ),
      [`${EXP}/runs/${RUN}/meta.json`]: definition(RUN),
      [`${EXP}/runs/${RUN}/log.jsonl`]:
        line("a", 1, `"x":{"_dbx":"expfile","exp":"${EXP}","name":"w","sha256":"${HASH}"}`) +
        line("a", 2, `"x":{"_dbx":"expfile","exp":"${EXP}","name":"v","sha256":"${"1".repeat(64)}"}`),
      [`objects/${HASH.slice(0, 2)}/${HASH}`]: "other bytes\n",
      "objects/e3/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855": "",
    },
  },
  {
    name: "purged",
    about:
      "Tombstones: a whole one, one with other contents, one of what is still there, and a purge that was cut off.",
    files: {
      "dbx.json": MARKER,
      [`${EXP}/meta.json`]: definition(EXP),
      "purged/0gone00000exp.json": `{"event":"dbx/purge","id":"0gone00000exp"}\n`,
      "purged/0badtomb00exp.json": `{"event":"dbx/purge","id":"0badtomb00exp","by":"me"}\n`,
      "purged/0left00000exp.json": `{"event":"dbx/purge","id":"0left00000exp"}\n`,
      "0left00000exp/meta.json": definition("0left00000exp"),
      "purged/0left00000run.json": `{"event":"dbx/purge","id":"0left00000run"}\n`,
      [`${EXP}/runs/0left00000run/meta.json`]: definition("0left00000run"),
    },
  },
  {
    name: "damaged-marker",
    about: "A marker that is damaged, and whose version can be told.",
    spec: ["F25"],
    files: {
      "dbx.json": `{"dbx":1,"id":"0golden0repo1","createdAt":"yesterday"}\n`,
      [`${EXP}/meta.json`]: definition(EXP),
    },
  },
  {
    name: "other-version",
    about: "A repository of a version that is not known: it is refused.",
    spec: ["F24"],
    files: { "dbx.json": MARKER.replace(`"dbx":1`, `"dbx":2`), [`${EXP}/meta.json`]: definition(EXP) },
  },
  {
    name: "links",
    about: "Symbolic links: none is followed.",
    spec: ["F4"],
    files: {
      "dbx.json": MARKER,
      [`${EXP}/meta.json`]: definition(EXP),
      [`${EXP}/runs/${RUN}/meta.json`]: definition(RUN),
      [`${EXP}/runs/${RUN}/log.jsonl`]: LINE,
      ".dbx/cache": "x",
    },
    links: {
      "0linked000exp": EXP,
      "folder": ".",
      [`${EXP}/runs/0linked000run`]: RUN,
      [`${EXP}/runs/${RUN}/linked.log.jsonl`]: "log.jsonl",
      ".dbx/linked": "cache",
    },
  },
  {
    name: "unusable-names",
    about: "Folders and files whose names cannot be used: they are left out, and hide nothing else.",
    spec: ["F3"],
    files: {
      "dbx.json": MARKER,
      [`${EXP}/meta.json`]: definition(EXP),
      [`${EXP}/runs/${RUN}/meta.json`]: definition(RUN),
      [`${EXP}/runs/${RUN}/log.jsonl`]: LINE,
      [`${EXP}/runs/${RUN}/a\\b.log.jsonl`]: LINE,
      "a\nb/0control00exp/meta.json": definition("0control00exp"),
      "C:/0drive0000exp/meta.json": definition("0drive0000exp"),
      "a\\b/0slash0000exp/meta.json": definition("0slash0000exp"),
      "größe ?/0fine00000exp/meta.json": definition("0fine00000exp", `"name":"größe ?"`),
    },
  },
];
