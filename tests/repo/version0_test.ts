// Which folders without a marker are taken for repositories of v0.
import { NotFoundError } from "../../lib/base/errors.ts";
import { initRepository, openReader } from "../../lib/repo/open.ts";
import type { Entry } from "../../lib/store/store.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";

const ID = "Ab3_x9ZkQ0pLm";

/** Makes files, each a path and its text. */
async function make(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const whole = `${root}/${path}`;
    await Deno.mkdir(whole.slice(0, whole.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(whole, text);
  }
}

/** A store that counts how many folders it lists. */
class Counting extends LocalStore {
  listed = 0;
  override listNow(folder: string): Entry[] {
    this.listed++;
    return super.listNow(folder);
  }
}

const EXPERIMENT = { [`${ID}/meta.json`]: "{}", [`${ID}/log.jsonl`]: "" };
const inside = (folder: string) =>
  Object.fromEntries(Object.entries(EXPERIMENT).map(([path, text]) => [`${folder}/${path}`, text]));

const REPOSITORIES: Readonly<Record<string, Record<string, string>>> = {
  "an experiment, and files beside it": { ...EXPERIMENT, "README.md": "" },
  "a definition alone that has its id": { [`${ID}/meta.json`]: `{"id":"${ID}"}` },
  "names": inside("vision/résumé of 2020"),
  "hidden files on the way": { ...inside("vision"), ".gitignore": "*", "vision/.DS_Store": "" },
  "a damaged definition": { [`${ID}/meta.json`]: "{", [`${ID}/log.jsonl`]: "" },
};

const OTHERS: Readonly<Record<string, Record<string, string>>> = {
  "nothing": { ".profile": "" },
  "a project with an experiment somewhere": { "README.md": "", ...inside("tests/data") },
  "files further down": { "a/notes.txt": "", ...inside("a/b") },
  "a folder of thirteen letters": { "documentation/meta.json": "{}" },
  "a log without a definition": { [`${ID}/log.jsonl`]: "" },
  "hidden": inside(".cache"),
};

Deno.test("openReader: a folder without a marker is of v0 where experiments of v0 are in it or in folders that hold nothing else [F84]", async () => {
  for (const [what, files] of Object.entries(REPOSITORIES)) {
    await using folder = await scratch();
    await make(folder.path, files);
    assertEquals((await openReader(folder.path)).version, 0, what);
  }
});

Deno.test("openReader: other folders are refused, and what the message says to do helps [F84]", async () => {
  for (const [what, files] of Object.entries(OTHERS)) {
    await using folder = await scratch();
    await make(folder.path, files);
    const error = await assertRejects(() => openReader(folder.path), NotFoundError, "it has no dbx.json");
    assertStringIncludes(error.message, `make this folder one with "dbx init"`, what);
    const { repository } = await initRepository(folder.path);
    const expected = Object.keys(files).some((path) => path.endsWith(`/${ID}/log.jsonl`) && !path.startsWith("."))
      ? 1
      : 0;
    assertEquals((await Array.fromAsync(repository.experiments())).length, expected, what);
  }
});

Deno.test("openReader: a repository below a folder is named, and links met on the way are no news", async () => {
  await using folder = await scratch();
  await make(folder.path, { "train.py": "", ...inside("old") });
  await initRepository(`${folder.path}/output`);
  await Deno.symlink("/nowhere", `${folder.path}/link`);
  const { code, stderr } = await dbx(["ls", "-R", folder.path]);
  assertEquals([code, stderr], [
    1,
    `dbx: Cannot open the repository "${folder.path}": it has no dbx.json, and is not one of dbxlogger either; ` +
    `"${folder.path}/output" is one; name another one with --repo or DBX_REPO, or make this folder one with "dbx init"\n`,
  ]);
});

Deno.test("openReader: few folders of a large tree are looked into", async () => {
  await using folder = await scratch();
  for (let at = 0; at < 10; at++) {
    for (let below = 0; below < 100; below++) await Deno.mkdir(`${folder.path}/${at}/${below}`, { recursive: true });
  }
  const store = new Counting(folder.path);
  await assertRejects(() => openReader(store), NotFoundError);
  assert(store.listed <= 1002, `${store.listed}`);
});
