"""wandb: runs, their config, metrics, media, summary, tags, names and artifacts."""
import os

from dbx_capture import keep, record

BY = "wandb"
#: What is known of each of its runs, by id.
_runs = {}


class _Known:
    def __init__(self, run):
        settings = run._settings
        self.name = record.name_of(BY, settings.run_id, settings.run_name or settings.run_id)
        #: Which metric is the step of which other ones: (name, or beginning before a star, of the other, its step).
        self.steps = []
        self.last = {}
        self.keys = set()
        self.config = {}
        self.step = 0


def _known(run):
    known = _runs.get(run._settings.run_id)
    if known is None:
        known = _runs[run._settings.run_id] = _Known(run)
    return known


def _started(_result, _before, run):
    settings = run._settings
    if settings.run_id in _runs:
        return
    known = _known(run)
    record.captured(
        BY,
        version=record.version_of(BY),
        events=known.name,
        run=settings.run_id,
        # That of a disabled run is made up where it was given none.
        name=None if settings.run_name == "dummy-" + settings.run_id else settings.run_name,
        tags=list(settings.run_tags or ()),
        notes=settings.run_notes,
        project=settings.project,
        group=settings.run_group,
        job=settings.run_job_type,
        folder=getattr(settings, "sync_dir", None),
    )
    _config(run, dict(run._config._as_dict()))


def _config(run, values):
    known = _known(run)
    news = {
        str(key): value
        for key, value in values.items()
        if key != "_wandb" and (key not in known.config or known.config[key] != value)
    }
    known.config.update(news)
    record.params(BY, news, known.name)


def _configured(_result, _before, run, key=None, val=None, data=None):
    if data is not None:
        return _config(run, dict(data))
    keys = (key,) if isinstance(key, str) else tuple(key or ())
    if keys and keys[0] != "_wandb":
        for name in reversed(keys):
            val = {name: val}
        _config(run, val)


def _before_log(run, data, *_args, **_kwargs):
    return run._local_step, dict(data)


def _logged(_result, before, run, data, step=None, commit=None):
    own, data = before
    known = _known(run)
    step = own if step is None else step
    kept = {str(key): _value(value, str(key), step) for key, value in data.items()}
    known.keys.update(kept)
    if not known.steps:
        return record.event(BY, known.name, kept, step)
    for key, value in kept.items():
        if isinstance(value, (int, float)):
            known.last[key] = value
    groups = {}
    for key, value in kept.items():
        groups.setdefault(_step_of(known, key, step), {})[key] = value
    for at, some in groups.items():
        record.event(BY, known.name, some, at)


def _started_disabled(_result, _before, run, *_args, **_kwargs):
    """A run of mode "disabled" tells nobody of its config."""
    _started(None, None, run)

    def configured(key=None, val=None, data=None):
        try:
            _configured(None, None, run, key, val, data)
        except Exception as error:
            record.failed(BY, "config", error)

    run._config._set_callback(configured)


def _logged_disabled(_result, _before, run, data, step=None, *_args, **_kwargs):
    """A run of mode "disabled" does not count steps."""
    known = _known(run)
    step = known.step if step is None else step
    known.step = step + 1
    _logged(None, (step, dict(data)), run, data, step)


def _step_of(known, key, step):
    """The step of a metric for which define_metric named another one: the last value of that."""
    for pattern, metric in known.steps:
        if metric != key and (key == pattern or pattern.endswith("*") and key.startswith(pattern[:-1])):
            return known.last.get(metric, step)
    # A metric that others take for their step stands where it says.
    return known.last.get(key, step) if any(metric == key for _, metric in known.steps) else step


def _value(value, key, step):
    """Media become files of the run, histograms values; all else stays for the writer."""
    if isinstance(value, (float, int, str)):
        return value
    if isinstance(value, dict):
        return {str(name): _value(item, "%s/%s" % (key, name), step) for name, item in value.items()}
    if isinstance(value, (list, tuple)) and value and (hasattr(value[0], "_path") or hasattr(value[0], "_dbx_media")):
        return [_value(item, "%s_%d" % (key, at), step) for at, item in enumerate(value)]
    if hasattr(value, "histogram") and hasattr(value, "bins"):
        return keep.histogram(value.histogram, value.bins)
    path = getattr(value, "_path", None)
    if path is not None and os.path.isfile(path):
        ending = getattr(value, "_extension", None) or os.path.splitext(path)[1]
        return keep.expfile(path, keep.place(key, step, ending))
    if type(value).__module__.startswith("wandb."):
        return _table(value, key, step) or {"type": type(value).__name__}
    return keep.picture(value, keep.place(key, step)) or value


def _table(value, key, step):
    """A table that has no file yet: that of a chart, or of a run that is disabled."""
    table = value if hasattr(value, "columns") else getattr(value, "table", None)
    if not hasattr(table, "columns") or not hasattr(table, "data"):
        return None
    import json

    from dbx_capture.values import plain

    text = json.dumps({"columns": plain(table.columns), "data": [plain(list(row)) for row in table.data]})
    return keep.expfile(text.encode(), keep.place(key, step, ".table.json"))


def _summary(_result, _before, run, summary_record):
    values = {}
    for item in summary_record.update:
        place = values
        for name in item.key[:-1]:
            place = place.setdefault(str(name), {})
        place[str(item.key[-1])] = item.value
    known = _known(run)
    # A series that the script logged keeps the points that it logged.
    new = {key: _value(value, key, "summary") for key, value in values.items() if key not in known.keys}
    if new:
        record.event(BY, known.name, new)
    record.fact("summary", BY, summary=values, events=known.name)


def _defined(_result, _before, run, name, step_metric=None, *_args, **_kwargs):
    metric = getattr(step_metric, "name", step_metric)
    if metric:
        steps = _known(run).steps
        steps[:] = [pair for pair in steps if pair[0] != name]
        steps.append((name, str(metric)))
        # A whole name goes before one with a star, and a longer before a shorter one.
        steps.sort(key=lambda pair: (pair[0].endswith("*"), -len(pair[0])))


def _artifact(result, _before, run, artifact_or_path, *_args, **_kwargs):
    artifact = result if hasattr(result, "manifest") else artifact_or_path
    name = getattr(artifact, "name", "artifact").split(":")[0]
    for entry in artifact.manifest.entries.values():
        path = getattr(entry, "local_path", None)
        if path and os.path.isfile(path):
            keep.copy(path, "artifacts/%s/%s" % (name, entry.path))
        elif getattr(entry, "ref", None):
            record.fact("captured", BY, artifact=name, reference=str(entry.ref))


def _saved(result, _before, run, *_args, **_kwargs):
    folder = run._settings.files_dir
    for path in result or ():
        if os.path.isfile(path):
            keep.copy(path, os.path.relpath(path, folder).replace(os.sep, "/"))


def _before_finish(run, *_args, **_kwargs):
    return _known(run).name


def _finished(_result, name, run, exit_code=None, *_args, **_kwargs):
    """The script says that it failed: its process may end well."""
    if exit_code:
        record.captured(BY, events=name, run=run._settings.run_id, status="failed", exit_code=exit_code)


def _say(label):
    def note(_result, _before, run, value):
        value = list(value) if label == "tags" else value
        record.captured(BY, events=_known(run).name, run=run._settings.run_id, **{label: value})

    return note


def _setter(cls, label):
    """Watches what is assigned to a property."""
    known = getattr(cls, label)
    holder = type("Holder", (), {"set": known.fset})
    record.after(BY, holder, "set", _say(label))
    setattr(cls, label, property(known.fget, holder.__dict__["set"], known.fdel, known.__doc__))


def watch(module):
    """Watches the class of runs."""
    if module.__name__ == "wandb.sdk.lib.noop_run":
        record.after(BY, module.NoopRun, "__init__", _started_disabled)
        record.after(BY, module.NoopRun, "log", _logged_disabled)
        record.after(BY, module.NoopRun, "define_metric", _defined)
        record.after(BY, module.NoopRun, "finish", _finished, _before_finish)
        return
    run = module.Run
    record.after(BY, run, "_log", _logged, _before_log)
    record.after(BY, run, "_on_ready", _started)
    record.after(BY, run, "_config_callback", _configured)
    record.after(BY, run, "_summary_update_callback", _summary)
    record.after(BY, run, "_define_metric", _defined)
    record.after(BY, run, "_log_artifact", _artifact)
    record.after(BY, run, "_save", _saved)
    record.after(BY, run, "_finish", _finished, _before_finish)
    for label in ("tags", "name", "notes"):
        _setter(run, label)
