// What tells the runs of packages apart: those of several processes, stand-ins, and those that failed.
import { assertEquals, assertMatch } from "../../assert.ts";
import { dbx } from "../../e2e/dbx.ts";
import { run } from "./small_package.ts";

/** What `dbx show` prints, and its object. */
async function shownOf(cwd: string, exp: string) {
  const env = { DBX_REPO: `${cwd}/repository` };
  const [text, json] = await Promise.all([[], ["--json"]].map((words) => dbx(["show", ...words, exp], { cwd, env })));
  return { text: text.stdout, captured: JSON.parse(json.stdout).captured };
}

Deno.test("capture: processes one after another have logs of their own, with the label of their run and its params [slow]", async () => {
  const script = `
import os
from tensorboardX import SummaryWriter, writer
writer.FileWriter.get_logdir = lambda self: "runs/" + os.environ["SEED"]
w = SummaryWriter()
w.add_hparams({"seed": os.environ["SEED"]}, {})
w.add_scalar("loss", 0.5, 1)
`;
  const program = ["sh", "-c", "for seed in a b c; do SEED=$seed python3 script.py; done"];
  const { code, stderr, points } = await run(script, {
    program,
    act: async (cwd, exp) => {
      const { text, captured } = await shownOf(cwd, exp);
      assertMatch(text, /run runs\/b\n +log: +tensorboard-2, events log\/b\n +params: +seed=b\n/);
      assertEquals(captured.tensorboard, {
        names: ["runs/a"],
        params: { seed: "a" },
        further: [
          { log: "tensorboard-2", events: "log/b", names: ["runs/b"], params: { seed: "b" } },
          { log: "tensorboard-3", events: "log/c", names: ["runs/c"], params: { seed: "c" } },
        ],
      });
    },
  });
  assertEquals(code, 0, stderr);
  assertEquals(points, [
    ["tensorboard", "log:loss", 1, 0.5],
    ["tensorboard-2", "log/b:loss", 1, 0.5],
    ["tensorboard-3", "log/c:loss", 1, 0.5],
  ]);
});

Deno.test("capture: a spawned process does not write the log of one that has ended", async () => {
  const script = `
import multiprocessing
def work(name):
    from tensorboardX import SummaryWriter, writer
    writer.FileWriter.get_logdir = lambda self: "runs/" + name
    SummaryWriter().add_scalar("loss", 1, 1)
if __name__ == "__main__":
    for name in ("w0", "w1"):
        one = multiprocessing.get_context("spawn").Process(target=work, args=(name,))
        one.start()
        one.join()
`;
  const { points } = await run(script);
  assertEquals(points, [["tensorboard", "log:loss", 1, 1], ["tensorboard-2", "log/w1:loss", 1, 1]]);
});

Deno.test("shim: a run that ends as failed, its stand-in and its names are shown; its config keeps its values", async () => {
  const script = `
import random, wandb
random.seed(1)
run = wandb.init(config={"lr": 1})
print(len(run.name) > 5, random.random())
for change in (lambda: wandb.config.update({"lr": 7}), lambda: setattr(run.config, "lr", 7)):
    try: change()
    except wandb.Error as error: print(type(error).__name__, str(error).split("\\n")[0])
wandb.config.lr = 1
wandb.config.update({"lr": 2}, allow_val_change=True)
for _ in range(2): wandb.alert("title", "text")
run.finish(exit_code=3)
`;
  const { stdout, stderr } = await run(script, {
    options: ["--shim", "wandb"],
    act: async (cwd, exp) => {
      const { text, captured: { wandb } } = await shownOf(cwd, exp);
      assertMatch(text, /wandb 0\.31\.0 \(dbx's stand-in\), run \w+-\w+-\d+, ended as failed\n/);
      assertEquals([wandb.shim, wandb.status, wandb.params], [true, "failed", { lr: 2 }]);
    },
  });
  const refused = 'ConfigError Attempted to change value of key "lr" from 1 to 7';
  assertEquals(stdout.split("\n"), ["True 0.13436424411240122", refused, refused, ""]);
  assertEquals(stderr.match(/sends no alerts/g)?.length, 1, stderr);
});
