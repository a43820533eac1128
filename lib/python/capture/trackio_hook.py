"""Trackio: runs with their config, metrics, tables, media and artifacts."""
import os

from dbx_capture import keep, record

BY = "trackio"


def _started(_result, _before, run, *_args, **_kwargs):
    name = record.name_of(BY, run.id, run.name)
    record.captured(
        BY, version=record.version_of(BY), events=name, run=run.id, name=run.name, project=run.project, group=run.group
    )
    values = {key: value for key, value in dict(run.config or {}).items() if not str(key).startswith("_")}
    record.params(BY, values, name)


def _before_log(run, metrics, *_args, **_kwargs):
    return run._next_step, dict(metrics)


def _logged(_result, before, run, metrics, step=None, *_args, **_kwargs):
    own, metrics = before
    step = own if step is None else step
    record.event(
        BY, record.name_of(BY, run.id, run.name),
        {str(key): _value(value, str(key), step, run) for key, value in metrics.items()},
        step,
    )


def _value(value, key, step, run):
    if isinstance(value, (float, int, str)):
        return value
    path = getattr(value, "_file_path", None)
    if path is not None:
        whole = next((place for place in _places(path, run) if os.path.isfile(place)), None)
        if whole is not None:
            return keep.expfile(whole, keep.place(key, step, os.path.splitext(whole)[1]))
    if hasattr(value, "histogram") and hasattr(value, "bins"):
        return keep.histogram(value.histogram, value.bins)
    if hasattr(value, "_to_dict") and hasattr(value, "data"):
        import json

        from dbx_capture.values import plain

        rows = value.data.to_dict("records") if hasattr(value.data, "to_dict") else value.data
        return keep.expfile(json.dumps(plain(rows)).encode(), keep.place(key, step, ".table.json"))
    return keep.picture(value, keep.place(key, step)) or value


def _places(path, _run):
    yield str(path)
    from trackio import utils

    yield os.path.join(str(utils.MEDIA_DIR), str(path))


def _artifact(_result, _before, _run, artifact_or_path, *_args, **kwargs):
    path = artifact_or_path if isinstance(artifact_or_path, (str, os.PathLike)) else None
    if path is not None:
        name = kwargs.get("name") or os.path.basename(os.path.normpath(str(path)))
        keep.copy(path, "artifacts/" + str(name))
        return
    for name, entry in dict(getattr(artifact_or_path, "_files", {})).items():
        keep.copy(entry, "artifacts/%s/%s" % (artifact_or_path.name, name))


def watch(module):
    """Watches the class of runs."""
    run = module.Run
    record.after(BY, run, "__init__", _started)
    record.after(BY, run, "log", _logged, _before_log)
    record.after(BY, run, "log_artifact", _artifact)
