"""Prints what a folder .aim holds as lines of JSON. Opens its databases for reading only, and changes nothing."""

import json
import math
import os
import sys

from aim.storage.rockscontainer import RocksContainer

BATCH = 500


def plain(value):
    """A value as JSON: what JSON lacks is an object with one key."""
    if isinstance(value, float):
        return value if math.isfinite(value) else {"$float": repr(value)}
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "item"):
        return plain(value.item())
    if type(value).__name__ == "Text":
        return plain(value.data)
    return {"$unknown": type(value).__name__}


def say(**fields):
    sys.stdout.write(json.dumps(fields, allow_nan=False) + "\n")


def rows_of(sequence, version):
    """Steps with their values, times and epochs, in the order of the steps."""
    columns = {name: dict(sequence.array(name).items()) for name in ("val", "time", "epoch")}
    steps = dict(sequence.array("step").items()) if version == 2 else {key: key for key in columns["val"]}
    for key in sorted(columns["val"], key=lambda key: steps.get(key, 0)):
        yield [plain(steps.get(key))] + [plain(columns[name].get(key)) for name in ("val", "time", "epoch")]


def read(root, run):
    tree = RocksContainer(os.path.join(root, "meta", "chunks", run), read_only=True).tree()
    meta = tree.subtree(("meta", "chunks", run))
    attributes = {} if meta.get("attrs") is None else meta.subtree("attrs").collect()
    say(run=run, attributes=plain(attributes), end=plain(meta.get("end_time")))
    traces = meta.get("traces") or {}
    contexts = meta.get("contexts") or {}
    values = RocksContainer(os.path.join(root, "seqs", "chunks", run), read_only=True).tree()
    for context, names in traces.items():
        for name, about in names.items():
            version = about.get("version", 1)
            place = ("seqs", "v2", "chunks", run) if version == 2 else ("seqs", "chunks", run)
            head = {"run": run, "metric": name, "context": plain(contexts.get(context) or {}), "type": about.get("dtype")}
            batch = []
            for row in rows_of(values.subtree(place + (context, name)), version):
                batch.append(row)
                if len(batch) == BATCH:
                    say(**head, rows=batch)
                    batch = []
            if batch:
                say(**head, rows=batch)


root = sys.argv[1]
for run in sorted(os.listdir(os.path.join(root, "meta", "chunks"))):
    try:
        read(root, run)
    except Exception as error:
        say(run=run, problem=f"{type(error).__name__}: {error}")
