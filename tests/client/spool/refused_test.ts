import { assertEquals, assertMatch, assertStringIncludes } from "../../assert.ts";
import { dbx, scratch } from "../../e2e/dbx.ts";
import { serveProcess } from "../../security/served.ts";

Deno.test("a token that may only read: dbx log fails, dbx run says so, and dbx spool push sends it with another one [slow]", async () => {
  await using folder = await scratch();
  const tokens: Record<string, string> = {};
  await using server = await serveProcess([], async (path) => {
    await dbx(["init", path]);
    for (const role of ["read", "write"]) {
      tokens[role] = (await dbx(["token", "add", role, "--role", role, "--repo", path])).stdout.trim();
    }
  });
  const start = (role: string) => ({
    cwd: folder.path,
    env: { DBX_TOKEN: tokens[role], DBX_SPOOL: `${folder.path}/spool`, XDG_CACHE_HOME: `${folder.path}/cache` },
  });
  const logged = await dbx(["log", "-R", server.url, "e", "a=1"], start("read"));
  assertEquals(logged.code, 1);
  const advice = /refused what was logged: .*this token may only read.* dbx login .* dbx spool push --repo /;
  assertMatch(logged.stderr, advice);
  const ran = await dbx(["run", "-R", server.url, "--no-git", "--", "sh", "-c", "exit 3"], start("read"));
  assertEquals(ran.code, 3);
  assertMatch(ran.stderr, advice);

  // The only server of the spool need not be named.
  assertEquals((await dbx(["spool", "push"], start("read"))).code, 1);
  const sent = await dbx(["spool", "push"], start("write"));
  assertEquals([sent.code, sent.stdout.split("\n").length], [0, 3], sent.stderr);
  const [experiment] = logged.stdout.split("/");
  const added = await dbx(["log", "-R", server.url, "--exp", experiment, "e", "a=2"], start("read"));
  assertEquals(added.code, 1, added.stderr);
  const again = await dbx(["spool", "push"], start("write"));
  assertMatch(again.stdout, /^sent \S+\n$/, "an addition has ended");
  assertStringIncludes((await dbx(["spool"], start("read"))).stderr, "the spool is empty");
  const { stdout } = await dbx(["ls", "-R", server.url, "--cols", "runs,last:a", "--no-header"], start("read"));
  assertEquals(stdout.trim().split("\n").map((line) => line.trim()).toSorted(), ["1", "2  2"]);
});
