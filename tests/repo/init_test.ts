import { UsageError } from "../../lib/base/errors.ts";
import { openRepository } from "../../lib/client/location/open_repository.ts";
import { readSharedMode } from "../../lib/fs/access/shared_mode.ts";
import { createExperiment, createRun } from "../../lib/logger/create.ts";
import { initRepository } from "../../lib/repo/open.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";

const isThere = (path: string): Promise<boolean> => Deno.lstat(path).then(() => true, () => false);

Deno.test("initRepository: a new repository is left alone by git, an existing folder is not touched [F5]", async () => {
  await using folder = await scratch();
  const git = (...args: string[]) =>
    new Deno.Command("git", {
      args: ["-c", "user.email=a@b", "-c", "user.name=n", ...args],
      cwd: folder.path,
    }).output();
  const hasGit = (await git("init", "-q").catch(() => undefined))?.success === true;
  const ran = await dbx(["run", "--no-git", "--", "echo", "hello"], { cwd: folder.path });
  assertEquals(ran.code, 0, ran.stderr);
  assertEquals(await Deno.readTextFile(`${folder.path}/output/.gitignore`), "*\n");
  if (hasGit) {
    assertEquals(new TextDecoder().decode((await git("status", "--porcelain")).stdout), "");
    await git("stash", "-u");
    assert(await isThere(`${folder.path}/output/dbx.json`), "git stash -u took it away");
  }
  // The one that is there stays as it is.
  await Deno.writeTextFile(`${folder.path}/output/.gitignore`, "mine\n");
  await initRepository(`${folder.path}/output`);
  assertEquals(await Deno.readTextFile(`${folder.path}/output/.gitignore`), "mine\n");
  await Deno.remove(`${folder.path}/output/.gitignore`);
  await dbx(["init", `${folder.path}/output`]);
  assertEquals(await isThere(`${folder.path}/output/.gitignore`), false);
  // What a folder holds already may be in git on purpose.
  await Deno.mkdir(`${folder.path}/full`);
  await Deno.writeTextFile(`${folder.path}/full/paper.tex`, "");
  assertEquals((await initRepository(`${folder.path}/full`)).created, true);
  assertEquals(await isThere(`${folder.path}/full/.gitignore`), false);
  // It is no part of the repository.
  const check = await dbx(["check", "-R", `${folder.path}/output`, "--json"]);
  assertEquals([check.code, check.stdout], [0, "[]\n"]);
});

Deno.test("dbx init --shared: remembered for all later writers; only a new repository can be shared", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/team`;
  assertEquals((await dbx(["init", path, "--shared", "group"])).code, 0);
  assertEquals(readSharedMode(path), { file: 0o660, folder: 0o2770 });
  const mode = (name: string): number => (Deno.lstatSync(`${path}/${name}`).mode ?? 0) & 0o7777;
  for (const name of ["", ".dbx"]) assertEquals(mode(name) & 0o2770, 0o2770, name);
  assertEquals((await dbx(["init", path])).code, 0);
  const again = await dbx(["init", path, "--shared", "all"]);
  assertEquals(again.code, 2);
  assertStringIncludes(again.stderr, "Cannot share");
  assertEquals(readSharedMode(path), { file: 0o660, folder: 0o2770 });
  const wrong = await dbx(["init", `${folder.path}/x`, "--shared", "world"]);
  assertEquals([wrong.code, await isThere(`${folder.path}/x`)], [2, false]);
  assertEquals((await dbx(["init", `${folder.path}/own`])).code, 0);
  assertEquals(readSharedMode(`${folder.path}/own`), undefined);
});

Deno.test("createRun: refuses what is not an id; dbx run --run-id makes nothing then", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  await initRepository(path);
  const store = new LocalStore(path);
  const experiment = await createExperiment(store, {});
  for (const id of ["abc", "", "../../../../x", "ABCDEFGHIJKLM", "abcabcabcabca\n"]) {
    await assertRejects(() => createRun(store, experiment.folder, { id }), UsageError, "13 characters");
  }
  const ended = await dbx(["run", "-R", `${folder.path}/new`, "--run-id", "abc", "--", "touch", `${folder.path}/ran`]);
  assertEquals(ended.code, 2);
  assertStringIncludes(ended.stderr, `Cannot make the run "abc"`);
  assertEquals([await isThere(`${folder.path}/new`), await isThere(`${folder.path}/ran`)], [false, false]);
  const good = await dbx(["run", "-R", path, "--run-id", "abcabcabcabca", "--", "true"]);
  assertEquals(good.code, 0, good.stderr);
  assertEquals((await (await openRepository(path)).findRun("abcabcabcabca")).id, "abcabcabcabca");
});
