import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { serveProcess } from "../security/served.ts";
import { dbx, scratch } from "./dbx.ts";

/** A server's URL behind which nothing listens. */
const NOBODY = "http://127.0.0.1:1";

Deno.test("dbx: with the URL of a server in DBX_REPO, what needs no repository works: login, logout, trust, version [slow]", async () => {
  await using folder = await scratch();
  const start = { cwd: folder.path, env: { DBX_REPO: NOBODY, XDG_CONFIG_HOME: folder.path } };
  for (const words of ["login --list", `logout ${NOBODY}`, "trust --list", "version", "completions bash"]) {
    const { code, stderr } = await dbx(words.split(" "), start);
    assert(code === 0 || !stderr.includes("works on a repository in a folder"), `${words}: ${stderr}`);
  }
  assertStringIncludes((await dbx(["token", "ls"], start)).stderr, "works on a repository in a folder");
});

Deno.test("dbx push, pull, sync without a remote: inside the repository, too, it is said that there is no origin [slow]", async () => {
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
  assertStringIncludes(none.stderr, "dbx remote add NAME LOCATION adds one");
});

Deno.test("dbx spool: what waits is as old as its last line, and without --repo it is sent to its server [slow]", async () => {
  await using folder = await scratch();
  const start = { cwd: folder.path, env: { DBX_SPOOL: `${folder.path}/spool` } };
  const logged = await dbx(["log", "--repo", NOBODY, "--kind", "k", "e", "x=1"], start);
  assertStringIncludes(logged.stderr, `dbx spool push --repo ${NOBODY} sends it`);
  assertMatch((await dbx(["spool"], start)).stdout, /ended {2}\d+s\n$/);
  const pushed = await dbx(["spool", "push"], start);
  assertEquals(pushed.code, 1);
  assertStringIncludes(pushed.stderr, `Cannot reach ${NOBODY}`);
  assertMatch((await dbx(["spool"], start)).stdout, /ended {2}\d+s\n$/, "it waits on");
});

Deno.test("dbx: roles on a server say what to do, and what is refused leaves nothing behind [slow]", async () => {
  let tokens: Record<string, string> = {};
  await using server = await serveProcess([], async (path) => {
    await dbx(["init", path]);
    const add = async (name: string, ...more: string[]) =>
      (await dbx(["token", "add", name, "--repo", path, ...more])).stdout.trim();
    tokens = { write: await add("ann", "--max-rate", "5M"), agent: await add("gpu", "--role", "agent") };
    const listed = (await dbx(["token", "ls", "--repo", path])).stdout.split("\n");
    assertMatch(listed[0], /files {2}rate$/);
    assertMatch(listed[1], /^ann .* 5\.0 MiB\/s$/);
  });
  const { url } = server;

  const agent = await dbx(["agent", "--repo", url, "--allow", "true"]);
  assertEquals(agent.code, 1);
  assertStringIncludes(agent.stderr, `${url}: a token is needed; dbx login ${url}`);
  const wrong = await dbx(["agent", "--repo", url, "--allow", "true"], { env: { DBX_TOKEN: "w".repeat(20) } });
  assertStringIncludes(wrong.stderr, "it may have been renewed or removed");

  const env = { DBX_TOKEN: tokens.write };
  const queued = await dbx(["queue", "add", "--repo", url, "--", "true"], { env });
  assertEquals(queued.code, 1);
  assertStringIncludes(queued.stderr, "with a token of the role write");
  assertEquals((await dbx(["ls", "--repo", url, "--json"], { env })).stdout.trim(), "[]");

  await using folder = await scratch();
  const start = { cwd: folder.path, env: { ...env, DBX_SPOOL: `${folder.path}/spool` } };
  const line = '{"event":"e","x":1}';
  const run = await dbx(["run", "--repo", url, "--id-file", "ids", "--", "echo", line], start);
  assertEquals(run.code, 0, run.stderr);
  const id = (await Deno.readTextFile(`${folder.path}/ids`)).trim();
  const again = await dbx(["start", "--repo", url, id.split("/")[0], "--", "true"], start);
  assertStringIncludes(again.stderr, "a token of the role control may");
  for (const words of [["show", id], ["tail", id, "--stdout"]]) {
    assertStringIncludes((await dbx([...words, "--repo", url], start)).stdout, line);
  }
});

Deno.test("dbx index --verify: a log without a line is nothing that the index lacks", async () => {
  await using folder = await scratch();
  const start = { cwd: folder.path };
  await dbx(["run", "--", "echo", '{"event":"e","x":1}'], start);
  await dbx(["index"], start);
  assertEquals(JSON.parse((await dbx(["index", "--verify", "--json"], start)).stdout), { differ: [], behind: [] });
});

Deno.test("dbx completions bash: the actions of a command, where its first word stands", async () => {
  const { stdout: script } = await dbx(["completions", "bash"]);
  const complete = async (...words: string[]) => {
    const line = `COMP_WORDS=(dbx ${words.join(" ")}); COMP_CWORD=${words.length}; _dbx; echo "\${COMPREPLY[*]}"`;
    const { stdout } = await new Deno.Command("bash", { args: ["-c", `${script}\n${line}`] }).output();
    return new TextDecoder().decode(stdout).trim();
  };
  assertEquals(await complete("token", "re"), "renew rename");
  assertEquals(await complete("remote", "tr"), "trust");
  assertEquals(await complete("remote", "rm", "tr"), "");
  assertEquals(await complete("completions", "z"), "zsh");
});

Deno.test("dbx push: of a copy that still holds what was purged, it is said what removes it there [slow]", async () => {
  await using folder = await scratch();
  const start = { cwd: folder.path };
  await dbx(["init", "a"], start);
  const logged = await dbx(["log", "-R", "a", "e", "x=1", "--json"], start);
  const { exp } = JSON.parse(logged.stdout);
  await dbx(["clone", "a", "b"], start);
  await dbx(["rm", "--purge", "--yes", "-R", "a", exp], start);
  const planned = await dbx(["sync", "--dry-run", "-R", "a", "b"], start);
  assertEquals(planned.stdout, `would purge ${exp} in ${folder.path}/b, as in ${folder.path}/a\n`);
  assertEquals(planned.stderr, "");
  const pushed = await dbx(["push", "--no-purges", "-R", "a", "b"], start);
  assertStringIncludes(pushed.stderr, `b still has ${exp}, which`);
  assertStringIncludes(pushed.stderr, "dbx sync without --no-purges removes it there");
  await dbx(["sync", "-R", "a", "b"], start);
  assertEquals((await dbx(["ls", "-R", "b", "--all", "--json"], start)).stdout.trim(), "[]");
});
