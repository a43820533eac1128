"""Lightning's own logger of CSV files; its other loggers go through the packages of those names."""
from dbx_capture import record
from dbx_capture.values import number

BY = "lightning"


def _name(writer):
    key = writer.log_dir
    fresh = (BY, key) not in record._names
    name = record.name_of(BY, key, str(writer.log_dir).rstrip("/").rsplit("/", 1)[-1])
    if fresh:
        record.captured(BY, events=name, folder=str(writer.log_dir))
    return name


def _before(writer, *_args, **_kwargs):
    return len(writer.metrics)


def _metrics(_result, before, writer, metrics_dict, step=None, *_args, **_kwargs):
    values = {"_step" if key == "step" else str(key): number(value) for key, value in metrics_dict.items()}
    record.event(BY, _name(writer), values, before if step is None else step)


def _hparams(_result, _before_call, writer, params, *_args, **_kwargs):
    record.params(BY, dict(params), _name(writer))


def watch(module):
    """Watches what a module of it has."""
    for cls in (getattr(module, "_ExperimentWriter", None), getattr(module, "ExperimentWriter", None)):
        if cls is None:
            continue
        if "log_metrics" in cls.__dict__:
            record.after(BY, cls, "log_metrics", _metrics, _before)
        if "log_hparams" in cls.__dict__:
            record.after(BY, cls, "log_hparams", _hparams)
