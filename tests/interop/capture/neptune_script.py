import neptune
from neptune.types import File

run = neptune.init_run(mode="offline", name="first", tags=["baseline"], capture_hardware_metrics=False)
run["parameters"] = {"lr": 0.1, "net": {"layers": 2}}
run["parameters/seed"] = 1
for step in range(3):
    run["train/loss"].append(1 / (step + 1), step=step)
run["train/acc"].extend([0.25, 0.5], steps=[5, 6])
run["sys/tags"].add(["cpu"])
with open("model.bin", "w") as file:
    file.write("weights")
run["model"].upload("model.bin")
run["about"].upload(File.from_content("it"))
run.stop()
