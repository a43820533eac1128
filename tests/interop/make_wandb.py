"""Makes an offline run with the package wandb, or prints the records of a run's file as its own classes read them, as JSON lines."""
import json, math, os, struct, sys, zlib


def write(folder):
    os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true", WANDB_DIR=folder)
    import numpy, wandb

    config = {"lr": 0.1, "layers": [1, 2], "nested": {"x": 1.5, "y": None, "z": True}, "s": "text ☃", "big": 10**20, "inf": math.inf}
    run = wandb.init(project="proj", name="my run", group="g", job_type="train", tags=["a", "b"], notes="some notes", config=config)
    print("a line")
    print("an error", file=sys.stderr)
    run.config.update({"late": 5})
    for i in range(20):
        loss = math.nan if i == 7 else math.inf if i == 8 else math.exp(-i / 20)
        run.log({"loss": loss, "n": i, "nested": {"a": i, "b": "t"}, "text": "hi", "flag": True, "none": None, "long": 2**60 + i})
    run.config.update({"after": 7})
    run.log({"histogram": wandb.Histogram(numpy.arange(10.0))})
    run.log({"image": wandb.Image(numpy.zeros((4, 4, 3), dtype=numpy.uint8), caption="a caption"), "table": wandb.Table(columns=["a", "b"], data=[[1, "x"], [2.5, "y"]])})
    run.log({"step": "own", "x": 1}, step=50)
    run.define_metric("acc", step_metric="epoch", summary="max")
    run.log({"acc": 0.5, "epoch": 1})
    run.summary["best"] = 0.9
    path = os.path.join(folder, "model.txt")
    with open(path, "w") as file:
        file.write("weights")
    artifact = wandb.Artifact("model", "model", metadata={"k": 1})
    artifact.add_file(path)
    run.log_artifact(artifact)
    run.alert("a title", "a text")
    run.finish(exit_code=3)


def records(path):
    data = open(path, "rb").read()
    at, parts = 7, b""
    while at + 7 <= len(data):
        left = 32768 - at % 32768
        if left < 7:
            at += left
            continue
        crc, size, kind = struct.unpack("<IHB", data[at : at + 7])
        piece = data[at + 7 : at + 7 + size]
        assert zlib.crc32(bytes([kind]) + piece) == crc
        at += 7 + size
        parts += piece
        if kind in (1, 4):
            yield parts
            parts = b""


def read(path):
    from wandb.proto import wandb_internal_pb2

    for data in records(path):
        record = wandb_internal_pb2.Record()
        record.ParseFromString(data)
        kind = record.WhichOneof("record_type")
        row = {"kind": kind}
        if kind == "history":
            row["step"] = record.history.step.num
            row["items"] = [[list(i.nested_key) or [i.key], json.loads(i.value_json)] for i in record.history.item]
        elif kind == "stats":
            row["items"] = [[[i.key], json.loads(i.value_json)] for i in record.stats.item]
        elif kind == "output_raw":
            row["text"] = record.output_raw.line
        print(json.dumps(row))


if __name__ == "__main__":
    write(sys.argv[2]) if sys.argv[1] == "write" else read(sys.argv[2])
