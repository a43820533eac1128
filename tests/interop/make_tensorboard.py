"""Writes event files with the package tensorboard, and prints what the package itself reads back, as JSON lines."""
import json, math, struct, sys, time

from tensorboard.backend.event_processing import event_file_loader
from tensorboard.compat.proto import event_pb2, graph_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2
from tensorboard.plugins.hparams import summary_v2 as hparams
from tensorboard.plugins.hparams import plugin_data_pb2
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.util import tensor_util
import numpy

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000a49444154789c63000100000500010d0a2db40000000049454e44ae426082")


def value(tag, **fields):
    return summary_pb2.Summary.Value(tag=tag, **fields)


def metadata(plugin, content=b""):
    data = summary_pb2.SummaryMetadata.PluginData(plugin_name=plugin, content=content)
    return summary_pb2.SummaryMetadata(plugin_data=data)


def tensor(array):
    return tensor_util.make_tensor_proto(array)


def write(folder, points):
    writer = EventFileWriter(folder)
    at = 1700000000.25

    def add(step, *values, **fields):
        nonlocal at
        at += 0.125
        summary = summary_pb2.Summary(value=values) if values else None
        writer.add_event(event_pb2.Event(step=step, wall_time=at, summary=summary, **fields))

    start = hparams.hparams_pb({"lr": 0.1, "layers": 3, "optimizer": "adam", "nesterov": True, "gamma": float("inf")}, start_time_secs=1700000000)
    for v in start.value:
        add(0, v)
    for i in range(points):
        loss = math.exp(-i / 20)
        if i == 7:
            loss = math.nan
        if i == 8:
            loss = -math.inf
        add(i, value("train/loss", simple_value=loss))
        meta = {"metadata": metadata("scalars")} if i == 0 else {}
        add(i, value("train/acc", tensor=tensor(numpy.float32(i / 8)), **meta))
    add(3, value("several/a", simple_value=1.0), value("several/b", simple_value=2.5))
    add(-1, value("negative", simple_value=-0.0))
    add(2**40, value("large step", simple_value=3.0))
    add(1, value("words", tensor=tensor(numpy.array([b"hello \xe2\x98\x83"], dtype=object)), metadata=metadata("text")))
    add(1, value("one word", tensor=tensor("x"), metadata=metadata("text")))
    add(2, value("old image", image=summary_pb2.Summary.Image(height=1, width=1, colorspace=4, encoded_image_string=PNG)))
    add(2, value("new image", tensor=tensor(numpy.array([b"1", b"1", PNG, PNG + b"x"], dtype=object)), metadata=metadata("images")))
    add(2, value("sound", audio=summary_pb2.Summary.Audio(sample_rate=44100, num_channels=2, length_frames=10, encoded_audio_string=b"RIFF1234", content_type="audio/wav")))
    add(4, value("old histogram", histo=summary_pb2.HistogramProto(min=-1, max=2, num=3, sum=1.5, sum_squares=5, bucket_limit=[0, 1, 2], bucket=[1, 0, 2])))
    add(4, value("new histogram", tensor=tensor(numpy.array([[0.0, 1.0, 5.0], [1.0, 2.0, 7.0]])), metadata=metadata("histograms")))
    for dtype in ["float32", "float64", "float16", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "bool"]:
        add(5, value(f"tensor/{dtype}", tensor=tensor(numpy.array([[0, 1], [1, 100 if dtype != "bool" else 1]], dtype=dtype))))
    add(6, graph_def=graph_pb2.GraphDef().SerializeToString() or b"\x12\x00")
    add(6, log_message=event_pb2.LogMessage(level=20, message="a message"))
    add(6, session_log=event_pb2.SessionLog(status=1))
    for v in hparams.session_end_pb("STATUS_SUCCESS", end_time_secs=1700000100).value if hasattr(hparams, "session_end_pb") else []:
        add(9, v)
    writer.close()
    return writer


def plain(array):
    if array.dtype == object:
        return [x.decode("utf-8", "replace") for x in array.ravel()]
    return [repr(x) if isinstance(x, float) and not math.isfinite(x) else x for x in array.ravel().tolist()]


def read(path):
    for event in event_file_loader.LegacyEventFileLoader(path).Load():
        for v in event.summary.value:
            row = {"tag": v.tag, "step": event.step, "ts": math.floor(event.wall_time * 1000)}
            kind = v.WhichOneof("value")
            if kind == "simple_value":
                row["value"] = plain(numpy.array([v.simple_value]))[0]
            elif kind == "tensor":
                array = tensor_util.make_ndarray(v.tensor)
                row.update(shape=list(array.shape), values=plain(array))
            print(json.dumps(row))


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(sys.argv[2], int(sys.argv[3]))
    else:
        read(sys.argv[2])
