"""Comet: metrics, parameters, tags, names, assets and images of experiments."""
import os

from dbx_capture import keep, record
from dbx_capture.values import number

BY = "comet_ml"


def _name(experiment):
    key = getattr(experiment, "id", None) or id(experiment)
    fresh = (BY, key) not in record._names
    name = record.name_of(BY, key, getattr(experiment, "name", None) or str(key))
    if fresh:
        record.captured(
            BY,
            version=record.version_of(BY),
            events=name,
            run=str(key),
            name=getattr(experiment, "name", None),
            project=getattr(experiment, "project_name", None),
        )
    return name


def _step(experiment, step):
    return getattr(experiment, "curr_step", None) if step is None else step


def _prefixed(experiment, name, include_context=True):
    """With the context in which it was logged, such as train, before it."""
    context = getattr(experiment, "context", None)
    return "%s_%s" % (context, name) if context and include_context else str(name)


def _data(experiment, values, epoch, include_context):
    data = {_prefixed(experiment, key, include_context): value for key, value in values.items()}
    if "step" in data:
        data["_step"] = data.pop("step")
    if epoch is not None:
        data.setdefault("epoch", epoch)
    return data


def _metric(_result, _before, experiment, name, value, step=None, epoch=None, include_context=True, *_args, **_kwargs):
    data = _data(experiment, {name: number(value)}, epoch, include_context)
    record.event(BY, _name(experiment), data, _step(experiment, step))


def _metrics(_result, _before, experiment, dic, prefix=None, step=None, epoch=None, include_context=True, *_args, **_kwargs):
    values = {key if prefix is None else "%s_%s" % (prefix, key): value for key, value in dic.items()}
    record.event(BY, _name(experiment), _data(experiment, values, epoch, include_context), _step(experiment, step))


def _parameter(_result, _before, experiment, name, value, *_args, **_kwargs):
    record.params(BY, {_prefixed(experiment, name): value}, _name(experiment))


def _parameters(_result, _before, experiment, parameters, prefix=None, *_args, **_kwargs):
    values = {key if prefix is None else "%s_%s" % (prefix, key): value for key, value in dict(parameters).items()}
    record.params(BY, values, _name(experiment))


def _tags(_result, _before, experiment, tags, *_args, **_kwargs):
    record.captured(BY, events=_name(experiment), tags=[tags] if isinstance(tags, str) else list(tags))


def _named(_result, _before, experiment, name, *_args, **_kwargs):
    record.captured(BY, events=_name(experiment), name=str(name))


def _other(_result, _before, experiment, key, value, *_args, **_kwargs):
    record.captured(BY, events=_name(experiment), labels={str(key): value})


def _before_asset(experiment, file_data, file_name=None, *_args, **_kwargs):
    _name(experiment)
    if isinstance(file_data, (str, os.PathLike)) and os.path.isfile(file_data):
        keep.copy(file_data, str(file_name or os.path.basename(str(file_data))))
    elif hasattr(file_data, "getvalue"):
        content = file_data.getvalue()
        keep.expfile(content.encode() if isinstance(content, str) else content, str(file_name or "asset"))


def _before_folder(experiment, folder, *_args, **_kwargs):
    _name(experiment)
    keep.copy(folder, os.path.basename(os.path.normpath(str(folder))))


def _before_model(experiment, name, file_or_folder, *_args, **_kwargs):
    _name(experiment)
    if isinstance(file_or_folder, (str, os.PathLike)):
        keep.copy(file_or_folder, "models/%s/%s" % (name, os.path.basename(os.path.normpath(str(file_or_folder)))))


def _image(_result, _before, experiment, image_data, name=None, *_args, step=None, **_kwargs):
    step = _step(experiment, step)
    label = str(name or "image")
    where = keep.place(label, step)
    if isinstance(image_data, (str, os.PathLike)) and os.path.isfile(image_data):
        kept = keep.expfile(image_data, where + os.path.splitext(str(image_data))[1])
    else:
        kept = keep.picture(image_data, where)
        if kept is None:
            from PIL import Image

            kept = keep.picture(Image.fromarray(image_data), where)
    record.event(BY, _name(experiment), {label: kept}, step)


def _figure(_result, _before, experiment, figure_name=None, figure=None, overwrite=False, step=None, *_args, **_kwargs):
    step = _step(experiment, step)
    label = str(figure_name or "figure")
    kept = keep.picture(figure, keep.place(label, step))
    if kept is not None:
        record.event(BY, _name(experiment), {label: kept}, step)


def _nothing(*_args, **_kwargs):
    pass


def watch(module):
    """Watches the class of experiments."""
    experiment = module.CometExperiment
    for name, note in (
        ("log_metric", _metric),
        ("log_metrics", _metrics),
        ("log_parameter", _parameter),
        ("log_parameters", _parameters),
        ("add_tag", _tags),
        ("add_tags", _tags),
        ("set_name", _named),
        ("log_other", _other),
        ("log_image", _image),
        ("log_figure", _figure),
    ):
        record.after(BY, experiment, name, note)
    for name, before in (
        ("log_asset", _before_asset),
        ("log_asset_folder", _before_folder),
        ("log_model", _before_model),
    ):
        record.after(BY, experiment, name, _nothing, before)
