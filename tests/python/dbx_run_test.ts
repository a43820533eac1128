// The client below `dbx run`, and with servers.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { dbx, type Ended } from "../e2e/dbx.ts";
import { dbxOnPath } from "../terminal/dbx_on_path.ts";
import { findingsIn, logsIn, logsOf, PYTHON, python, pythonEnv, pythonTest, runsIn } from "./python.ts";
import { serve } from "./serve.ts";

/** Runs a script below `dbx run`, which brings the client. */
async function recorded(
  cwd: string,
  script: string,
  options: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Ended> {
  await Deno.writeTextFile(`${cwd}/train.py`, script);
  const words = ["run", "-q", "--no-git", "--system-interval", "0", ...options, "--", PYTHON!, "train.py"];
  return await dbx(words, { cwd, env: { ...pythonEnv(), PYTHONPATH: "", ...env } });
}

pythonTest(
  "dbx run: a script joins its run without installing anything, as do processes and ranks of it",
  async (folder) => {
    const ran = await recorded(
      folder,
      `import dbxlogger, multiprocessing, os, subprocess, sys
def work(number):
    run = dbxlogger.init()
    run.log({"number": number})
if __name__ == "__main__":
    run = dbxlogger.init({"lr": 0.1})
    assert run.id == os.environ["DBX_RUN"] and run.exp.id == os.environ["DBX_EXP"]
    run.log({"loss": 1}, step=0)
    run.file("a.txt", b"hello")
    spawn = multiprocessing.get_context("spawn").Process(target=work, args=(1,))
    spawn.start(); spawn.join()
    code = "import dbxlogger; dbxlogger.init().log({'number': 2})"
    subprocess.run([sys.executable, "-c", code], env={**os.environ, "RANK": "1"}, check=True)
    run.log({"loss": 0.5}, step=1)
    other = dbxlogger.init({"lr": 0.2}, git=False)
    other.log({"loss": 2})
    assert other.exp.id != run.exp.id
`,
      ["--repo", "r", "--kind", "joined"],
    );
    assertEquals([ran.code, ran.stdout, ran.stderr], [0, "", ""]);
    const runs = await runsIn(`${folder}/r`);
    assertEquals(runs.length, 2);
    const list = await dbx([
      "query",
      "--repo",
      `${folder}/r`,
      "--format",
      "csv",
      "SELECT log, event, value FROM points JOIN experiments USING (exp) WHERE kind = 'joined' ORDER BY 1, 2, 3",
    ]);
    assertEquals(list.stdout.trim().split("\n").slice(1), [
      "log,log,0.5",
      "log,log,1",
      "log-2,log,1",
      "rank1,log,2",
    ], list.stderr);
    // What the script says of its params stands beside those of the command line.
    const joined = runs.map(logsOf).find((logs) => logs.capture !== undefined)!;
    assertEquals(joined.capture as unknown[], [{ event: "dbx/params", by: "dbxlogger", params: { lr: 0.1 } }]);
    const files = await dbx(["files", "--repo", `${folder}/r`, "--json"]);
    assertStringIncludes(files.stdout, '"a.txt"');
    assertEquals(await findingsIn(`${folder}/r`), []);
  },
);

pythonTest(
  "dbx run: a repository that the script names is used, unless it is that of the run [slow]",
  async (folder) => {
    const script = (repo: string) => `import dbxlogger\ndbxlogger.init(repo="${repo}", git=False).log({"a": 1})\n`;
    assertEquals((await recorded(folder, script("r"), ["--repo", "r"])).stderr, "");
    assertEquals((await runsIn(`${folder}/r`)).length, 1);
    assertEquals((await recorded(folder, script("other"), ["--repo", "r"])).stderr, "");
    assertEquals([(await runsIn(`${folder}/r`)).length, (await runsIn(`${folder}/other`)).length], [2, 1]);
    assertEquals((await logsIn(`${folder}/other`)).log as unknown[], [{ event: "log", a: 1 }]);
  },
);

const TO_SERVER = `import dbxlogger, sys
run = dbxlogger.init({"lr": 0.1}, repo=sys.argv[1], kind="sent", git=False)
run.log({"loss": 0.5}, step=1)
run.file("a.txt", b"hello")
`;

pythonTest(
  "a server: what is logged goes into the spool, and dbx sends it; without dbx it waits [slow]",
  async (folder) => {
    await using server = await serve(`${folder}/r`);
    const onPath = await dbxOnPath(folder);
    const spool = { DBX_SPOOL: `${folder}/spool` };
    const sent = await python(folder, TO_SERVER, { args: [`${server.url}/`], env: { ...onPath, ...spool } });
    assertEquals([sent.code, sent.stderr], [0, ""]);
    assertEquals(Array.from(Deno.readDirSync(`${folder}/spool`)), []);
    assertEquals((await runsIn(`${folder}/r`)).length, 1);

    const PATH = PYTHON!.replace(/\/[^/]*$/, "");
    const waiting = await python(folder, TO_SERVER, { args: [server.url], env: { PATH, ...spool } });
    assertMatch(
      waiting.stderr,
      /^dbxlogger: what was logged waits in .*spool\/[0-9a-z]{13}; dbx spool push --repo http:\S+ sends it\n$/,
    );
    assertEquals((await runsIn(`${folder}/r`)).length, 1);
    const pushed = await dbx(["spool", "push", "--repo", server.url], { env: spool });
    assertEquals([pushed.code, pushed.stderr], [0, ""]);
    assertEquals((await runsIn(`${folder}/r`)).length, 2);
    const rows = await dbx([
      "query",
      "--repo",
      server.url,
      "--format",
      "csv",
      "SELECT kind, params.lr, status, key, value FROM points JOIN experiments USING (exp)",
    ]);
    assertEquals(
      rows.stdout.trim().split("\n").slice(1),
      ["sent,0.1,finished,loss,0.5", "sent,0.1,finished,loss,0.5"],
      rows.stderr,
    );
    assertEquals(await findingsIn(`${folder}/r`), []);
  },
);

pythonTest("a server: dbx run --repo URL, whose spool a script joins [slow]", async (folder) => {
  await using server = await serve(`${folder}/r`);
  const script = 'import dbxlogger\nrun = dbxlogger.init()\nrun.log({"a": 1})\nrun.file("a.txt", b"hello")\n';
  const ran = await recorded(folder, script, ["--repo", server.url], { DBX_SPOOL: `${folder}/spool` });
  assertEquals([ran.code, ran.stderr], [0, ""]);
  const { log } = await logsIn(`${folder}/r`);
  assertEquals(log.map(({ event }) => event), ["log", "dbx/file"]);
  assertEquals(await findingsIn(`${folder}/r`), []);
});

pythonTest(
  "a spool that is begun is whole: a push that comes while a run goes on sends it, and leaves it there [slow]",
  async (folder) => {
    await using server = await serve(`${folder}/r`);
    const spool = { DBX_SPOOL: `${folder}/spool` };
    await Deno.writeTextFile(`${folder}/script.py`, `${TO_SERVER}sys.stdin.read()\nrun.log({"loss": 0.25}, step=2)\n`);
    const env = { ...pythonEnv(), PATH: PYTHON!.replace(/\/[^/]*$/, ""), ...spool };
    const child = new Deno.Command(PYTHON!, {
      args: ["script.py", server.url],
      cwd: folder,
      env,
      stdin: "piped",
      stderr: "null",
    }).spawn();
    const lines = async () => {
      const [run] = await runsIn(`${folder}/r`).catch(() => []);
      return run === undefined
        ? 0
        : (await Deno.readTextFile(`${run}/log.jsonl`).catch(() => "")).split("\n").length - 1;
    };
    for (let turn = 0; turn < 100 && await lines() < 2; turn++) {
      const pushed = await dbx(["spool", "push", "--repo", server.url], { env: spool });
      if (pushed.stdout.includes("sent")) assertStringIncludes(pushed.stdout, "its run has not ended");
    }
    assertEquals(await lines(), 2);
    await child.stdin.close();
    await child.status;
    assertEquals((await dbx(["spool", "push", "--repo", server.url], { env: spool })).code, 0);
    assertEquals(await lines(), 3);
    assert(Array.from(Deno.readDirSync(`${folder}/spool`)).length === 0);
  },
);

pythonTest("dbx run: secrets in params are not noted", async (folder) => {
  const script = `import dbxlogger
run = dbxlogger.init({"api_key": "sk-abcdefghijkl123456789", "lr": 0.1})
assert run.params["api_key"] == "sk-abcdefghijkl123456789"`;
  const ran = await recorded(folder, script, ["--repo", "r"]);
  assertEquals([ran.code, ran.stderr], [0, ""]);
  const [run] = await runsIn(`${folder}/r`);
  const text = await Deno.readTextFile(`${run}/capture.log.jsonl`);
  assertStringIncludes(text, '"params":{"api_key":"[redacted:name]","lr":0.1}');
});
