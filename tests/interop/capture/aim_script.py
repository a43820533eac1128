import aim

run = aim.Run(repo=".", experiment="digits", system_tracking_interval=None, capture_terminal_logs=False)
run["hparams"] = {"lr": 0.1, "net": {"layers": 2}}
run.name = "first"
run.add_tag("baseline")
for step in range(3):
    run.track(1 / (step + 1), name="train/loss", step=step)
    run.track(2 / (step + 1), name="train/loss", step=step, context={"subset": "val"})
run.track({"a": 1.0, "b": 2.0}, step=3)
run.track(aim.Text("it"), name="about", step=1)
run.close()
