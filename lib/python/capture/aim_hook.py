"""Aim: what runs track, their meta-parameters, tags, names and artifacts."""
from dbx_capture import keep, record

BY = "aim"


def _name(run):
    fresh = (BY, run.hash) not in record._names
    name = record.name_of(BY, run.hash, run.hash)
    if fresh:
        record.captured(BY, version=_version(), events=name, run=run.hash)
    return name


def _version():
    from aim.__version__ import __version__

    return __version__


def _event(run, context):
    """Values of another context are another series."""
    name = _name(run)
    if not context:
        return name
    return name + "/" + ",".join("%s=%s" % pair for pair in sorted(dict(context).items()))


def _tracked(_result, _before, run, value, name=None, step=None, epoch=None, *_args, context=None, **_kwargs):
    if name is None and isinstance(value, dict):
        data = {str(key): _value(item, str(key), step) for key, item in value.items()}
    else:
        key = str(name if name is not None else getattr(value, "name", None) or "value")
        data = {key: _value(value, key, step)}
    if "step" in data:
        data["_step"] = data.pop("step")
    if epoch is not None:
        data.setdefault("epoch", epoch)
    record.event(BY, _event(run, context), data, step)


def _value(value, key, step):
    if isinstance(value, (list, tuple)):
        return [_value(item, "%s_%d" % (key, at), step) for at, item in enumerate(value)]
    kind = type(value).__name__
    where = keep.place(key, step)
    if type(value).__module__.startswith("aim."):
        if kind == "Image":
            return keep.picture(value.to_pil_image(), where)
        if kind == "Text":
            return value.data
        if kind == "Distribution":
            weights, edges = value.to_np_histogram()
            return keep.histogram(weights, edges)
        if kind == "Audio":
            return keep.expfile(value.to_io().getvalue(), where + "." + str(value.format))
        return {"type": kind}
    return keep.picture(value, where) or value


def _set(_result, _before, run, key, value, *_args, **_kwargs):
    record.params(BY, dict(value) if key is Ellipsis else {str(key): value}, _name(run))


def _tag(_result, _before, run, value, *_args, **_kwargs):
    record.captured(BY, events=_name(run), run=run.hash, tags=[str(value)])


def _before_artifact(run, path, name=None, *_args, **_kwargs):
    import os

    _name(run)
    keep.copy(path, "artifacts/" + str(name or os.path.basename(os.path.normpath(str(path)))))


def _nothing(*_args, **_kwargs):
    pass


def _setter(cls, label, key):
    """Watches what is assigned to a property."""
    known = getattr(cls, label)
    holder = type("Holder", (), {"set": known.fset})

    def note(_result, _before, run, value):
        if value is not None and hasattr(run, "hash"):
            record.captured(BY, events=_name(run), run=run.hash, **{key: str(value)})

    record.after(BY, holder, "set", note)
    setattr(cls, label, property(known.fget, holder.__dict__["set"], known.fdel, known.__doc__))


def watch(module):
    """Watches the class of runs."""
    run = module.BasicRun
    record.after(BY, run, "track", _tracked)
    record.after(BY, run, "__setitem__", _set)
    record.after(BY, run, "set", _set)
    record.after(BY, module.StructuredRunMixin, "add_tag", _tag)
    record.after(BY, run, "log_artifact", _nothing, _before_artifact)
    record.after(BY, run, "log_artifacts", _nothing, _before_artifact)
    _setter(module.StructuredRunMixin, "name", "name")
    _setter(module.StructuredRunMixin, "description", "notes")
