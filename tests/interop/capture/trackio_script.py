import trackio

run = trackio.init(project="digits", name="first", config={"lr": 0.1, "net": {"layers": 2}})
for step in range(3):
    trackio.log({"train/loss": 1 / (step + 1), "gap": float("nan")})
trackio.log({"late": 2.5}, step=20)
trackio.log({"weights": trackio.Histogram([1, 2, 2, 3])})
trackio.finish()
