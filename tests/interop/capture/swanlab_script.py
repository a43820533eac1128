import swanlab

swanlab.init(project="digits", experiment_name="first", tags=["baseline"], config={"lr": 0.1, "net": {"layers": 2}}, mode="offline")
for step in range(3):
    swanlab.log({"train/loss": 1 / (step + 1), "train": {"acc": step / 4}})
swanlab.log({"late": 2.5}, step=20)
swanlab.log({"about": swanlab.Text("it")})
swanlab.config.seed = 1
swanlab.finish()
