"""Costs of a call that logs three numbers, in turns: microseconds of the calling process, of the clock and of its processor."""
import json
import os
import statistics
import sys
import tempfile
import time

folder = tempfile.mkdtemp(prefix="dbx-bench-")
os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true", WANDB_DIR=folder, DBX_REPO="", RANK="")
import dbxlogger  # noqa: E402

ROUNDS = 7


def data(i):
    return {"loss": 1 / (i + 1), "acc": i / 1000, "lr": 0.001}


def loop_of(call, count):
    def loop():
        clock, processor = time.perf_counter(), time.process_time()
        for i in range(count):
            call(i)
        return (time.perf_counter() - clock) / count * 1e6, (time.process_time() - processor) / count * 1e6

    return loop


fd = os.open(os.path.join(folder, "plain.jsonl"), os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def plain(i):
    line = {"event": "log", "ts": time.time_ns() // 1000000, "step": i, **data(i)}
    os.write(fd, (json.dumps(line) + "\n").encode())


run = dbxlogger.init(repo=os.path.join(folder, "repo"), git=False, strict=True)
logger = run.logger("other")
loops = {
    "json.dumps and write": loop_of(plain, 50_000),
    "dbxlogger run.log": loop_of(lambda i: run.log(data(i), step=i), 50_000),
    "dbxlogger logger": loop_of(lambda i: logger("train", data(i)), 50_000),
}
try:
    import wandb

    other = wandb.init(project="bench", dir=folder)
    loops[f"wandb {wandb.__version__} run.log"] = loop_of(lambda i: other.log(data(i)), 2000)
except ImportError:
    print("wandb is not installed", file=sys.stderr)
try:
    import logging

    logging.disable(logging.WARNING)
    import mlflow

    mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
    mlflow.start_run()
    loops[f"mlflow {mlflow.__version__} log_metrics"] = loop_of(lambda i: mlflow.log_metrics(data(i), step=i), 50)
except ImportError:
    print("mlflow is not installed", file=sys.stderr)

taken = {name: [] for name in loops}
for turn in range(ROUNDS + 1):
    for name, loop in loops.items():
        times = loop()
        if turn > 0:
            taken[name].append(times)
medians = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in taken.items()}
print(json.dumps({"python": sys.version.split()[0], "folder": folder, "medians": medians}), flush=True)
# The others close at their leisure; nothing more is measured.
run.finish()
os._exit(0)
