import { parseLocation } from "../../lib/client/location/location.ts";
import { UsageError } from "../../lib/base/errors.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { dbxOnPath } from "../terminal/dbx_on_path.ts";
import { Terminal } from "../terminal/pty.ts";
import { terminalTest } from "../terminal/tools.ts";
import { serving } from "./serving.ts";

/** A server that writes down what it is asked. */
function listening(): { url: string; tokens: string[]; asked: () => number } & AsyncDisposable {
  const tokens: string[] = [];
  let asked = 0;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    asked++;
    const token = request.headers.get("authorization");
    if (token !== null) tokens.push(token);
    return Response.json({ error: "no" }, { status: 401 });
  });
  const url = `http://127.0.0.1:${(server.addr as Deno.NetAddr).port}`;
  return { url, tokens, asked: () => asked, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** A repository as somebody else packed it: its settings name a remote. */
async function unpacked(path: string, remote: Record<string, unknown>): Promise<void> {
  await dbx(["log", "-q", "-R", path, "secret/result", "x=1"]);
  await Deno.mkdir(`${path}/.dbx`, { recursive: true });
  await Deno.writeTextFile(`${path}/.dbx/config.json`, JSON.stringify({ remotes: { origin: remote } }));
}

Deno.test("remotes: what an unpacked repository names gets nothing: no token, no file, not even a connection [slow]", async () => {
  await using folder = await scratch();
  await using evil = listening();
  const repo = `${folder.path}/r`;
  await Deno.writeTextFile(`${folder.path}/id_rsa`, "the private key of the user\n");
  await unpacked(repo, { url: evil.url, tokenFile: `${folder.path}/id_rsa` });
  const env = { XDG_CONFIG_HOME: `${folder.path}/config`, DBX_TOKEN: "the-users-token" };
  for (const args of [["push"], ["pull"], ["sync"], ["push", "origin"], ["sync", "origin", `${folder.path}/other`]]) {
    const { code, stderr } = await dbx([...args, "-R", repo], { env });
    assertEquals(code, 1, `${args}: ${stderr}`);
    assertStringIncludes(stderr, "dbx remote trust origin");
  }
  assertEquals(evil.asked(), 0);
  assertStringIncludes((await dbx(["remote", "ls", "-R", repo], { env })).stdout, "not confirmed");
  // Confirmed by mistake, it still gets neither the file nor the token, which were meant for others.
  assertEquals((await dbx(["remote", "trust", "origin", "-R", repo], { env })).code, 0);
  assertEquals((await dbx(["push", "-R", repo], { env })).code, 1);
  assert(evil.asked() > 0);
  assertEquals(evil.tokens, []);
  const shown = await dbx(["push", "-R", repo, "--show-permissions", "--json"], { env });
  assert(!shown.stdout.includes("id_rsa"), shown.stdout);
  // Another place under the same name, or the same in another repository, is a new one.
  await unpacked(repo, { url: `${evil.url}/elsewhere` });
  assertEquals((await dbx(["push", "-R", repo], { env })).stderr.includes("not confirmed"), true);
  await unpacked(`${folder.path}/r2`, { url: evil.url });
  assertEquals((await dbx(["push", "-R", `${folder.path}/r2`], { env })).stderr.includes("not confirmed"), true);
});

Deno.test("DBX_TOKEN goes to the host that the user named, or that of DBX_REPO, and to no second one [slow]", async () => {
  await using folder = await scratch();
  await using named = listening();
  await using other = listening();
  const start = (env: Record<string, string>) => ({
    cwd: folder.path,
    env: { XDG_CONFIG_HOME: `${folder.path}/config`, DBX_TOKEN: "secret", ...env },
  });
  await dbx(["ls", "-R", named.url], start({}));
  assertEquals(new Set(named.tokens), new Set(["Bearer secret"]));
  await dbx(["ls"], start({ DBX_REPO: other.url }));
  assertEquals(new Set(other.tokens), new Set(["Bearer secret"]));
  named.tokens.length = other.tokens.length = 0;
  await dbx(["clone", named.url, "x"], start({ DBX_REPO: other.url }));
  await dbx(["sync", named.url, other.url], start({}));
  assert(named.asked() > 1 && named.tokens.length + other.tokens.length === 0);
  await Deno.writeTextFile(`${folder.path}/token`, "secret\n");
  const both = await dbx(["sync", named.url, other.url, "--token-file", "token"], start({}));
  assertEquals(both.code, 2);
  assertStringIncludes(both.stderr, "dbx login");
});

Deno.test("login: a token is kept for one host, for its owner alone, and never goes over plain HTTP unasked [slow]", async () => {
  await using folder = await scratch();
  const repo = `${folder.path}/r`;
  await dbx(["log", "-q", "-R", repo, "e", "x=1"]);
  const token = (await dbx(["token", "add", "me", "--role", "read", "-R", repo])).stdout.trim();
  await using server = await serving(["-R", repo, "--listen", "127.0.0.1:0", "-q"]);
  await using other = listening();
  const start = { env: { XDG_CONFIG_HOME: `${folder.path}/config` }, cwd: folder.path };
  const wrong = await dbx(["login", server.url], { ...start, stdin: "wrong\n" });
  assertEquals(wrong.code, 1);
  assertStringIncludes(wrong.stderr, "the token is wrong");
  for (const stdin of ["", "two\nlines", "a\0b", "x".repeat(2000)]) {
    assertEquals((await dbx(["login", server.url], { ...start, stdin })).code, 2, JSON.stringify(stdin));
  }
  const right = await dbx(["login", server.url], { ...start, stdin: `${token}\n` });
  assertEquals([right.code, right.stdout], [0, ""], right.stderr);
  assertStringIncludes(right.stderr, "role read");
  assert(!right.stderr.includes(token));
  for await (const { name } of Deno.readDir(`${folder.path}/config/dbx/tokens`)) {
    assertEquals((await Deno.stat(`${folder.path}/config/dbx/tokens/${name}`)).mode! & 0o777, 0o600);
  }
  assertEquals((await dbx(["ls", "-R", server.url], start)).code, 0);
  assertEquals((await dbx(["ls", "-R", `${server.url}/repos/r`], start)).code, 0);
  // The same name at another port is another host.
  await dbx(["ls", "-R", other.url], start);
  assertEquals([other.asked() > 0, other.tokens], [true, []]);
  const list = await dbx(["login", "--list", "--json"], start);
  assertEquals(JSON.parse(list.stdout), [{ url: server.url, insecure: false }]);
  // A worker sees the token of its server alone, and not where others lie.
  const shown = await dbx(["ls", "-R", server.url, "--show-permissions", "--json"], start);
  assertEquals([JSON.parse(shown.stdout).read, shown.stdout.includes(token)], [[], false]);
  for (const args of [["login", "http://lab.invalid:7070"], ["ls", "-R", "http://lab.invalid:7070"]]) {
    const far = await dbx(args, { ...start, env: { ...start.env, DBX_TOKEN: token }, stdin: token });
    assertEquals(far.code, 2, far.stderr);
    assertStringIncludes(far.stderr, "not encrypted");
  }
  const insecure = await dbx(["ls", "-R", "http://lab.invalid:7070", "--insecure"], {
    env: { ...start.env, DBX_TOKEN: token },
  });
  assertStringIncludes(insecure.stderr, "Cannot reach");
  for await (const { name } of Deno.readDir(`${folder.path}/config/dbx/tokens`)) {
    await Deno.chmod(`${folder.path}/config/dbx/tokens/${name}`, 0o644);
  }
  assertStringIncludes((await dbx(["ls", "-R", server.url], start)).stderr, "chmod 600");
  assertEquals((await dbx(["logout", server.url], start)).code, 0);
  assertEquals((await dbx(["ls", "-R", server.url], start)).code, 1);
  assertStringIncludes((await dbx(["logout", server.url], start)).stderr, "no token is stored for it");
});

Deno.test("ssh: hosts that begin with a dash, and those with odd characters, are refused", () => {
  for (
    const text of [
      "ssh://-oProxyCommand=evil/x",
      "-oProxyCommand=evil:x",
      "ssh://-u@host/x",
      "-u@host:x",
      "ssh://a;b/x",
      "a b:x",
      "$(evil):x",
      "ssh://`evil`/x",
      "u'v@host:x",
      "ho\nst:x",
      "ssh://host%20x/y",
      "a|b:x",
      "\x1b[31m:x",
    ]
  ) assertThrows(() => parseLocation(text, "/"), UsageError, "as a location");
  assertEquals(parseLocation("me@gpu-1.lab:output", "/").kind, "ssh");
  assertEquals(parseLocation("ssh://gpu_1:22/x", "/").kind, "ssh");
});

terminalTest(
  "a first push to a remote asks on a terminal, and remembers a yes; login shows no token [slow]",
  async () => {
    await using folder = await scratch();
    const env = await dbxOnPath(folder.path);
    const [repo, target] = [`${folder.path}/r`, `${folder.path}/target`];
    await dbx(["init", target]);
    await unpacked(repo, { url: target });
    const run = async (line: string, talk: (terminal: Terminal) => Promise<void>) => {
      await using terminal = await Terminal.start(line, { cwd: folder.path, env, columns: 150 });
      await talk(terminal);
      return await terminal.end();
    };
    const no = await run(`dbx push -R ${repo}`, async (terminal) => {
      await terminal.waitFor("[y/N]");
      await terminal.press("Enter");
    });
    assertEquals(no.code, 1);
    assertStringIncludes(no.shown, "not confirmed");
    const interrupted = await run(`dbx push -R ${repo}`, async (terminal) => {
      await terminal.waitFor("[y/N]");
      await terminal.press("C-c");
    });
    assertEquals(interrupted.code, 130, interrupted.shown);
    const yes = await run(`dbx push -R ${repo}`, async (terminal) => {
      await terminal.waitFor("[y/N]");
      await terminal.enter("y");
    });
    assertEquals(yes.code, 0, yes.shown);
    const again = await run(`dbx push -R ${repo}`, async () => {});
    assertEquals([again.code, again.shown.includes("[y/N]")], [0, false], again.shown);
    const token = (await dbx(["token", "add", "me", "-R", repo])).stdout.trim();
    await using server = await serving(["-R", repo, "--listen", "127.0.0.1:0", "-q"]);
    const login = await run(`dbx login ${server.url}`, async (terminal) => {
      await terminal.waitFor("Token for");
      await terminal.enter(token);
    });
    assertEquals(login.code, 0, login.shown);
    assertStringIncludes(login.shown, "role write");
    assert(!login.shown.includes(token.slice(4, 12)), login.shown);
    const left = await run(`dbx login ${server.url}; stty -a`, async (terminal) => {
      await terminal.waitFor("Token for");
      await terminal.press("C-c");
    });
    assert(/[^-]echo /.test(left.shown), left.shown);
  },
);
