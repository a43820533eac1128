# As a script of wandb's users: config, metrics with and without steps, a metric of its own as the step, media, summary, files.
import sys

import wandb

run = wandb.init(project="digits", name="first", tags=["baseline", "cpu"], notes="a try", config={"lr": 0.1, "net": {"layers": 2}})
run.define_metric("epoch")
run.define_metric("val/*", step_metric="epoch")
for step in range(3):
    wandb.log({"train/loss": 1 / (step + 1), "train": {"acc": step / 4}, "gap": float("nan")})
run.log({"val/acc": 0.5, "epoch": 7})
wandb.log({"late": 2.5}, step=20)
wandb.log({"part": 1}, commit=False)
wandb.log({"other": 2})
wandb.config.update({"batch": 32})
wandb.config.seed = 1
wandb.log({"weights": wandb.Histogram([1, 2, 2, 3]), "table": wandb.Table(columns=["a", "b"], data=[[1, "x"]])})
wandb.summary["best"] = 0.9
with open("model.bin", "w") as file:
    file.write("weights")
artifact = wandb.Artifact("model", type="model")
artifact.add_file("model.bin")
run.log_artifact(artifact)
run.tags = run.tags + ("done",)
for wrong in ("text", {1: 2}):
    try:
        wandb.log(wrong)
    except TypeError as error:
        print("TypeError:", error)
print(run.name, sorted(run.config.keys()), run.config["lr"], run.config.seed)
wandb.finish()
try:
    wandb.log({"after": 1})
except wandb.Error as error:
    print("Error:", str(error)[:40])
sys.stdout.flush()
