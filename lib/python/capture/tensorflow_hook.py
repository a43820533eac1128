"""tf.summary of TensorFlow, where it is called eagerly: scalars, text, images, histograms."""
import sys

from dbx_capture import keep, record
from dbx_capture.values import number
from dbx_capture.tensorboard_hook import BY, key_of, name_at


def _folder():
    """Where the writer that is in use writes; of one that was made in another way, a word that is its own."""
    writer = sys.modules["tensorflow.python.ops.summary_ops_v2"]._summary_state.writer
    return getattr(writer, "_dbx_folder", None) or "writer-%d" % id(writer)


def _made(writer, _before, logdir, *_args, **_kwargs):
    writer._dbx_folder = str(logdir)


def _step(step):
    if step is None:
        step = sys.modules["tensorflow.python.ops.summary_ops_v2"].get_step()
    return None if step is None else int(step)


def _is_known(value):
    """Within a graph there are no values yet."""
    return not hasattr(value, "graph") or hasattr(value, "numpy")


def _noted(kept_of):
    def note(result, _before, name, data, step=None, *_args, **_kwargs):
        # tf.summary says whether there was a writer.
        if not _is_known(data) or result is None or (hasattr(result, "numpy") and not result.numpy()):
            return
        step = _step(step)
        record.event(BY, name_at(_folder()), {key_of(name): kept_of(data, name, step)}, step)

    return note


def _text(data, _name, _step):
    value = data.numpy() if hasattr(data, "numpy") else data
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _number(data, _name, _step):
    return number(data.numpy() if hasattr(data, "numpy") else data)


def _histogram(data, _name, _step):
    import numpy

    counts, edges = numpy.histogram(numpy.asarray(data), bins=30)
    return keep.histogram(counts, edges)


def _images(data, name, step):
    import tensorflow

    kept = []
    for at, image in enumerate(data[:3]):
        pixels = tensorflow.image.convert_image_dtype(image, tensorflow.uint8, saturate=True)
        content = tensorflow.io.encode_png(pixels).numpy()
        kept.append(keep.expfile(content, keep.place("%s_%d" % (name, at), step, ".png")))
    return kept


def watch(module):
    """Watches one of the names under which the functions are found."""
    if hasattr(module, "create_file_writer"):
        record.after(BY, module, "create_file_writer", _made)
    for name, kept_of in (("scalar", _number), ("text", _text), ("image", _images), ("histogram", _histogram)):
        if hasattr(module, name):
            record.after(BY, module, name, _noted(kept_of))
