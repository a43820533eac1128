import { UsageError } from "../../../lib/base/errors.ts";
import { rangeIn } from "../../../lib/commands/files/byte_range.ts";
import { fileWord } from "../../../lib/commands/files/file_word.ts";
import { type FileRow, latestVersions, oneOfEachName, versionsOf } from "../../../lib/commands/files/found_file.ts";
import { targetName } from "../../../lib/commands/files/target_name.ts";
import { assertEquals, assertThrows } from "../../assert.ts";

Deno.test("targetName: no name of a repository leads out of the folder, or to hidden files that nobody typed", {
  permissions: "none",
}, () => {
  for (const name of ["a", "ckpt/1.pt", "a b/größe.txt", "..a", "a..b/c", "-rf"]) {
    assertEquals(targetName(name, name.startsWith(".")), name);
  }
  const bad = [
    "",
    "..",
    "../x",
    "a/../../x",
    "/etc/passwd",
    "a//b",
    "a/",
    "./a",
    "a\\..\\b",
    "C:/x",
    "c:x",
    "a\nb",
    "a\x1b[2Jb",
    "a\0b",
    ".git/hooks/post-checkout",
    "sub/.GIT/config",
    "a/".repeat(100) + "b",
    "\ud800",
  ];
  for (const name of bad) {
    for (const isTyped of [true, false]) {
      assertThrows(() => targetName(name, isTyped), UsageError, "Cannot write a file");
    }
  }
  for (const name of [".bashrc", ".ssh/authorized_keys", "a/.env"]) {
    assertThrows(() => targetName(name, false), UsageError, "it is hidden");
    assertEquals(targetName(name, true), name);
  }
});

Deno.test("fileWord, rangeIn: what is meant by words", { permissions: "none" }, () => {
  assertEquals(fileWord("3f"), { id: "3f", name: undefined });
  assertEquals(fileWord("3f/7k:a:b"), { id: "3f/7k", name: "a:b" });
  for (const word of [":x", "3f:", ""]) assertThrows(() => fileWord(word), UsageError);
  assertEquals(rangeIn(undefined, 10), { start: 0, end: 10 });
  assertEquals(rangeIn("0-99", 10), { start: 0, end: 10 });
  assertEquals(rangeIn("2-3", 10), { start: 2, end: 4 });
  assertEquals(rangeIn("7-", 10), { start: 7, end: 10 });
  assertEquals(rangeIn("-3", 10), { start: 7, end: 10 });
  assertEquals(rangeIn("0-0", 0), { start: 0, end: 0 });
  for (const text of ["-", "x", "3-2", "10-", "1", "1-2-3"]) assertThrows(() => rangeIn(text, 10), UsageError);
});

Deno.test("versionsOf: other contents are a version, equal ones in a row are not; the latest that is kept is meant", {
  permissions: "none",
}, () => {
  const row = (name: string, sha256: string, ts: number, more: Partial<FileRow> = {}): FileRow => {
    return {
      exp: "e",
      run: "r",
      log: "files",
      name,
      sha256,
      ts,
      size: 1,
      kept: true,
      path: null,
      hostname: null,
      ...more,
    };
  };
  const rows = [
    row("a", "1", 1),
    row("a", "1", 2, { size: null }),
    row("a", "2", 3, { kept: false }),
    row("a", "1", 4),
    row("b", "9", 1),
  ];
  const files = versionsOf(rows.toReversed());
  assertEquals(files.map(({ name, version, versions, sha256, kept }) => [name, version, versions, sha256, kept]), [
    ["a", 1, 3, "1", true],
    ["a", 2, 3, "2", false],
    ["a", 3, 3, "1", true],
    ["b", 1, 1, "9", true],
  ]);
  assertEquals(latestVersions(files).map(({ name, version }) => [name, version]), [["a", 3], ["b", 1]]);
  // Of several runs, the one that was kept last; one that is kept goes before one that is not.
  const runs = versionsOf([
    row("a", "1", 5),
    row("a", "2", 9, { run: "s" }),
    row("a", "3", 10, { run: "t", kept: false }),
  ]);
  assertEquals(oneOfEachName(runs).map(({ run }) => run), ["s"]);
  assertThrows(() => oneOfEachName(runs, 0), UsageError);
});
