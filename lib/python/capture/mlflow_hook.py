"""MLflow: metrics, params, tags, artifacts and models of its client, through which its other functions go."""
import os
import sys

from dbx_capture import keep, record
from dbx_capture.values import number

BY = "mlflow"


def _name(run_id, run=None):
    """The name of the events of one of its runs. Nothing is asked of a server: a run that was not made here is known by its id."""
    name = record._names.get((BY, run_id))
    if name is None:
        label = getattr(getattr(run, "info", None), "run_name", None)
        tags = getattr(getattr(run, "data", None), "tags", None) or {}
        name = record.name_of(BY, run_id, label or run_id)
        labels = {key: value for key, value in tags.items() if not key.startswith("mlflow.")}
        record.captured(
            BY, version=record.version_of(BY), events=name, run=run_id, name=label, parent=tags.get("mlflow.parentRunId"),
            labels=labels or None,
        )
    return name


def _key(key):
    """The step is another key."""
    return "_step" if key == "step" else str(key)


def _metric(_result, _before, client, run_id, key, value, timestamp=None, step=None, *_args, **_kwargs):
    record.event(BY, _name(run_id), {_key(key): number(value)}, step, timestamp)


def _param(_result, _before, client, run_id, key, value, *_args, **_kwargs):
    record.params(BY, {str(key): value}, _name(run_id))


def _tag(_result, _before, client, run_id, key, value, *_args, **_kwargs):
    events = _name(run_id)
    if key == "mlflow.runName":
        record.captured(BY, events=events, run=run_id, name=str(value))
    elif key == "mlflow.note.content":
        record.captured(BY, events=events, run=run_id, notes=str(value))
    elif not str(key).startswith("mlflow."):
        record.captured(BY, events=events, run=run_id, labels={str(key): value})


def _batch(_result, _before, client, run_id, metrics=(), params=(), tags=(), *_args, **_kwargs):
    name = _name(run_id)
    groups = {}
    for metric in metrics:
        groups.setdefault((metric.step, metric.timestamp), []).append(metric)
    for (step, timestamp), some in groups.items():
        record.event(BY, name, {_key(metric.key): number(metric.value) for metric in some}, step, timestamp)
    record.params(BY, {str(param.key): param.value for param in params}, name)
    for tag in tags:
        _tag(None, None, client, run_id, tag.key, tag.value)


def _terminated(_result, _before, client, run_id, status=None, *_args, **_kwargs):
    if status in ("FAILED", "KILLED"):
        record.captured(BY, events=_name(run_id), run=run_id, status=status.lower())


def _started(result, _before, client, *_args, **_kwargs):
    _name(result.info.run_id, result)


def _below(folder, name):
    return "/".join(part for part in (folder, name) if part)


def _before_artifact(_client, _run_id, local_path, artifact_path=None, *_args, **_kwargs):
    # MLflow may remove it once it has it.
    keep.copy(local_path, _below(artifact_path, os.path.basename(os.path.normpath(str(local_path)))))


def _before_artifacts(_client, _run_id, local_dir, artifact_path=None, *_args, **_kwargs):
    keep.copy(local_dir, artifact_path or "artifacts")


def _before_model(_client, model_id, local_path, *_args, **_kwargs):
    keep.copy(local_path, _below("models/" + str(model_id), os.path.basename(os.path.normpath(str(local_path)))))


def _before_models(_client, model_id, local_dir, *_args, **_kwargs):
    keep.copy(local_dir, "models/" + str(model_id))


def _nothing(*_args, **_kwargs):
    pass


def _params(_result, _before, params, synchronous=None, run_id=None, *_args, **_kwargs):
    if run_id is None:
        # It has begun a run where there was none.
        run_id = sys.modules["mlflow.tracking.fluent"].active_run().info.run_id
    record.params(BY, dict(params), _name(run_id))


def watch(module):
    """Watches the class of clients, and the function that makes texts of params before it gives them to a client."""
    if module.__name__ == "mlflow.tracking.fluent":
        record.after(BY, module, "log_params", _params)
        return
    client = module.MlflowClient
    for name, note in (
        ("create_run", _started),
        ("log_metric", _metric),
        ("log_param", _param),
        ("set_tag", _tag),
        ("log_batch", _batch),
        ("set_terminated", _terminated),
    ):
        record.after(BY, client, name, note)
    for name, before in (
        ("log_artifact", _before_artifact),
        ("log_artifacts", _before_artifacts),
        ("log_model_artifact", _before_model),
        ("log_model_artifacts", _before_models),
    ):
        if hasattr(client, name):
            record.after(BY, client, name, _nothing, before)
