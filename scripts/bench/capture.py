"""What watching a call costs: blocks of calls to the package's own function and to the watched one, in turns, in one process.

Prints a line of JSON per package: microseconds of processor time of the calling thread per call, medians over the blocks.
"""
import json
import logging
import os
import statistics
import tempfile
import time

logging.disable(logging.CRITICAL)
os.chdir(tempfile.mkdtemp())
BLOCKS = 41


def measure(name, cls, method, call, calls):
    watched = getattr(cls, method)
    functions = {"own": watched.__wrapped__, "watched": watched}
    times = {kind: [] for kind in functions}
    step = 0
    for block in range(BLOCKS * 2):
        kind = ("own", "watched")[block % 2]
        setattr(cls, method, functions[kind])
        start = time.thread_time()
        for _ in range(calls):
            step += 1
            call(step)
        times[kind].append((time.thread_time() - start) / calls * 1e6)
    setattr(cls, method, watched)
    medians = {kind: statistics.median(some[2:]) for kind, some in times.items()}
    print(json.dumps({"name": name, **medians}), flush=True)


def wandb():
    import wandb

    run = wandb.init(project="bench", mode="offline", settings=wandb.Settings(silent=True))
    data = {"train/loss": 0.5, "train/acc": 0.25, "epoch": 3}
    measure("wandb.log", type(run), "_log", lambda step: run.log(data), 200)
    run.finish()


def tensorboard():
    from tensorboardX import SummaryWriter

    writer = SummaryWriter("logs")
    measure("SummaryWriter.add_scalar", SummaryWriter, "add_scalar", lambda step: writer.add_scalar("loss", 0.5, step), 1000)
    writer.close()


def mlflow():
    import mlflow

    with mlflow.start_run():
        client = mlflow.MlflowClient
        measure("mlflow.log_metric", client, "log_metric", lambda step: mlflow.log_metric("loss", 0.5, step=step), 30)


def trackio():
    import trackio

    run = trackio.init(project="bench")
    measure("trackio.log", type(run), "log", lambda step: run.log({"loss": 0.5, "acc": 0.25}), 200)
    trackio.finish()


for package in (wandb, tensorboard, mlflow, trackio):
    package()
