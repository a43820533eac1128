import comet_ml

experiment = comet_ml.OfflineExperiment(
    api_key="x" * 25, project_name="digits", offline_directory=".", log_code=False, log_git_metadata=False, log_env_details=False
)
experiment.set_name("first")
experiment.add_tag("baseline")
experiment.add_tags(["cpu"])
experiment.log_parameter("lr", 0.1)
experiment.log_parameters({"net": {"layers": 2}})
for step in range(3):
    experiment.log_metric("train/loss", 1 / (step + 1), step=step, epoch=1)
experiment.log_metrics({"a": 1.0, "b": 2.0}, step=3)
with experiment.validate():
    experiment.log_metric("acc", 0.5, step=4)
with open("model.bin", "w") as file:
    file.write("weights")
experiment.log_asset("model.bin")
experiment.end()
