import { classifyPath } from "../../lib/format/layout/file_kind.ts";
import type { Vector, VectorFile } from "../vectors/vector.ts";
import { EXP, objectName, RUN } from "./samples.ts";

const OBJECT = objectName("a");
const HASH = OBJECT.slice(-64);
const LOG = `${EXP}/runs/${RUN}/log.jsonl`;

/** Names that a peer sends, and what it may send below them. */
export function nameVectors(): VectorFile {
  return {
    about: "Names that a peer must refuse (kind is null), and the kinds of those that it takes.",
    vectors: [...refused().map((name) => vector(name, null)), ...taken().map(([kind, name]) => vector(name, kind))],
  };
}

function vector(name: string, kind: string | null): Vector {
  if ((classifyPath(name) ?? null) !== kind) throw new Error(`${JSON.stringify(name)} has another kind than ${kind}`);
  const id = name.length > 100 ? `${name.slice(0, 40)}… ${name.length} ${kind}` : JSON.stringify(name).slice(1, -1);
  return { id, name, kind };
}

function refused(): string[] {
  return [
    "",
    "meta.json",
    `../${LOG}`,
    `${EXP}/../../x`,
    `/etc/${EXP}/meta.json`,
    `${EXP}/`,
    `${EXP}//meta.json`,
    `./${EXP}/meta.json`,
    `${EXP}/./meta.json`,
    `C:/${EXP}/meta.json`,
    `c:${EXP}/meta.json`,
    `x/C:/${EXP}/meta.json`,
    `${EXP}/C:x`,
    `${EXP}\\..\\x`,
    `a\\b/${EXP}/meta.json`,
    `${EXP}/\0`,
    `${EXP}/a\nb`,
    `${EXP}/\x1f`,
    `${EXP}/\x7f`,
    `${EXP}/\ud800`,
    `\udc00/${EXP}/meta.json`,
    ".dbx/config.json",
    `${EXP}/.dbx/x`,
    `${EXP}/.tmp-0000000000000`,
    `.hidden/${EXP}/meta.json`,
    `objects/${OBJECT.slice(8, 10)}/${HASH.slice(1)}`,
    `objects/00/${HASH}`,
    `objects/${HASH}`,
    `objects/${HASH.slice(0, 3)}/${HASH}`,
    `objects/${HASH.slice(0, 2)}/${HASH.toUpperCase()}`,
    `objects/${HASH.slice(0, 2)}/${HASH}/x`,
    `objects/${EXP}/meta.json`,
    "purged/x.json",
    `purged/${EXP}`,
    `purged/x/${EXP}.json`,
    "vision/resnet/meta.json",
    "0000000000ex/meta.json",
    "0000000000-xp/meta.json",
    `${EXP}/${"x".repeat(256)}`,
    `${"é".repeat(128)}/${EXP}/meta.json`,
    `${"a/".repeat(63)}${EXP}/meta.json`,
    `${"a/".repeat(2042)}${EXP}/meta.json`,
    `${`${"a".repeat(66)}/`.repeat(61)}${EXP}/meta.json`,
    `x/${EXP}`,
  ];
}

function taken(): [kind: string, name: string][] {
  return [
    ["marker", "dbx.json"],
    ["definition", `${EXP}/meta.json`],
    ["definition", `vision/resnet/${EXP}/meta.json`],
    ["definition", `größe/日本 語/🚀/${EXP}/meta.json`],
    ["definition", `a"b/AUX/a?b/${EXP}/meta.json`],
    ["definition", `${EXP}/runs/${RUN}/meta.json`],
    ["definition", `Folder1234567/${EXP}/meta.json`],
    ["definition", "Ab3_x9ZkQ0pLm/meta.json"],
    ["definition", `purged/${EXP}/meta.json`],
    ["definition", `aa:/${EXP}/meta.json`],
    ["log", LOG],
    ["log", `${EXP}/runs/${RUN}/dbx.log.jsonl`],
    ["log", `${EXP}/notes/0replica00001.log.jsonl`],
    ["log", "Ab3_x9ZkQ0pLm/log.jsonl"],
    ["file", "Ab3_x9ZkQ0pLm/log.log.jsonl"],
    ["file", "Ab3_x9ZkQ0pLm/sub/model.bin"],
    ["file", "Ab3_x9ZkQ0pLm/a\u0085b"],
    ["file", `${EXP}/${"x".repeat(255)}`],
    ["file", `${EXP}/${"é".repeat(127)}`],
    ["file", `${EXP}/runs/${RUN}/x.bin`],
    ["registry", "Ab3_x9ZkQ0pLm/files.json"],
    ["object", OBJECT],
    ["tombstone", `purged/${EXP}.json`],
    ["tombstone", "purged/Ab3_x9ZkQ0pLm.json"],
    ["file", `purged/${EXP}/x.json`],
    ["definition", `${"a/".repeat(62)}${EXP}/meta.json`],
    ["definition", `${`${"a".repeat(65)}/`.repeat(61)}${EXP}/meta.json`],
  ];
}
