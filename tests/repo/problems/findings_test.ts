// Each kind of finding: that a check finds it, that it is as bad as FORMAT.md says, and that the table there has all of them.
import { createHash } from "node:crypto";
import { checkRepository } from "../../../lib/repo/check/check.ts";
import { type Finding, FINDINGS } from "../../../lib/repo/problems/findings.ts";
import { openReader } from "../../../lib/repo/open.ts";
import { assertEquals } from "../../assert.ts";
import { dbx, scratch } from "../../e2e/dbx.ts";

const [EXP, RUN] = ["0exp000000001", "0run000000001"];
const TIME = "2026-01-01T00:00:00.000Z";
const HASH = "a".repeat(64);
const SHELF = "objects/aa";
const definitionOf = (id: string, more = ""): string => `{"id":"${id}","createdAt":"${TIME}"${more}}`;
const sealOf = (size: number) => `{"event":"dbx/seal","ts":1,"log":"log","size":${size},"sha256":"${HASH}"}\n`;

/** Files of a repository by their names; of a link, what it points to. */
type Files = Readonly<Record<string, string | Uint8Array | { readonly link: string }>>;

/** A repository of which nothing is to be said. */
const GOOD: Files = {
  "dbx.json": `{"dbx":1,"id":"0repo00000001","createdAt":"${TIME}"}\n`,
  [`${EXP}/meta.json`]: definitionOf(EXP),
  [`${EXP}/runs/${RUN}/meta.json`]: definitionOf(RUN),
  [`${EXP}/runs/${RUN}/log.jsonl`]: `{"event":"e","ts":1}\n`,
};
const LOG = `${EXP}/runs/${RUN}/log.jsonl`;
const LIFE = `${EXP}/runs/${RUN}/dbx.log.jsonl`;

/** What makes a check find each of them. */
const CASES: Readonly<Record<Finding, readonly Files[]>> = {
  "bad-marker": [{ "dbx.json": `{"dbx":1,"id":"0repo00000001","createdAt":` }],
  "bad-definition": [
    { [`${EXP}/meta.json`]: "{" },
    { [`${EXP}/meta.json`]: definitionOf(EXP, `,"params":[]`) },
    { [`${EXP}/runs/${RUN}/meta.json`]: `{"id":"${RUN}"}` },
  ],
  "wrong-id": [
    { [`${EXP}/meta.json`]: definitionOf("0exp000000002") },
    { [`${EXP}/runs/${RUN}/meta.json`]: definitionOf("0run000000002") },
  ],
  "duplicate": [
    { [`a/${EXP}/meta.json`]: definitionOf(EXP, `,"name":"a"`) },
    {
      "0exp000000002/meta.json": definitionOf("0exp000000002"),
      [`0exp000000002/runs/${RUN}/meta.json`]: definitionOf(RUN),
    },
  ],
  "bad-line": [{ [LOG]: "\n" }, { [LOG]: "[]\n" }, { [LOG]: "{}\n" }, { [LOG]: Uint8Array.of(34, 255, 34, 10) }, {
    [LOG]: `\ufeff{"event":"e","ts":1}\n`,
  }],
  "not-utf8": [{ [`${EXP}/meta.json`]: latin(definitionOf(EXP, `,"who":"J\xfcrgen"`)) }],
  "bad-name": [{ [`a\\b/${EXP}/meta.json`]: definitionOf(EXP) }],
  "unreadable": [{ [LIFE]: { link: "log.jsonl" } }],
  "link": [{ "away": { link: "/tmp" } }],
  "wrong-hash": [{ [`${SHELF}/${HASH}`]: "other bytes" }],
  "broken-seal": [{ [LIFE]: sealOf(21) }],
  "short-log": [{ [LIFE]: ended(sealOf(500)) }],
  "bad-tombstone": [{ "purged/0purged000exp.json": "{}" }],
  "unfinished-purge": [{ ".dbx/purging/0purged000exp.json": "{}" }],
  "purged": [{ [`purged/${EXP}.json`]: `{"event":"dbx/purge","id":"${EXP}"}\n` }],
  "moved": [{ [`${EXP}/meta.json`]: definitionOf(EXP, `,"name":"elsewhere"`) }],
  "incomplete": [{ "0exp000000002/runs/0run000000002/log.jsonl": "" }, {
    [`${EXP}/runs/0run000000002/log.jsonl`]: "",
  }],
  "growing-log": [{ [LIFE]: sealOf(500) }],
  "torn-tail": [{ [LOG]: `{"event":"e` }],
  "irregular-line": [
    { [LOG]: `{"ts":1,"event":"e"}\n` },
    { [LOG]: `{"event":"e","ts":1.5}\n` },
    { [LOG]: `{"event":"e","ts":9007199254740993}\n` },
    { [LOG]: `{"event":"e","ts":1,"x":NaN}\n` },
    { [LOG]: `{"event":"e","ts":1,"x":1e999}\n` },
  ],
  "irregular-definition": [
    { [`${EXP}/meta.json`]: `\ufeff${definitionOf(EXP)}` },
    { [`${EXP}/meta.json`]: definitionOf(EXP, `,"params":{"lr":-Infinity}`) },
    { [`${EXP}/runs/${RUN}/meta.json`]: `{"id":"${RUN}","createdAt":"2026-01-01"}` },
    { "dbx.json": `{"dbx":1,"id":"0repo00000001","createdAt":0}` },
  ],
  "irregular-name": [
    { "notes/0exp000000002/meta.json": definitionOf("0exp000000002", `,"name":"notes"`) },
    { [`${EXP}/runs/${RUN}/two words.log.jsonl`]: "" },
    { [`${EXP}/runs/_RUN_OF_V0_00/meta.json`]: definitionOf("_RUN_OF_V0_00") },
  ],
  "missing-object": [
    { [LOG]: `{"event":"e","ts":1,"f":{"_dbx":"expfile","exp":"${EXP}","name":"f","sha256":"${HASH}"}}\n` },
    { [`${EXP}/meta.json`]: definitionOf(EXP, `,"f":{"_dbx":"expfile","exp":"e","name":"f","sha256":"${HASH}"}`) },
  ],
  "lost-events": [{ [LIFE]: `{"event":"dbx/end","ts":1,"status":"finished","lost":{"events":2}}\n` }],
  "left-output": [{ [`.dbx/pipes/${RUN}/out.kept`]: "epoch 1\n" }],
  "left-files": [{ [`.dbx/files/${RUN}/ckpt/1.pt`]: "weights" }],
  "stray": [{ [`${EXP}/thoughts.txt`]: "" }, { [`${EXP}/extra.log.jsonl`]: "" }, { "objects/aa/name": "" }],
  "temporary": [{ [`${EXP}/runs/${RUN}/.tmp-0000000000001`]: "" }],
  "local-link": [{ ".dbx/away": { link: "/tmp" } }],
  "unportable": [{ "a?b/0exp000000002/meta.json": definitionOf("0exp000000002", `,"name":"a?b"`) }],
};

/** A life log that ended after some lines, and is sealed. */
function ended(lines: string): string {
  const head = `${lines}{"event":"dbx/end","ts":2,"status":"finished"`;
  return `${head},"sha256":"${createHash("sha256").update(head).digest("hex")}"}\n`;
}

function latin(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

async function write(root: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = `${root}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    if (typeof content === "string") await Deno.writeTextFile(path, content);
    else if (content instanceof Uint8Array) await Deno.writeFile(path, content);
    else await Deno.symlink(content.link, path);
  }
}

/** All kinds that a check of everything finds in a repository that is good but for some files, each once. */
async function kindsOf(files: Files): Promise<string[]> {
  await using folder = await scratch();
  await write(folder.path, { ...GOOD, ...files });
  const options = { readData: true, portable: true };
  const found = await Array.fromAsync(checkRepository(await openReader(folder.path), options));
  for (const { kind, severity } of found) assertEquals(severity, FINDINGS[kind as Finding], kind);
  return [...new Set(found.map(({ kind }) => kind))];
}

Deno.test("check: finds nothing in a good repository, and each kind of finding where it is, alone [F52]", async () => {
  assertEquals(await kindsOf({}), []);
  for (const [kind, cases] of Object.entries(CASES)) {
    const expected = kind === "unreadable" ? ["link", kind] : [kind]; // As it was made by a link.
    for (const files of cases) assertEquals((await kindsOf(files)).sort(), expected, JSON.stringify(files));
  }
});

Deno.test("check: its kinds are those of the table in FORMAT.md, with their severities [F52]", async () => {
  const text = await Deno.readTextFile(new URL("../../../lib/docs/FORMAT.md", import.meta.url));
  const section = text.slice(text.indexOf("## What a check finds"), text.indexOf("## Portable names"));
  const rows = [...section.matchAll(/^\| `([a-z0-9-]+)` +\|.*\| (\w+) +\|$/gm)].map(([, kind, severity]) => [
    kind,
    severity,
  ]);
  assertEquals(rows, Object.entries(FINDINGS).map(([kind, severity]) => [kind, String(severity)]));
});

Deno.test("dbx check: damage ends with 1, notes with 0; --json names kind and severity [F53] [slow]", async () => {
  await using folder = await scratch();
  for (const [at, kind] of (["moved", "torn-tail", "bad-line", "unportable"] as const).entries()) {
    const path = `${folder.path}/${at}`;
    await write(path, { ...GOOD, ...CASES[kind][0] });
    const { code, stdout } = await dbx(["check", "--portable", "--json", "--repo", path]);
    const found: { kind: string; severity: string }[] = JSON.parse(stdout);
    const { stdout: lines } = await dbx(["check", "--portable", "--jsonl", "--repo", path]);
    assertEquals(lines.trim().split("\n").map((line) => JSON.parse(line)), found);
    assertEquals([code, found.map((item) => [item.kind, item.severity])], [FINDINGS[kind] === "note" ? 0 : 1, [
      [kind, FINDINGS[kind]],
    ]]);
  }
  const plain = await dbx(["check", "--repo", `${folder.path}/3`]);
  assertEquals([plain.code, plain.stdout], [0, "checked 2 experiments: 0 damaged, 0 notes\n"]);
});
