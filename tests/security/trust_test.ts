// A repository that was put in somebody's way, and what another user left in one: each by real owners, where the tests run as
// root; and by the rules alone, anywhere.
import { checkFound, isTrusted, type Trust } from "../../lib/client/location/trust.ts";
import { initRepository } from "../../lib/repo/open.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../assert.ts";
import { indexLater } from "../index/index_later.ts";
import { dbx, scratch } from "../e2e/dbx.ts";

const NOBODY = 65534;
const own = Deno.uid() ?? 0;

Deno.test("checkFound: the marker, the repository and each folder up to it belong to this user or root, or are trusted", async () => {
  await using folder = await scratch();
  const [repo, cwd] = [`${folder.path}/r`, `${folder.path}/r/a/b`];
  await initRepository(repo);
  await Deno.mkdir(cwd, { recursive: true });
  const trust = (users: number[], ...folders: string[]): Trust => ({ users, folders });
  checkFound(repo, cwd, trust([0, own]));
  // To another user, all of it belongs to somebody else.
  const other = trust([own + 1]);
  assertStringIncludes(assertThrows(() => checkFound(repo, cwd, other)).message, `dbx trust "${repo}"`);
  assertEquals(isTrusted(repo, other), false);
  for (const named of [repo, folder.path, "/"]) {
    checkFound(repo, cwd, trust([own + 1], named));
    assertEquals(isTrusted(repo, trust([own + 1], named)), true);
  }
  assertThrows(() => checkFound(repo, cwd, trust([own + 1], `${folder.path}/r2`, `${repo}/a`, `${folder.path}/`)));
});

Deno.test("a dbx.json of another user upward is refused, a named one is used, its .dbx is not believed; dbx trust [slow]", async (test) => {
  await using folder = await scratch();
  const repo = `${folder.path}/r`;
  const cwd = `${repo}/mine`;
  const env = { HOME: `${folder.path}/home`, XDG_CACHE_HOME: "", XDG_CONFIG_HOME: "", SUDO_UID: "" };
  await dbx(["init", repo], { env });
  await dbx(["log", "-R", repo, "--kind", "k", "a", "x=1"], { env });
  await dbx(["index", "-R", repo], { env });
  await Deno.mkdir(cwd);
  await test.step({
    name: "with owners",
    ignore: own !== 0,
    fn: async () => {
      await new Deno.Command("chown", { args: ["-R", `${NOBODY}:${NOBODY}`, repo] }).output();
      await Deno.chown(cwd, 0, 0);
      const refused = await dbx(["ls"], { cwd, env });
      assertEquals([refused.code, refused.stdout], [1, ""]);
      assertStringIncludes(refused.stderr, `belongs to another user (${NOBODY})`);
      assertStringIncludes(refused.stderr, `dbx trust "${repo}"`);
      // Each command that would use it, and nothing starts.
      const started = await dbx(["run", "--", "touch", `${folder.path}/started`], { cwd, env });
      assertEquals(started.code, 1);
      await assertAbsent(`${folder.path}/started`);
      assertEquals((await dbx(["--version"], { cwd, env })).code, 0);
      // A folder on the way that another user owns, and could swap, is enough.
      await Deno.mkdir(`${folder.path}/own/theirs/mine`, { recursive: true });
      await dbx(["init", `${folder.path}/own`], { env });
      await Deno.chown(`${folder.path}/own/theirs`, NOBODY, NOBODY);
      const between = await dbx(["ls"], { cwd: `${folder.path}/own/theirs/mine`, env });
      assertStringIncludes(between.stderr, 'own/theirs" belongs to another user');
      assertEquals(between.code, 1);
      // Named, it is used; nothing is read from or written to its .dbx.
      const before = await listing(`${repo}/.dbx`);
      const query = ["query", "-R", repo, "--format", "csv", "SELECT count(*) FROM points"];
      assertEquals((await dbx(query, { cwd, env })).stdout.trim().split("\n").at(-1), "1");
      assertEquals((await dbx(["ls", "-R", ".."], { cwd, env })).code, 0);
      assertEquals(await listing(`${repo}/.dbx`), before);
      const shown = await dbx(["query", "--show-permissions", ...query.slice(1)], { cwd, env });
      assert(!shown.stdout.includes("/.dbx"), shown.stdout);
      assertEquals((await dbx(["index", "-R", repo], { cwd, env })).code, 0);
      assertEquals(await listing(`${repo}/.dbx`), before);
      for (const words of [["check"], ["gc", "--dry-run"]]) {
        const ended = await dbx([...words, "-R", repo], { cwd, env });
        assertEquals([words[0], ended.code], [words[0], 0], ended.stderr);
      }
      assert((await Deno.stat(`${folder.path}/home/.cache/dbx/index`)).isDirectory);
      // A dbx.json of one's own in a folder of another user, as in /tmp.
      const trusted = await dbx(["trust", "..", "--json"], { cwd, env });
      assertEquals(JSON.parse(trusted.stdout), [{ folder: repo }]);
      assertEquals((await dbx(["ls"], { cwd, env })).code, 0);
      assertStringIncludes(
        (await dbx(["query", "--show-permissions", "SELECT 1"], { cwd, env })).stdout,
        "/.dbx/index",
      );
      const file = `${folder.path}/home/.config/dbx/trusted.json`;
      assertEquals((await Deno.stat(file)).mode! & 0o777, 0o600);
      // A list that others may write, or made, names nothing.
      await Deno.chmod(file, 0o666);
      assertEquals((await dbx(["ls"], { cwd, env })).code, 1);
      assertStringIncludes((await dbx(["trust", "--list"], { cwd, env })).stderr, "chmod 600");
      await Deno.chmod(file, 0o600);
      await Deno.chown(file, NOBODY, NOBODY);
      assertEquals((await dbx(["ls"], { cwd, env })).code, 1);
      await Deno.chown(file, 0, 0);
      assertEquals((await dbx(["trust", "--remove", repo], { cwd, env })).code, 0);
      assertEquals((await dbx(["trust", "--remove", repo], { cwd, env })).code, 1);
      assertEquals((await dbx(["ls"], { cwd, env })).code, 1);
      // Behind sudo, the user's own repository is one's own.
      assertEquals((await dbx(["ls"], { cwd, env: { ...env, SUDO_UID: `${NOBODY}` } })).code, 0);
      // The folder that is taken where no dbx.json is upward.
      const beside = `${folder.path}/beside`;
      await Deno.mkdir(`${beside}/output`, { recursive: true });
      await Deno.chown(`${beside}/output`, NOBODY, NOBODY);
      assertEquals((await dbx(["log", "--kind", "k", "a", "x=1"], { cwd: beside, env })).code, 1);
    },
  });
  if (own !== 0) console.log("  skipped: files of another user can only be made by root");
});

Deno.test("dbx trust: lists, adds and removes; a marker that is a link is none [slow]", async () => {
  await using folder = await scratch();
  const env = { HOME: folder.path, XDG_CONFIG_HOME: "" };
  const trust = (...words: string[]) => dbx(["trust", ...words], { cwd: folder.path, env });
  assertEquals((await trust("--list")).stdout, "");
  await Deno.mkdir(`${folder.path}/a`);
  await Deno.symlink(`${folder.path}/a`, `${folder.path}/b`);
  await trust("a");
  await trust("b/");
  assertEquals((await trust("--list")).stdout, `${folder.path}/a\n`);
  assertEquals((await trust("c")).code, 1);
  await Deno.remove(`${folder.path}/a`);
  assertEquals((await trust("--remove", "a")).code, 0);
  assertEquals(JSON.parse((await trust("--json")).stdout), []);
  await dbx(["init", `${folder.path}/r`], { env });
  await Deno.mkdir(`${folder.path}/x/y`, { recursive: true });
  await Deno.symlink(`${folder.path}/r/dbx.json`, `${folder.path}/x/dbx.json`);
  const shown = await dbx(["ls", "--show-permissions"], { cwd: `${folder.path}/x/y`, env });
  assertStringIncludes(shown.stdout, `${folder.path}/x/y/output`);
});

async function assertAbsent(path: string): Promise<void> {
  assert(await Deno.lstat(path).then(() => false, () => true), path);
}

async function listing(path: string): Promise<string> {
  const lines: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    const { mtime, ino } = await Deno.lstat(`${path}/${name}`);
    lines.push(`${path}/${name} ${ino} ${mtime?.getTime()}`, isDirectory ? await listing(`${path}/${name}`) : "");
  }
  return lines.sort().join("\n");
}

Deno.test("an index that came with an archive and says other things than the logs is not believed [slow]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/r`;
  const env = { HOME: folder.path };
  const logged = await dbx(["log", "-R", path, "--kind", "k", "a", "loss=0.125"], { env });
  assertEquals(logged.code, 0, logged.stderr);
  const logs: string[] = [];
  const find = (below: string): void => {
    for (const { name, isDirectory } of Deno.readDirSync(below)) {
      if (isDirectory) find(`${below}/${name}`);
      else if (name === "log.jsonl") logs.push(`${below}/${name}`);
    }
  };
  find(path);
  await indexLater(path);
  assert(
    [...Deno.readDirSync(`${path}/.dbx/index`)].some(({ name }) => name.endsWith(".pack")),
    "the log is in the index",
  );
  const [log] = logs;
  const { mtime, atime } = await Deno.stat(log);
  const text = await Deno.readTextFile(log);
  await Deno.writeTextFile(log, text.replace("0.125", "0.875"));
  await Deno.utime(log, atime!, mtime!);
  await new Deno.Command("tar", { args: ["-C", folder.path, "-cf", `${folder.path}/a.tar`, "r"] }).output();
  await Deno.mkdir(`${folder.path}/there`);
  await new Deno.Command("tar", { args: ["-C", `${folder.path}/there`, "-xf", `${folder.path}/a.tar`] }).output();
  const there = `${folder.path}/there/r`;
  const { stdout } = await dbx(["query", "-R", there, "--format", "csv", "SELECT value FROM points"], { env });
  assertEquals(stdout.trim().split("\n"), ["value", "0.875"]);
});

Deno.test("settings: a dbx.toml of another user is refused until it is trusted, and one of a project names no server [slow]", async (test) => {
  await using folder = await scratch();
  const project = `${folder.path}/project`;
  const cwd = `${project}/in`;
  await Deno.mkdir(cwd, { recursive: true });
  const env = { HOME: `${folder.path}/home`, XDG_CACHE_HOME: "", XDG_CONFIG_HOME: "", SUDO_UID: "" };
  const file = `${project}/dbx.toml`;
  await Deno.writeTextFile(file, 'repo = "runs"\n');
  await dbx(["log", "-q", "--kind", "k", "e", "x=1"], { cwd, env });
  const kinds = async () => (await dbx(["ls", "--cols", "kind", "--no-header"], { cwd, env })).stdout.trim();
  assertEquals(await kinds(), "k");
  await Deno.writeTextFile(file, 'repo = "http://127.0.0.1:1"\n[remotes]\norigin = "http://127.0.0.1:1"\n');
  assertStringIncludes((await dbx(["run", "--", "true"], { cwd, env })).stderr, "which may come from somebody else");
  const pushed = await dbx(["push", "-R", `${project}/runs`], { cwd, env });
  assertStringIncludes(pushed.stderr, "you have not confirmed it");
  await test.step({
    name: "with owners",
    ignore: own !== 0,
    fn: async () => {
      await Deno.writeTextFile(file, 'repo = "runs"\nscalars = false\n');
      await Deno.chown(file, NOBODY, NOBODY);
      const refused = await dbx(["ls"], { cwd, env });
      assertEquals([refused.code, refused.stdout], [1, ""]);
      assertStringIncludes(refused.stderr, `Cannot use "${file}" because it was found here`);
      assertEquals((await dbx(["version"], { cwd, env })).code, 0);
      assertEquals((await dbx(["trust", project], { cwd, env })).code, 0);
      assertEquals(await kinds(), "k");
    },
  });
});
