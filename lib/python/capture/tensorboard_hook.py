"""Writers of TensorBoard's files in tensorboardX and torch: scalars, hparams, text, images, audio, histograms."""
import os

from dbx_capture import keep, record
from dbx_capture.values import number

BY = "tensorboard"
#: The last folders of writers that say what their values are of.
SPLITS = {"train", "training", "val", "valid", "validation", "eval", "evaluation", "test", "testing", "dev"}


def name_at(folder):
    """The name of the events of the writer of a folder."""
    folder = os.path.normpath(str(folder))
    label = os.path.basename(folder)
    fresh = (BY, folder) not in record._names
    name = record.name_of(BY, folder, label, always=label.lower() in SPLITS)
    if fresh:
        record.captured(BY, events=name, folder=folder)
    return name


def _ms(walltime):
    return None if walltime is None else walltime * 1000


def _name(writer):
    known = writer.__dict__.get("_dbx_name")
    if known is None:
        known = writer._dbx_name = name_at(writer._get_file_writer().get_logdir())
    return known


def _scalar(_result, _before, writer, tag, scalar_value=None, global_step=None, walltime=None, *_args, **_kwargs):
    record.event(BY, _name(writer), {key_of(tag): number(scalar_value)}, global_step, _ms(walltime))


def _scalars(_result, _before, writer, main_tag, tag_scalar_dict, global_step=None, walltime=None, *_args, **_kwargs):
    values = {str(tag): number(value) for tag, value in tag_scalar_dict.items()}
    record.event(BY, _name(writer), {key_of(main_tag): values}, global_step, _ms(walltime))


def key_of(tag):
    """The step is another key."""
    return "_step" if tag == "step" else str(tag)


def _text(_result, _before, writer, tag, text_string, global_step=None, walltime=None, *_args, **_kwargs):
    record.event(BY, _name(writer), {key_of(tag): str(text_string)}, global_step, _ms(walltime))


def _hparams(_result, _before, writer, hparam_dict, metric_dict, *args, **kwargs):
    record.params(BY, dict(hparam_dict), _name(writer))
    step = kwargs.get("global_step", args[2] if len(args) > 2 else None)
    if metric_dict:
        record.event(BY, _name(writer), {key_of(key): number(value) for key, value in metric_dict.items()}, step)


def _session(writer, value):
    """The params in what a logger wrote for the page of hparams without add_hparams."""
    if type(writer).__module__.startswith("tensorboardX"):
        from tensorboardX.proto.plugin_hparams_pb2 import HParamsPluginData
    else:
        from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
    data = HParamsPluginData.FromString(value.metadata.plugin_data.content)
    values = {}
    for key, item in data.session_start_info.hparams.items():
        kind = item.WhichOneof("kind")
        values[key] = None if kind is None else getattr(item, kind)
    return values


def _summary(_result, _before, writer, summary, global_step=None, walltime=None):
    """What is not a number: each value of a summary that is written to the file."""
    for value in getattr(summary, "value", ()):
        kind = value.WhichOneof("value")
        if value.tag == "_hparams_/session_start_info":
            record.params(BY, _session(writer, value), name_at(writer.get_logdir()))
        if kind not in ("image", "audio", "histo"):
            continue
        tag = value.tag
        where = keep.place(tag, global_step)
        if kind == "image":
            content = value.image.encoded_image_string
            kept = keep.expfile(content, where + (".gif" if content[:3] == b"GIF" else ".png"))
        elif kind == "audio":
            kept = keep.expfile(value.audio.encoded_audio_string, where + ".wav")
        else:
            # Each bucket has the limit above it; the one below the first is the least value.
            limits, counts = list(value.histo.bucket_limit), list(value.histo.bucket)
            kept = keep.histogram(counts, [min(value.histo.min, *limits[:1]), *limits])
        record.event(BY, name_at(writer.get_logdir()), {key_of(tag): kept}, global_step, _ms(walltime))


def watch(module):
    """Watches the two classes of a module of writers."""
    writer = module.SummaryWriter
    record.after(BY, writer, "add_scalar", _scalar)
    record.after(BY, writer, "add_scalars", _scalars)
    record.after(BY, writer, "add_hparams", _hparams)
    record.after(BY, writer, "add_text", _text)
    record.after(BY, module.FileWriter, "add_summary", _summary)
