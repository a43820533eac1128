import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { dbx, scratch } from "./dbx.ts";

/** A server's URL behind which nothing listens. */
const NOBODY = "http://127.0.0.1:1";

Deno.test("dbx: with the URL of a server in DBX_REPO, what needs no repository works: login, logout, trust, version", async () => {
  await using folder = await scratch();
  const start = { cwd: folder.path, env: { DBX_REPO: NOBODY, XDG_CONFIG_HOME: folder.path } };
  for (const words of ["login --list", `logout ${NOBODY}`, "trust --list", "version", "completions bash"]) {
    const { code, stderr } = await dbx(words.split(" "), start);
    assert(code === 0 || !stderr.includes("works on a repository in a folder"), `${words}: ${stderr}`);
  }
  assertStringIncludes((await dbx(["token", "ls"], start)).stderr, "works on a repository in a folder");
});

Deno.test("dbx push, pull, sync without a remote: inside the repository, too, it is said that there is no origin", async () => {
  await using folder = await scratch();
  await dbx(["init"], { cwd: folder.path });
  for (const cwd of [folder.path, `${folder.path}/output`]) {
    for (const way of ["push", "pull", "sync"]) {
      const { code, stderr } = await dbx([way], { cwd });
      assertEquals(code, 2);
      assertStringIncludes(stderr, 'Cannot find the remote "origin"');
    }
  }
  const none = await dbx(["remote", "ls"], { cwd: folder.path });
  assertEquals([none.code, none.stdout], [0, ""]);
  assertStringIncludes(none.stderr, "dbx remote add NAME LOCATION makes one");
});

Deno.test("dbx spool: what waits is as old as its last line, and the error without --repo names its server", async () => {
  await using folder = await scratch();
  const start = { cwd: folder.path, env: { DBX_SPOOL: `${folder.path}/spool` } };
  const logged = await dbx(["log", "--repo", NOBODY, "--kind", "k", "e", "x=1"], start);
  assertStringIncludes(logged.stderr, `dbx spool push --repo ${NOBODY} sends it`);
  assertMatch((await dbx(["spool"], start)).stdout, /ended {2}\d+s\n$/);
  assertStringIncludes((await dbx(["spool", "push"], start)).stderr, `dbx spool push --repo ${NOBODY}`);
});
