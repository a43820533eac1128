// Folders that cannot be listed and names that cannot be used hide themselves, and nothing else.
import { createExperiment, createRun } from "../../lib/logger/create.ts";
import { expfile } from "../../lib/format/json/special_values.ts";
import { checkRepository } from "../../lib/repo/check/check.ts";
import { collectGarbage } from "../../lib/repo/gc/gc.ts";
import { initRepository, openReader } from "../../lib/repo/open.ts";
import { formatProblem } from "../../lib/repo/problems/problem.ts";
import type { Entry } from "../../lib/store/store.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { putObject } from "../../lib/store/local/objects.ts";
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";

const DAY = 86_400_000;

/** A repository with one good experiment. */
async function world(path: string): Promise<{ path: string; store: LocalStore; good: string }> {
  await initRepository(path);
  const store = new LocalStore(path);
  const { folder, definition } = await createExperiment(store, { kind: "good" });
  await createRun(store, folder, {});
  return { path, store, good: definition.id };
}

/** An experiment in a folder with this name, made by the shell, which takes any bytes; `$object` is referred to. */
async function experimentIn(path: string, printed: string, object = ""): Promise<void> {
  const reference = object === "" ? "" : `,"file":${JSON.stringify(expfile({ exp: "e", name: "n", sha256: object }))}`;
  const definition = `{"id":"0exp000000009","createdAt":"2026-01-01T00:00:00.000Z"${reference}}`;
  const { success } = await new Deno.Command("sh", {
    args: [
      "-c",
      `d="$(printf '${printed}')/0exp000000009"; mkdir -p "$d" && printf '%s' "$0" > "$d/meta.json"`,
      definition,
    ],
    cwd: path,
  }).output();
  assert(success);
}

/** What `printf` makes the name of, and how dbx shows it. */
const NAMES: readonly (readonly [printed: string, shown: string])[] = [
  ["C:drive", "C:drive"],
  ["back\\\\slash", "back\\slash"],
  ["new\\nline", `"new\\nline"`],
  ["escape\\033[31m", `"escape\\u001b[31m"`],
  ["bytes\\377", "bytes\ufffd"],
];

for (const [printed, shown] of NAMES) {
  Deno.test(`Repository: a folder named ${printed} hides nothing else, and is named [slow]`, async () => {
    await using folder = await scratch();
    const { path, good } = await world(`${folder.path}/r`);
    await experimentIn(path, printed);
    for (const args of [["ls"], ["show", good], ["queue"], ["query", "SELECT count(*) FROM runs"]]) {
      const { code, stderr } = await dbx([...args, "-R", path]);
      assertEquals([args[0], code, stderr.includes("bug")], [args[0], 0, false]);
    }
    assertStringIncludes((await dbx(["ls", "-R", path])).stderr, "one definition or folder cannot be read");
    const check = await dbx(["check", "-R", path]);
    assertEquals(check.code, 1);
    const lines = check.stdout.split("\n").filter((line) => line.startsWith("damage"));
    assertEquals(lines.length, 1);
    assertStringIncludes(lines[0], `${shown}: its name holds`);
  });

  Deno.test(`gc: a folder named ${printed} keeps what it refers to, also with force`, async () => {
    await using folder = await scratch();
    const { path, store } = await world(`${folder.path}/r`);
    const { sha256 } = await putObject(store, new TextEncoder().encode("kept"));
    await experimentIn(path, printed, sha256);
    const options = { olderThan: 0, now: Date.now() + 2 * DAY };
    assertEquals((await collectGarbage(await openReader(store), store, options)).plan.refused, true);
    await collectGarbage(await openReader(store), store, { ...options, force: true });
    assert(await store.stat(`objects/${sha256.slice(0, 2)}/${sha256}`) !== undefined, "the object is gone");
  });
}

/** A store in which one folder may not be listed. */
class ClosedStore extends LocalStore {
  constructor(location: string, readonly closed: string) {
    super(location);
  }
  override listNow(folder: string): Entry[] {
    if (folder === this.closed) throw new Deno.errors.PermissionDenied("Permission denied (os error 13)");
    return super.listNow(folder);
  }
}

for (const closed of ["private", "private/0exp000000009", "private/0exp000000009/runs"]) {
  Deno.test(`Repository: ${closed} without permission hides nothing else, and is named [F3]`, async () => {
    await using folder = await scratch();
    const { path, good } = await world(`${folder.path}/r`);
    await experimentIn(path, "private");
    const repository = await openReader(new ClosedStore(path, closed));
    const ids = (await Array.fromAsync(repository.experiments())).map(({ id }) => id);
    assert(ids.includes(good));
    assertEquals((await repository.findExperiment(good)).id, good);
    const problems = (await Array.fromAsync(checkRepository(repository))).filter(({ severity }) =>
      severity === "damage"
    );
    assertEquals(problems.map(({ path, kind }) => [path, kind]), [[closed, "unreadable"]]);
    assertStringIncludes(formatProblem(problems[0]), "cannot be listed");
  });
}

Deno.test("Repository: an experiment whose definition cannot be read is not said to be missing", async () => {
  await using folder = await scratch();
  const { path } = await world(`${folder.path}/r`);
  await experimentIn(path, ".");
  await Deno.writeTextFile(`${path}/0exp000000009/meta.json`, "no JSON");
  const { code, stderr } = await dbx(["show", "0exp000000009", "-R", path]);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "its definition is damaged or cannot be read; see dbx check");
});
