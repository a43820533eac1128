import mlflow

mlflow.set_experiment("digits")
with mlflow.start_run(run_name="first", tags={"team": "a"}) as run:
    mlflow.log_param("lr", 0.1)
    mlflow.log_params({"layers": 2, "name": "net"})
    for step in range(3):
        mlflow.log_metric("train/loss", 1 / (step + 1), step=step)
        mlflow.log_metrics({"acc": step / 4, "gap": float("nan")}, step=step)
    mlflow.log_metric("later", 1.5, step=3, synchronous=False)
    mlflow.flush_async_logging()
    mlflow.set_tag("stage", "try")
    with open("model.bin", "w") as file:
        file.write("weights")
    mlflow.log_artifact("model.bin", "best")
    mlflow.log_text("about it", "about.txt")
    with mlflow.start_run(run_name="inner", nested=True):
        mlflow.log_metric("train/loss", 7.0, step=0)
    try:
        mlflow.log_metric("bad name!?", 1.0)
    except mlflow.MlflowException as error:
        print("MlflowException")
print(mlflow.get_run(run.info.run_id).data.metrics["acc"])
