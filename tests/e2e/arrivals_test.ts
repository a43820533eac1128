import { assert, assertEquals } from "../assert.ts";
import { dbx, scratch, spawn } from "./dbx.ts";

/** The times of the points, as a curve over time has them. */
async function times(repo: string, cwd: string): Promise<number[]> {
  const { code, stdout, stderr } = await dbx(["series", "loss", "--repo", repo, "--x", "time", "--json"], { cwd });
  assertEquals(code, 0, stderr);
  return JSON.parse(stdout).map((row: { time: number }) => row.time);
}

Deno.test("dbx run: lines without a time have that of their arrival, here, in a copy and behind a server [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const script = `echo '{"event":"train","step":1,"loss":3}' >> "$DBX_LOG"
    touch one; while [ ! -e go ]; do sleep 0.02; done
    printf '{"event":"train","step":2,"loss":2}\\n{"event":"train","step":3,"loss":1}\\n{"torn"' >> "$DBX_LOG"`;
  const started = Date.now();
  const child = spawn(["run", "-q", "--no-git", "--repo", "r", "--", "sh", "-c", script], { cwd });
  await child.stdin.close();
  // The second part is written when the first one was seen to have arrived.
  const arrived = async () => {
    const sql = "select count(*) as n from events where event = 'dbx/arrival'";
    const { stdout } = await dbx(["query", "--repo", "r", "--format", "json", sql], { cwd });
    return stdout.startsWith("[") && JSON.parse(stdout)[0].n > 0;
  };
  while (!(await arrived()));
  const seen = Date.now();
  await Deno.writeTextFile(`${cwd}/go`, "");
  await Promise.all([child.status, child.stdout.cancel(), child.stderr.cancel()]);
  const ended = Date.now();
  const [first, second, third, ...rest] = await times("r", cwd);
  assertEquals(rest, []);
  assert(started <= first && first <= seen, `${started} <= ${first} <= ${seen}`);
  assert(first <= second && second <= third && third <= ended, `${first} <= ${second} <= ${third} <= ${ended}`);
  const sql = "select ts from points where series = 'train:loss' order by step";
  for (const how of [["--explain"], []]) {
    const { stdout } = await dbx(["query", "--repo", "r", "--format", "json", ...how, sql], { cwd });
    if (how.length > 0) assert(stdout.includes("executor: columns"), stdout);
    else assertEquals(JSON.parse(stdout).map((row: { ts: number }) => row.ts), [first, second, third]);
  }
  assertEquals((await dbx(["index", "--repo", "r", "--verify"], { cwd })).code, 0);
  assertEquals((await dbx(["check", "--repo", "r"], { cwd })).code, 0);

  assertEquals((await dbx(["clone", "r", "copy"], { cwd })).code, 0);
  assertEquals(await times("copy", cwd), [first, second, third]);
  const server = spawn(["serve", "--create", "--listen", "127.0.0.1:0", "--repo", `${cwd}/r`]);
  await server.stdin.close();
  const reader = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
  try {
    let said = "";
    while (!/https?:\/\/\S+\s/.test(said)) said += (await reader.read()).value ?? "";
    assertEquals(await times(/https?:\/\/[^\s"]+/.exec(said)![0], cwd), [first, second, third]);
  } finally {
    server.kill("SIGTERM");
    while (!(await reader.read()).done);
    await Promise.all([server.status, server.stderr.cancel()]);
  }
});
