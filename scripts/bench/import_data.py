"""Writes many values with a real package (write KIND FOLDER COUNT), or reads all of them with it (read KIND FOLDER)."""

import os
import sys

mode, kind, folder = sys.argv[1:4]
os.makedirs(folder, exist_ok=True)
os.chdir(folder)
os.environ.update(TRACKIO_DIR=folder, GIT_PYTHON_REFRESH="quiet")


def write_mlflow(count):
    from mlflow.entities import Metric
    from mlflow.tracking import MlflowClient

    client = MlflowClient("sqlite:///mlflow.db")
    run = client.create_run(client.create_experiment("p")).info.run_id
    for start in range(0, count, 1000):
        client.log_batch(run, [Metric("loss", step / 7, 1700000000000 + step, step) for step in range(start, start + 1000)])


def read_mlflow():
    from mlflow.tracking import MlflowClient

    client = MlflowClient("sqlite:///mlflow.db")
    for run in client.search_runs([e.experiment_id for e in client.search_experiments()]):
        for key in run.data.metrics:
            client.get_metric_history(run.info.run_id, key)


def write_trackio(count):
    from trackio.sqlite_storage import SQLiteStorage

    for start in range(0, count, 1000):
        rows = [{"loss": step / 7, "acc": step / 11} for step in range(start, start + 1000)]
        SQLiteStorage.bulk_log("p", "one", rows, steps=list(range(start, start + 1000)), config={"lr": 0.1})


def read_trackio():
    from trackio.sqlite_storage import SQLiteStorage

    for record in SQLiteStorage.get_run_records("p"):
        SQLiteStorage.get_logs("p", record["name"], run_id=record["id"])


def write_swanlab(count):
    import swanlab

    swanlab.init(project="p", mode="offline", logdir="swanlog", config={"lr": 0.1})
    for step in range(count):
        swanlab.log({"loss": step / 7}, step=step)
    swanlab.finish()


def read_swanlab():
    from pathlib import Path

    from swanlab.proto.swanlab.record.v1.record_pb2 import Record
    from swanlab.sdk.internal.core_python.store import DataStoreReader

    for path in Path("swanlog").glob("*/run-*.swanlab"):
        reader = DataStoreReader()
        reader.open(path)
        for data in reader:
            record = Record.FromString(data)
            if record.WhichOneof("record_type") == "scalar":
                _ = (record.scalar.key, record.scalar.step, record.scalar.value.number)


globals()[f"{mode}_{kind}"](*map(int, sys.argv[4:]))
