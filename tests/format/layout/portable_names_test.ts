// Names that other systems cannot store or keep apart; see "Portable names" in FORMAT.md.
import {
  foldedName,
  unportablePath,
  unportableSegment,
  warningOfName,
} from "../../../lib/format/layout/portable_names.ts";
import { openRepository } from "../../../lib/logger/open.ts";
import { checkRepository } from "../../../lib/repo/check/check.ts";
import { openReader } from "../../../lib/repo/open.ts";
import { assert, assertEquals, assertStringIncludes } from "../../assert.ts";
import { dbx, scratch } from "../../e2e/dbx.ts";

const COMPOSED = "\u00e9";
const APART = "e\u0301";

/** A segment, and the systems that cannot hold it. */
const SEGMENTS: readonly (readonly [segment: string, ...systems: string[]])[] = [
  ["resnet-50"],
  ["lr=0.1,bs=3 (2)"],
  ["日本語 🙂"],
  [COMPOSED],
  [APART, "macOS"],
  ...[...'<>:"|?*'].map((letter) => [`a${letter}b`, "Windows"] as const),
  ["a.", "Windows"],
  ["a ", "Windows"],
  ["aux", "Windows"],
  ["Con", "Windows"],
  ["PRN.txt", "Windows"],
  ["nul .log.jsonl", "Windows"],
  ["com0", "Windows"],
  ["COM9.x", "Windows"],
  ["lpt³", "Windows"],
  ["CONIN$", "Windows"],
  ["auxiliary"],
  ["con-1"],
  ["com"],
  ["com10"],
  ["a.aux"],
  ["x".repeat(255)],
  ["x".repeat(256), "Windows", "macOS"],
];

Deno.test("unportableSegment: says which systems cannot hold a name", () => {
  for (const [segment, ...systems] of SEGMENTS) {
    assertEquals(unportableSegment(segment).flatMap((found) => found.systems), systems as never, segment);
  }
  assertEquals(unportableSegment("a?b:c?").map(({ why }) => why), ["it holds ? :"]);
});

Deno.test("unportablePath: paths of more than 240 units are too long for Windows", () => {
  assertEquals(unportablePath("x".repeat(240)), undefined);
  assertEquals(unportablePath("x".repeat(241))?.systems, ["Windows"]);
});

Deno.test("foldedName: is the same for names that some system takes for one", () => {
  for (
    const [one, other] of [["A", "a"], [COMPOSED, APART], ["É", APART], ["Σ", "ς"], ["straße", "STRASSE"], ["ﬁ", "FI"]]
  ) {
    assertEquals(foldedName(one), foldedName(other));
  }
  for (const [one, other] of [["a", "b"], ["e", COMPOSED], ["a b", "ab"]]) {
    assert(foldedName(one) !== foldedName(other), one);
  }
});

Deno.test("warningOfName: also where a name makes the paths of logs too long", () => {
  for (const name of ["", "vision/resnet", "x".repeat(180)]) assertEquals(warningOfName(name), undefined);
  assertEquals(warningOfName("vision/a?b"), 'Windows cannot store the name "vision/a?b": it holds ?');
  assertStringIncludes(warningOfName("x".repeat(190)) ?? "", "more than 240");
});

Deno.test("dbx check --portable: names folders once, twins, logs and files, and ends with 1 [slow]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  const log = async (name: string) => {
    const { code, stderr } = await dbx(["log", "--repo", path, "--name", name, "e", "x=1"]);
    assertEquals(code, 0);
    return stderr;
  };
  assertEquals(await log("plain"), "");
  assertEquals(await log("Plain"), "");
  assertEquals(
    await log("a?b"),
    `dbx: Windows cannot store the name "a?b": it holds ?; the folder keeps this name for ever\n`,
  );
  await log("a?b");
  await log(COMPOSED);
  await log(APART);
  const found = await Array.fromAsync(checkRepository(await openReader(path), { portable: true }));
  assertEquals(found.map(({ path, systems = [] }) => `${path.toLowerCase().normalize("NFC")} ${systems}`).sort(), [
    "a?b Windows",
    "plain Windows,macOS",
    "é macOS",
    "é macOS",
  ]);
  const shown = await dbx(["check", "--portable", "--repo", path]);
  assertEquals(shown.code, 1);
  assertStringIncludes(shown.stdout, `portability: a?b: Windows cannot store the name "a?b": it holds ?\n`);
  assertStringIncludes(shown.stdout, "6 experiments: 0 damaged, 0 notes, 4 names that other systems cannot store\n");
  const plain = await dbx(["check", "--repo", path]);
  assertEquals([plain.code, plain.stdout], [0, "checked 6 experiments: 0 damaged, 0 notes\n"]);
});

Deno.test("names that other systems cannot store: the library and dbx queue warn too, and go on", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  const said: string[] = [];
  const { error } = console;
  console.error = (text: string) => said.push(text);
  try {
    const repository = await openRepository(path);
    const experiment = await repository.experiment({ kind: "k", name: "what?" });
    const run = await experiment.run({ env: false, git: false, onWarning: (message) => said.push(message) });
    run.openLog("aux").log("e", { x: 1 });
    run.openLog("auxiliary").log("e", { x: 1 });
    await run.finish();
  } finally {
    console.error = error;
  }
  assertEquals(said, [
    'dbx: Windows cannot store the name "what?": it holds ?; the folder keeps this name for ever',
    'Windows cannot store the name "aux.log.jsonl": it is the name of a device there',
  ]);
  const queued = await dbx(["queue", "add", "--repo", path, "--name", "con", "--", "true"]);
  assertEquals(queued.code, 0, queued.stderr);
  assertStringIncludes(queued.stderr, `dbx: Windows cannot store the name "con"`);
});
