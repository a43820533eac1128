// Commands that the main isolate runs itself, as it does in an executable, which was given files by the path of the root.
import { workerPermissions } from "../../lib/cli/launch/permissions.ts";
import { assert, assertEquals } from "../assert.ts";
import { configOfTests, dbx, scratch } from "./dbx.ts";

const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname);
const RUNTIME = ["run", "--quiet", "--no-prompt", "--unstable-worker-options", "--config", `${ROOT}deno.json`];
const OTHERS = ["--allow-run", "--allow-net", "--allow-env", "--allow-sys"];
const BY_ROOT = ["--allow-read=/", "--allow-write=/", ...OTHERS];
const NOTHING = { runTrue: "NotCapable", runSh: "NotCapable", env: "NotCapable", ffi: "NotCapable" };

async function run(words: readonly string[], cwd: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { DBX_REPO: "", NO_COLOR: "1", XDG_CONFIG_HOME: configOfTests() };
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: [...words], cwd, env }).output();
  const [out, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, stdout: out, stderr: error };
}

Deno.test("narrow: what was given up is gone for good, and what a command declares is left", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  await dbx(["init"], { cwd });
  const repo = `${cwd}/output`;
  const tried = async (given: readonly string[], set: Parameters<typeof workerPermissions>[0]) => {
    const order = JSON.stringify({ permissions: workerPermissions(set, []), repo, cwd });
    const { stdout, stderr } = await run([...RUNTIME, ...given, `${ROOT}tests/e2e/probe_narrowed.ts`, order], cwd);
    assert(stdout !== "", stderr);
    return JSON.parse(stdout);
  };
  const outside = {
    readOutside: "NotCapable",
    writeOutside: "NotCapable",
    connect: "NotCapable",
    listen: "NotCapable",
  };
  const reads = { readRepository: "ok", writeRepository: "NotCapable", ...outside, ...NOTHING };
  assertEquals(await tried(BY_ROOT, { read: [repo] }), { can: true, after: reads, again: reads });
  const writes = { ...reads, writeRepository: "ok" };
  assertEquals(await tried(BY_ROOT, { read: [repo], write: [repo] }), { can: true, after: writes, again: writes });
  const all = ["--allow-read", "--allow-write", ...OTHERS];
  for (
    const [given, set] of [[all, { read: [repo] }], [BY_ROOT, { net: ["lab"] }], [BY_ROOT, { read: ["/"] }]] as const
  ) {
    assertEquals(await tried(given, set), { can: false }, JSON.stringify(set));
  }
});

Deno.test("runHere: a command prints, fails and says what is wrong as in a worker [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  await dbx(["log", "-q", "-n", "first", "e", "x=1"], { cwd });
  await dbx(["ls"], { cwd });
  const here = [...RUNTIME, ...BY_ROOT, `${ROOT}cli.ts`];
  const worker = [...RUNTIME, "-A", `${ROOT}cli.ts`];
  for (
    const args of [
      ["ls", "--cols", "name,kind,status"],
      ["query", "SELECT key, last FROM metrics", "--json"],
      ["query", "SELECT nothing FROM metrics"],
      ["show", "zzz"],
      ["ls", "--where", "kind = "],
      ["series", "x"],
    ]
  ) {
    const own = await run([...here, ...args], cwd);
    assertEquals(own, await run([...worker, ...args], cwd), args.join(" "));
  }
});

Deno.test("runHere: a signal ends a query that hears none [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  await dbx(["log", "-q", "e", "x=1"], { cwd });
  await dbx(["ls"], { cwd });
  const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
  const child = new Deno.Command(Deno.execPath(), {
    args: [...RUNTIME, ...BY_ROOT, `${ROOT}cli.ts`, "query", endless],
    cwd,
    env: { DBX_REPO: "", XDG_CONFIG_HOME: configOfTests() },
    stdout: "null",
    stderr: "null",
  }).spawn();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  child.kill("SIGINT");
  const { code, signal } = await child.status;
  assertEquals([code, signal], [130, "SIGINT"]);
  assertEquals((await dbx(["check"], { cwd })).code, 0);
});
