import { assertEquals } from "../assert.ts";
import { dbx, scratch } from "./dbx.ts";

const run = ["run", "--no-git", "--system-interval", "0"];
const printing = ["sh", "-c", "printf '[0]\\ttrain-rmse:0.5\\n[1]\\ttrain-rmse:0.4\\nloss=0.3\\n'"];

Deno.test("dbx run: metrics in known formats are found and announced once; --scalars and --no-scalars [slow]", async () => {
  await using folder = await scratch();
  const at = { cwd: folder.path };
  const cases: [string[], number, number][] = [
    [[], 2, 1],
    [["--quiet"], 2, 0],
    [["--scalars", "auto"], 3, 0],
    [["--scalars", "loss=(?<loss>.*)"], 1, 0],
    [["--no-scalars"], 0, 0],
  ];
  for (const [options, events, said] of cases) {
    const repo = `${folder.path}/${options.join("")}`;
    const ended = await dbx([...run, "--repo", repo, ...options, "--", ...printing], at);
    assertEquals(ended.code, 0, ended.stderr);
    const notices = ended.stderr.match(/metrics found in printed lines \(xgboost\); --no-scalars disables this/g);
    assertEquals(notices?.length ?? 0, said, options.join(" "));
    const sql = "select series, step, value from points where log = 'printed' order by series, step";
    const { stdout } = await dbx(["query", "--repo", repo, "--format", "json", sql], at);
    assertEquals(JSON.parse(stdout).length, events, `${options.join(" ")}: ${stdout}`);
    if (options.length > 0) continue;
    assertEquals(JSON.parse(stdout), [
      { series: "scalars:train-rmse", step: 0, value: 0.5 },
      { series: "scalars:train-rmse", step: 1, value: 0.4 },
    ]);
  }
  // What stands on stderr is found too, each stream by itself: here the heading of an epoch is on the other one.
  const both =
    "echo 'Epoch 3/10'; echo '4/4 ---- 1s 2ms/step - loss: 0.5' >&2; echo '4/4 ---- 1s 2ms/step - loss: 0.4'";
  const ended = await dbx([...run, "--quiet", "--repo", "both", "--", "sh", "-c", both], at);
  assertEquals(ended.code, 0, ended.stderr);
  const sql = "select log, step, value from points where key = 'loss' order by log";
  const { stdout } = await dbx(["query", "--repo", "both", "--format", "json", sql], at);
  assertEquals(JSON.parse(stdout), [
    { log: "printed", step: 3, value: 0.4 },
    { log: "printed_stderr", step: 0, value: 0.5 },
  ]);
  for (const bad of [["--scalars", "("], ["--scalars", "auto", "--no-scalars"]]) {
    assertEquals((await dbx([...run, ...bad, "--", "true"], at)).code, 2);
  }
});
