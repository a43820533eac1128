import { askingOf } from "../../../lib/compare/asking.ts";
import { bestOf } from "../../../lib/compare/diff/best.ts";
import { diffOf } from "../../../lib/compare/diff/diff.ts";
import { openRepository } from "../../../mod.ts";
import { assertEquals, assertRejects } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

Deno.test("bestOf: by the words of a name", { permissions: "none" }, () => {
  for (const name of ["loss", "val_loss", "train/err", "MSE", "eval.perplexity", "loss2"]) {
    assertEquals([name, bestOf(name)], [name, name === "loss2" ? undefined : "min"]);
  }
  for (const name of ["acc", "val_acc", "top5", "f1", "bleu-4"]) assertEquals([name, bestOf(name)], [name, "max"]);
  for (const name of ["lr", "glossary", "accumulated", "loss_accuracy"]) {
    assertEquals([name, bestOf(name)], [name, undefined]);
  }
});

Deno.test("diffOf: what a run says of its machine, its packages, its code; metrics at the last step of all", async () => {
  await using folder = await scratch();
  const repo = await openRepository(`${folder.path}/r`);
  const make = async (lr: number, gpu: string, packages: string, epochs: number) => {
    const run = await (await repo.experiment({ kind: "k", params: { lr, nested: { same: 1 } } })).run({ git: false });
    for (let epoch = 0; epoch < epochs; epoch++) run.log(`train/epoch/${epoch}`, { loss: lr / (epoch + 1) });
    const list = await run.file("packages", new TextEncoder().encode(packages));
    const code = await run.file("code", new TextEncoder().encode(`lr = ${lr}`));
    await run.finish();
    const line = (event: string, data: unknown) => JSON.stringify({ event, ts: 1, ...data as object }) + "\n";
    await Deno.writeTextFile(`${run.dir}/dbx.log.jsonl`, line("dbx/machine", { gpus: [gpu], cpu: "c" }), {
      append: true,
    });
    const files = [["environment/packages.txt", list], ["code/train.py", code]] as const;
    const lines = files.map(([name, file]) => line("dbx/file", { name, size: 1, file }));
    await Deno.writeTextFile(`${run.dir}/code.log.jsonl`, lines.join(""));
    return run;
  };
  const a = await make(0.1, "A100", "numpy==1.0\ntorch==2.0\n", 3);
  const b = await make(0.2, "H200", "numpy==1.0\ntorch==2.1\n", 5);
  const { rows } = await diffOf(repo, askingOf(repo), [a.exp, b.exp], { now: Date.now() });
  const differing = rows.filter(({ differs, section }) => differs && section !== "experiment");
  const found = differing.map(({ section, key, values }) => [section, key, ...values]);
  const code = found.find(([section]) => section === "code")!;
  assertEquals([code[1], String(code[2]).length, code[2] === code[3]], ["train.py", 12, false]);
  assertEquals(found.filter((row) => row !== code), [
    ["params", "lr", 0.1, 0.2],
    ["machine", "gpus", ["A100"], ["H200"]],
    ["packages", "torch", "2.0", "2.1"],
    ["metrics", "loss first", 0.1, 0.2],
    ["metrics", "loss last", 0.1 / 3, 0.2 / 5],
    ["metrics", "loss min", 0.1 / 3, 0.2 / 5],
    ["metrics", "loss at 2", 0.1 / 3, 0.2 / 3],
  ]);
  assertEquals(rows.some(({ key, differs }) => key === "nested.same" && !differs), true);
  // A run of its own id is compared alone; naming something twice is a mistake.
  const runs = await diffOf(repo, askingOf(repo), [a.id, b.exp], { now: Date.now() });
  assertEquals(runs.subjects.map(({ isRun, run }) => [isRun, run]), [[true, a.id], [false, b.id]]);
  assertEquals(runs.rows.find(({ key }) => key === "loss at 2")!.values, [0.1 / 3, 0.2 / 3]);
  await assertRejects(async () => await diffOf(repo, askingOf(repo), [a.exp, a.exp.slice(0, 12)], { now: Date.now() }));
});
