"""SwanLab: runs with their config, metrics and media."""
from dbx_capture import keep, record

BY = "swanlab"


def _known(run):
    key = run.id
    fresh = (BY, key) not in record._names
    settings = run._ctx.config.settings
    name = record.name_of(BY, key, settings.experiment.name or key)
    if fresh:
        experiment = settings.experiment
        record.captured(
            BY,
            version=record.version_of(BY),
            events=name,
            run=key,
            name=experiment.name,
            tags=list(getattr(experiment, "tags", None) or ()),
            notes=getattr(experiment, "description", None),
            project=settings.project.name,
        )
    return name


_config = {}


def _configured(_result, _before, config):
    news = {key: value for key, value in config._config.items() if key not in _config or _config[key] != value}
    _config.update(news)
    record.params(BY, news)


def _started(_result, _before, run, *_args, **_kwargs):
    _known(run)


def _before_log(run, data, *_args, **_kwargs):
    return dict(data)


def _logged(_result, before, run, data, step=None, *_args, **_kwargs):
    name = _known(run)
    step = run._ctx._global_step if step is None else step
    record.event(BY, name, {str(key): _value(value, str(key), step) for key, value in before.items()}, step)


def _value(value, key, step):
    if isinstance(value, (float, int, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [_value(item, "%s_%d" % (key, at), step) for at, item in enumerate(value)]
    if isinstance(value, dict):
        return {str(name): _value(item, "%s/%s" % (key, name), step) for name, item in value.items()}
    if isinstance(getattr(value, "content", None), str):
        return value.content
    buffer = getattr(value, "buffer", None)
    if hasattr(buffer, "getvalue"):
        ending = getattr(value, "file_type", None) or getattr(value, "format", None) or "bin"
        return keep.expfile(buffer.getvalue(), keep.place(key, step, ".%s" % ending))
    return keep.picture(value, keep.place(key, step)) or value


def watch(module):
    """Watches the class of runs, and that of configs, which tells of each change."""
    if module.__name__.endswith("config"):
        record.after(BY, module.Config, "_flush", _configured)
        return
    run = module.Run
    record.after(BY, run, "__init__", _started)
    record.after(BY, run, "_log_impl", _logged, _before_log)
