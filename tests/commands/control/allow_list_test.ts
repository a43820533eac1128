import { isAllowed, refusalOf } from "../../../lib/commands/control/allow_list.ts";
import { assertEquals } from "../../assert.ts";

Deno.test({ name: "fits: patterns of commands, word by word", permissions: "none" }, () => {
  const cases: [string, string[], boolean][] = [
    ["python train.py **", ["python", "train.py"], true],
    ["python train.py **", ["python", "train.py", "--lr", "0.1", "; rm -rf /"], true],
    ["python train.py **", ["python", "other.py"], false],
    ["python train.py **", ["python"], false],
    ["python train.py **", ["sh", "-c", "python train.py x"], false],
    ["python train.py", ["python", "train.py", "--lr", "1"], false],
    ["python train.py *", ["python", "train.py"], false],
    ["python train.py *", ["python", "train.py", "x"], true],
    ["python train.py --lr *", ["python", "train.py", "--lr", "1", "--evil"], false],
    ["python train.py --lr ?.? --seed=*", ["python", "train.py", "--lr", "0.1", "--seed=77"], true],
    ["python train.py --lr ?.? --seed=*", ["python", "train.py", "--lr", "0.10", "--seed=77"], false],
    ["python train.py --lr ?.? --seed=*", ["python", "train.py", "--lr", "0.1", "--seed=7", "more"], false],
    ["python train_*.py", ["python", "train_a.py"], true],
    ["python train_*.py", ["python", "train_/../../x.py"], false],
    ["python configs/*", ["python", "configs/a.yaml"], true],
    ["python configs/*", ["python", "configs/.."], false],
    ["python configs/*/x.py", ["python", "configs/../x.py"], false],
    ["python configs/?*", ["python", "configs/a/b"], false],
    ["python ../x.py", ["python", "../x.py"], true],
    ["python --out=*", ["python", "--out=.."], false],
    ["python --out=*", ["python", "--out=/etc"], false],
    ["python *", ["python", "/tmp/evil.py"], false],
    ["** train.py", ["python", "train.py"], true],
    ["*", ["anything"], true],
    ["*", ["anything", "else"], false],
    ["make test", ["make", "test"], true],
    ["make test", ["make test"], false],
    ["a.c", ["abc"], false],
    ["a *", ["a", "line\nbreak"], true],
  ];
  for (const [pattern, cmd, expected] of cases) assertEquals(isAllowed(pattern, cmd), expected, `${pattern}: ${cmd}`);
});

Deno.test({ name: "refusalOf: folders and variables that nobody allowed", permissions: "none" }, () => {
  const allowance = { commands: ["python *"], folders: ["/work", "/data"], env: ["SEED"] };
  const request = { command: "start", id: "i", ts: 1, exp: "e", run: "r", cmd: ["python", "x.py"] } as const;
  assertEquals(refusalOf(request, allowance), undefined);
  assertEquals(refusalOf({ ...request, cwd: "/data/" }, allowance), undefined);
  assertEquals(refusalOf({ ...request, cwd: "/data/../etc" }, allowance), "its working folder is not one of --cwd");
  assertEquals(refusalOf({ ...request, env: { SEED: "1" } }, allowance), undefined);
  assertEquals(
    refusalOf({ ...request, env: { LD_PRELOAD: "x" } }, allowance),
    "no --env allows the variable LD_PRELOAD",
  );
  assertEquals(refusalOf({ ...request, cmd: ["python", "a\0b"] }, allowance), "a word of its command contains a NUL");
  assertEquals(refusalOf(request, { ...allowance, commands: [] }), "no --allow pattern matches its command");
});
