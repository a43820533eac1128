"""Writes files with a real package (write KIND FOLDER), or prints what that package reads back (read KIND FOLDER)."""

import json
import math
import os
import sys

mode, kind, folder = sys.argv[1:4]
os.makedirs(folder, exist_ok=True)
os.chdir(folder)
os.environ.update(MLFLOW_ALLOW_FILE_STORE="true", TRACKIO_DIR=folder + "/trackio", GIT_PYTHON_REFRESH="quiet")


def values():
    for step in range(30):
        yield step, math.exp(-step / 20), {7: math.nan, 8: math.inf, 9: -math.inf}.get(step, step / 50)


def special(value):
    if isinstance(value, float) and not math.isfinite(value):
        return {"_dbx": "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"}
    return value


def say(run, params, points, **more):
    points = {name: [[step, special(value), *rest] for step, value, *rest in rows] for name, rows in points.items()}
    print(json.dumps({"run": run, "params": params, "points": points, **more}, allow_nan=False))


def write_mlflow():
    import mlflow

    mlflow.set_tracking_uri("sqlite:///mlflow.db" if kind == "mlflow" else f"file://{folder}/mlruns")
    mlflow.set_experiment("vision/p")
    with mlflow.start_run(run_name="parent"):
        mlflow.log_params({"lr": 0.1, "small": 1e-05, "n": 3, "on": True, "none": None, "version": "1.10", "text": "x\ny"})
        mlflow.set_tags({"team": "a", "mlflow.note.content": "a\nnote", "mlflow.source.git.commit": "c" * 40})
        for step, loss, acc in values():
            mlflow.log_metrics({"loss": loss, "val/acc": acc}, step=step)
        mlflow.log_text("hello", "notes/a.txt")
        with mlflow.start_run(run_name="child", nested=True):
            mlflow.log_metric("m", 1, step=-3)
    with mlflow.start_run(run_name="dead") as run:
        mlflow.log_metric("m", 2)
    mlflow.delete_run(run.info.run_id)
    try:
        with mlflow.start_run(run_name="fails"):
            raise ValueError("x")
    except ValueError:
        pass


def read_mlflow():
    from mlflow.entities import ViewType
    from mlflow.tracking import MlflowClient

    client = MlflowClient("sqlite:///mlflow.db" if kind == "mlflow" else f"file://{folder}/mlruns")
    experiments = [e.experiment_id for e in client.search_experiments()]
    for run in client.search_runs(experiments, run_view_type=ViewType.ALL):
        points = {
            name: [[m.step, m.value, m.timestamp] for m in client.get_metric_history(run.info.run_id, name)]
            for name in run.data.metrics
        }
        more = {"status": run.info.status, "stage": run.info.lifecycle_stage, "start": run.info.start_time}
        say(run.info.run_id, run.data.params, points, tags=run.data.tags, **more)


def write_trackio():
    import trackio

    for name in ("one", "two"):
        trackio.init(project="proj", name=name, config={"lr": 0.1, "layers": [1, 2], "bad": math.nan})
        for step, loss, acc in values():
            trackio.log({"loss": loss, "acc": acc, "note": "hi"})
        trackio.log_system({"gpu": 0.5})
        trackio.finish()


def read_trackio():
    from trackio.sqlite_storage import SQLiteStorage

    for record in SQLiteStorage.get_run_records("proj"):
        logs = SQLiteStorage.get_logs("proj", record["name"], run_id=record["id"])
        points = {name: [[log["step"], log[name]] for log in logs if name in log] for name in ("loss", "acc", "note")}
        config = SQLiteStorage.get_run_config("proj", record["name"], run_id=record["id"])
        config = {key: special(value) for key, value in config.items() if not key.startswith("_")}
        say(record["id"], config, points)


def write_swanlab():
    import swanlab

    swanlab.init(project="p", experiment_name="one", description="desc", tags=["a", "b"], mode="offline", logdir="swanlog", config={"lr": 0.1, "layers": [1, 2]})
    for step, loss, acc in values():
        swanlab.log({"loss": loss, "val/acc": acc}, step=step)
    swanlab.log({"words": swanlab.Text("hi", caption="c")}, step=3)
    print("a printed line")
    swanlab.finish()


def read_swanlab():
    from pathlib import Path

    from swanlab.proto.swanlab.record.v1.record_pb2 import Record
    from swanlab.sdk.internal.core_python.store import DataStoreReader

    for path in Path("swanlog").glob("*/run-*.swanlab"):
        reader = DataStoreReader()
        reader.open(path)
        points, run, printed = {}, None, []
        for data in reader:
            record = Record.FromString(data)
            which = record.WhichOneof("record_type")
            if which == "start":
                run = record.start
            elif which == "scalar":
                scalar = record.scalar
                milliseconds = scalar.timestamp.seconds * 1000 + scalar.timestamp.nanos // 1000000
                points.setdefault(scalar.key, []).append([scalar.step, scalar.value.number, milliseconds])
            elif which == "log":
                printed.append(record.log.line)
        say(run.id, {"lr": 0.1, "layers": [1, 2]}, points, tags=list(run.tags), printed=printed)


def write_aim():
    from aim import Run, Text

    run = Run(repo=".", experiment="p", system_tracking_interval=None, capture_terminal_logs=False)
    run["hparams"] = {"lr": 0.1, "layers": [1, 2], "bad": math.nan}
    run.name = "one"
    run.add_tag("a")
    for step, loss, acc in values():
        run.track(loss, name="loss", step=step, epoch=step // 10, context={"subset": "train"})
        run.track(acc, name="acc", step=step)
    run.track(Text("hello"), name="words", step=1)
    run.close()


def read_aim():
    from aim import Repo, Run
    from aim.sdk.index_manager import RepoIndexManager

    repo = Repo(".")
    for hash in repo.list_all_runs():
        RepoIndexManager.get_index_manager(repo).index(hash)
    repo = Repo(".")
    for hash in repo.list_all_runs():
        run = Run(hash, repo=repo, read_only=True)
        points = {}
        for metric in run.metrics():
            steps, (numbers, epochs, _times) = metric.data.numpy()
            name = "/".join([*metric.context.to_dict().values(), metric.name])
            points[name] = [[int(step), float(value)] for step, value in zip(steps, numbers)]
        say(hash, {"hparams": {"lr": 0.1, "layers": [1, 2], "bad": special(run["hparams"]["bad"])}}, points, name=run.name, tags=run.tags)


def write_sacred():
    from sacred import Experiment
    from sacred.observers import FileStorageObserver

    experiment = Experiment("my exp", save_git_info=False)
    experiment.observers.append(FileStorageObserver("runs"))
    experiment.add_config(lr=0.1, nested={"a": [1, 2]})

    @experiment.main
    def main(_run):
        print("hello")
        for step, loss, acc in values():
            _run.log_scalar("loss", loss, step)
            _run.log_scalar("val.acc", acc, step)
        with open("art.txt", "w") as file:
            file.write("art")
        _run.add_artifact("art.txt")
        _run.info["best"] = 3
        return 42

    experiment.run()


def read_sacred():
    with open("runs/1/config.json") as file:
        config = json.load(file)
    with open("runs/1/metrics.json") as file:
        metrics = json.load(file)
    points = {name: list(zip(series["steps"], series["values"])) for name, series in metrics.items()}
    say("1", config, points)


globals()[f"{mode}_{'mlflow' if kind == 'mlruns' else kind}"]()
