import { UsageError } from "../../../lib/base/errors.ts";
import {
  checkExperimentName,
  checkLogName,
  experimentFolder,
  logFileName,
  logNameOf,
  notesFile,
  objectName,
  runFolder,
} from "../../../lib/format/layout/names.ts";
import { assertEquals, assertThrows } from "../../assert.ts";

const SHA = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

test("logFileName and logNameOf are inverse", () => {
  for (const name of ["log", "stdout", "a.b", "x.log", "val.best-1", "Log"]) {
    assertEquals(logNameOf(logFileName(name)), name);
  }
  assertEquals(logFileName("log"), "log.jsonl");
  assertEquals(logFileName("stdout"), "stdout.log.jsonl");
  for (const file of ["meta.json", "a.jsonl", ".log.jsonl", "log.log.jsonl", "log.jsonl.tmp", "", "a/b.log.jsonl"]) {
    assertEquals(logNameOf(file), undefined, file);
  }
});

test("checkLogName takes 1 to 100 letters, digits, _ - and . [F12]", () => {
  for (const name of ["log", "a", "0", "_x", "a.b-c_D", "x".repeat(100)]) checkLogName(name);
  for (const name of ["", ".", "..", ".a", "-a", "a/b", "a b", "ä", "a\n", "x".repeat(101), "a\\b"]) {
    assertThrows(() => checkLogName(name), UsageError, "Cannot name a log");
  }
});

test("checkExperimentName takes folders", () => {
  const good = [
    "",
    "a",
    "vision/resnet",
    "größe/日本語 🚀",
    "a.b",
    "C",
    "my_experiment",
    "x".repeat(200),
    "run",
    "aa:b",
  ];
  for (const name of good) checkExperimentName(name);
});

const REFUSED: readonly [name: string, state: string][] = [
  [".", "begins with a dot"],
  ["a/..", "begins with a dot"],
  ["a/.dbx", "begins with a dot"],
  ["/a", "an empty part"],
  ["a/", "an empty part"],
  ["a//b", "an empty part"],
  ["runs", "a name that repositories use"],
  ["a/notes/b", "a name that repositories use"],
  ["objects", "a name that repositories use"],
  ["a\\b", "a backslash"],
  ["C:/a", "looks like a drive"],
  ["c:a", "looks like a drive"],
  ["a\0", "a control character"],
  ["a\nb", "a control character"],
  ["a./b", "ends with a dot or a space"],
  ["a ", "ends with a dot or a space"],
  ["\ud800", "not valid Unicode"],
  ["abcdefghijklm", "the shape of an id"],
  ["x/0123456789abc/y", "the shape of an id"],
  ["ä".repeat(101), "more than 200 bytes"],
  [Array(10).fill("x".repeat(99)).join("/"), "more than 800 bytes"],
];

test("checkExperimentName says what is wrong with a name [F8]", () => {
  for (const [name, state] of REFUSED) assertThrows(() => checkExperimentName(name), UsageError, state);
});

test("folders and objects", () => {
  assertEquals(experimentFolder({ name: "", id: "0123456789abc" }), "0123456789abc");
  const folder = experimentFolder({ name: "a/b", id: "0123456789abc" });
  assertEquals(runFolder(folder, "1123456789abc"), "a/b/0123456789abc/runs/1123456789abc");
  assertEquals(notesFile(folder, "2123456789abc"), "a/b/0123456789abc/notes/2123456789abc.log.jsonl");
  assertEquals(objectName(SHA), `objects/e3/${SHA}`);
  for (const bad of ["", "../x", SHA.toUpperCase(), SHA + "0", SHA.slice(1), `${SHA}\n`]) {
    assertThrows(() => objectName(bad), UsageError, "Cannot name an object");
  }
});
