import { assert, assertEquals } from "../../assert.ts";
import { concat } from "../../../lib/base/bytes.ts";
import { FolderPrefixes } from "../../../lib/interop/engine/folder_prefixes.ts";
import { dbx, scratch, spawn } from "../../e2e/dbx.ts";
import { scalar, version, wandbExit, wandbFile, wandbHistory, wandbRun } from "../../interop/encode.ts";
import { linesOf } from "../../interop/import_into.ts";

Deno.test("dbx run --follow: what a command of any language writes is live, and in its run [slow]", async () => {
  await using folder = await scratch();
  const start = { cwd: folder.path, env: { DBX_REPO: "output" } };
  const records = [version(1700000000), ...[1, 2, 3].map((step) => scalar("loss", step, 1700000000 + step, 1 / step))];
  await Deno.writeFile(`${folder.path}/first`, concat(records.slice(0, 2)));
  await Deno.writeFile(`${folder.path}/second`, concat(records.slice(2)).subarray(0, -3));
  await Deno.writeFile(`${folder.path}/third`, concat(records.slice(2)).subarray(-3));
  await Deno.writeFile(`${folder.path}/validation`, concat([version(1700000001), scalar("loss", 1, 1700000001, 0.75)]));
  const rows = [0, 1].map((step) => wandbHistory(step, { acc: `0.${step + 1}` }));
  await Deno.writeFile(`${folder.path}/run.wandb`, wandbFile([wandbRun("abc", { lr: "0.1" }), ...rows, wandbExit(0)]));
  await Deno.mkdir(`${folder.path}/logs/train`, { recursive: true });
  await Deno.writeFile(`${folder.path}/logs/train/tfevents.old`, concat(records));
  const script = `
    cat first > logs/train/tfevents.1; mkdir -p logs/validation made; cat validation > logs/validation/tfevents.2; cp run.wandb made
    until [ -e go ]; do sleep 0.1; done
    cat second >> logs/train/tfevents.1; sleep 1.2; cat third >> logs/train/tfevents.1`;
  await Deno.writeTextFile(`${folder.path}/train.sh`, script);
  const child = spawn(["run", "-q", "--no-git", "--follow", "logs", "--follow", "made", "--", "sh", "train.sh"], start);
  const ended = child.output();
  const query = [
    "query",
    "SELECT series, step, value FROM points WHERE series LIKE 'log:%' ORDER BY series, step",
    "--jsonl",
  ];
  const live = ['{"series":"log:acc","step":0,"value":0.1}', '{"series":"log:acc","step":1,"value":0.2}'];
  const train = [1, 0.5, 0.3333333432674408].map((value, at) =>
    `{"series":"log:train/loss","step":${at + 1},"value":${value}}`
  );
  const validation = '{"series":"log:validation/loss","step":1,"value":0.75}';
  const read = async () =>
    (await dbx(query, start)).stdout.split("\n").filter((line) => line.startsWith('{"series":"log:'))
      .map((line) => line.replace(/"value":1\.0/, '"value":1')).filter((line) => !line.includes("_runtime"));
  let found: string[] = [];
  for (let tries = 0; tries < 100 && found.length < 4; tries++) found = await read();
  // While it runs.
  assertEquals(found, [...live, train[0], validation]);
  await Deno.writeTextFile(`${folder.path}/go`, "");
  const { code, stderr } = await ended;
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
  assertEquals(await read(), [...live, ...train, validation]);
  assertEquals((await dbx(["check"], start)).stdout, "checked 1 experiment: 0 damaged, 0 notes\n");
  const configs = (await linesOf(`${folder.path}/output`, () => true)).filter(({ event }) => event === "config");
  assertEquals(configs.map(({ source, config }) => [source, config]), [["proj/run abc", { _dbx: "config", lr: 0.1 }]]);
});

Deno.test("dbx run --follow: a file that cannot be read is said once, and the command is not disturbed [slow]", async () => {
  await using folder = await scratch();
  const start = { cwd: folder.path, env: { DBX_REPO: "output" } };
  const script = "mkdir logs; echo nothing that is a record > logs/tfevents.1; sleep 3; exit 3";
  const { code, stderr } = await dbx(["run", "-q", "--no-git", "--follow", "logs", "--", "sh", "-c", script], start);
  assertEquals(code, 3);
  assertEquals(stderr.split("\n").filter((line) => line.includes("--follow")).length <= 1, true, stderr);
  assert(!stderr.includes("bug"), stderr);
});

Deno.test("FolderPrefixes: parts of a training keep their names, and the folder of the run has none", () => {
  const named = (...folders: string[]) => {
    const prefixes = new FolderPrefixes();
    return folders.map((folder) => prefixes.of(folder));
  };
  assertEquals(named("", "a", "a/b"), ["", "a/", "a/b/"]);
  assertEquals(named("Nov30_host", "Nov30_host/loss_train", "Nov30_host"), ["", "loss_train/", ""]);
  assertEquals(named("2026/train", "2026/validation", "2026"), ["train/", "validation/", ""]);
  assertEquals(named("train", "eval"), ["train/", "eval/"]);
  assertEquals(named("a", "b"), ["", "b/"]);
});
