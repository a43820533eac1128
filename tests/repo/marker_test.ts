import { DamageError, VersionError } from "../../lib/base/errors.ts";
import { createExperiment, createRun } from "../../lib/logger/create.ts";
import { recoverRepositoryConfig, serializeRepositoryConfig } from "../../lib/format/definitions/repository_config.ts";
import { checkRepository } from "../../lib/repo/check/check.ts";
import { initRepository, openReader } from "../../lib/repo/open.ts";
import { repairMarker } from "../../lib/repo/repair_config.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { sync } from "../../lib/sync/sync.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";

const ID = "0golden0repo1";
const TIME = 1_767_258_000_000;

Deno.test({
  name: "recoverRepositoryConfig: with any one byte damaged, the version is told or the marker refused, never guessed",
  permissions: "none",
  fn() {
    const text = serializeRepositoryConfig({ id: ID, createdAt: TIME });
    let told = 0;
    for (let at = 0; at < text.length; at++) {
      for (const byte of ["\ufffd", "x", '"', "{", ",", "9", "\0"]) {
        const damaged = text.slice(0, at) + byte + text.slice(at + 1);
        try {
          const found = recoverRepositoryConfig(damaged);
          if (found.version === 1) told++;
          assert(found.version === 1 || found.problem !== undefined, damaged);
        } catch (error) {
          // The one byte that is the version itself, or a digit behind it.
          assert(error instanceof VersionError, String(error));
          assert(/"dbx":9|"dbx":19/.test(damaged), damaged);
        }
      }
    }
    assert(told > text.length * 7 * 0.85, `told ${told} of ${text.length * 7}`);
    assertEquals(recoverRepositoryConfig(text), { version: 1, id: ID, createdAt: TIME });
  },
});

Deno.test({
  name: "recoverRepositoryConfig: an unknown version is refused, whole or damaged",
  permissions: "none",
  fn() {
    for (const text of ['{"dbx":2,"id":"x"}', '{"dbx":2,"id":"', '{"dbx":1,"dbx" : 3,', '{"dbx":1.5,']) {
      assertThrows(() => recoverRepositoryConfig(text), VersionError);
    }
    for (const text of ["", "{", '{"dbx":', '{"d\ufffdx":1,"id":"0golden0repo1"}']) {
      assertEquals(recoverRepositoryConfig(text).version, undefined);
    }
  },
});

/** A repository with an experiment and a run. */
async function made(path: string) {
  const { repository } = await initRepository(path);
  const store = new LocalStore(path);
  const { folder, definition } = await createExperiment(store, { kind: "k" });
  await createRun(store, folder, {});
  return { store, id: repository.id!, exp: definition.id, marker: `${path}/dbx.json` };
}

Deno.test("a damaged marker: readers, writers and syncs go on; check names it; --repair-marker mends it [F25, F27] [slow]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  const { store, id, exp, marker } = await made(path);
  const whole = await Deno.readTextFile(marker);
  for (const [name, bytes] of [["id", whole.replace(id, id.slice(1) + "\0")], ["all", "\0".repeat(40)]]) {
    await Deno.writeTextFile(marker, bytes);
    const reader = await openReader(path);
    assertEquals([reader.version, reader.id, (await reader.findExperiment(exp)).id], [1, id, exp], name);
    const listed = await dbx(["ls", "-R", path, "--json"]);
    assertEquals([listed.code, JSON.parse(listed.stdout).length], [0, 1]);
    assertStringIncludes(listed.stderr, "dbx check --repair-marker");
    const logged = await dbx(["log", "-R", path, "--exp", exp], { stdin: `{"event":"e","x":1}\n` });
    assertEquals(logged.code, 0, logged.stderr);
    const copy = new LocalStore(`${folder.path}/copy-${name}`);
    await sync(store, copy);
    assertEquals((await openReader(copy)).markerProblem, undefined);
    assertEquals((await openReader(copy)).id, id);
    const check = await dbx(["check", "-R", path]);
    assertEquals(check.code, 1);
    assertStringIncludes(check.stdout, "damage: dbx.json: ");
    assertEquals((await dbx(["gc", "-R", path])).code, 1);

    const repaired = await dbx(["check", "-R", path, "--repair-marker"]);
    assertEquals(repaired.code, 0, repaired.stdout);
    assertStringIncludes(repaired.stderr, `wrote a new dbx.json with the id ${id}, which this copy remembered`);
    assertEquals(await Deno.readTextFile(marker), whole);
    const kept = /\.dbx\/dbx\.json\.damaged-\w+/.exec(repaired.stderr)![0];
    assertEquals(await Deno.readTextFile(`${path}/${kept}`), bytes);
    assertEquals(await Array.fromAsync(checkRepository(await openReader(path))), []);
  }
  const again = await dbx(["check", "-R", path, "--repair-marker"]);
  assertStringIncludes(again.stderr, "nothing to repair");
});

Deno.test("repairMarker: from the text, from the copy, or anew; never for an unknown version or an empty folder", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  const { store, id, marker } = await made(path);
  const whole = await Deno.readTextFile(marker);
  await Deno.remove(marker);
  assertEquals(await repairMarker(store, TIME), { id, from: "copy", kept: undefined });
  assertEquals(await Deno.readTextFile(marker), whole);
  await Deno.remove(`${path}/.dbx`, { recursive: true });
  await Deno.writeTextFile(marker, whole.replace("createdAt", "createdat"));
  const fromText = await repairMarker(store, TIME);
  assertEquals([fromText?.id, fromText?.from], [id, "text"]);
  await Deno.writeTextFile(marker, "junk");
  await assertRejects(() => openReader(path), DamageError, "dbx check --repair-marker");
  const anew = await repairMarker(store, TIME);
  assertEquals([anew?.from, (await openReader(path)).id], ["new", anew?.id]);
  await Deno.writeTextFile(marker, '{"dbx":2,"id":"0golden0repo1"}');
  await assertRejects(() => repairMarker(store, TIME), VersionError);
  await assertRejects(() => repairMarker(new LocalStore(folder.path), TIME), Error, "dbx init");
});
