"""neptune 1.x: what is assigned and appended to the fields of a run, tags, and files that are uploaded."""
import os

from dbx_capture import keep, record

BY = "neptune"


def _name(container):
    key = getattr(container, "_sys_id", None) or id(container)
    fresh = (BY, key) not in record._names
    name = record.name_of(BY, key, str(key))
    if fresh:
        record.captured(BY, version=record.version_of(BY), events=name, run=str(key))
    return name


def _part(value, name):
    """A part of a file value, which has no other parts than those of its kind."""
    try:
        return getattr(value, name, None)
    except Exception:
        return None


def _is_own(path):
    """What neptune itself watches: dbx has the machine, the output and the code already."""
    return path.startswith(("monitoring/", "source_code/"))


def _append(_result, _before, handler, value, *_args, step=None, timestamp=None, **_kwargs):
    if _is_own(handler._path):
        return
    name = _name(handler._container)
    ts = None if timestamp is None else timestamp * 1000
    if isinstance(value, dict):
        for key, item in value.items():
            record.event(BY, name, _placed("%s/%s" % (handler._path, key), item, step), step, ts)
        return
    for item in value if isinstance(value, (list, tuple)) else [value]:
        record.event(BY, name, _placed(handler._path, item, step), step, ts)


def _extend(_result, _before, handler, values, steps=None, timestamps=None, *_args, **_kwargs):
    if isinstance(values, dict):
        for key, some in values.items():
            _extended(handler, "%s/%s" % (handler._path, key), some, steps, timestamps)
    else:
        _extended(handler, handler._path, values, steps, timestamps)


def _extended(handler, path, values, steps, timestamps):
    name = _name(handler._container)
    for at, item in enumerate(values):
        step = None if steps is None else list(steps)[at]
        ts = None if timestamps is None else list(timestamps)[at] * 1000
        record.event(BY, name, _placed(path, item, step), step, ts)


def _placed(path, value, step):
    key = "_step" if path == "step" else str(path)
    content = _part(value, "content")
    if isinstance(content, (bytes, bytearray)):
        ending = _part(value, "extension") or "bin"
        return {key: keep.expfile(content, keep.place(path, step, ".%s" % ending))}
    place = _part(value, "path")
    if place and os.path.isfile(str(place)):
        return {key: keep.expfile(str(place), keep.place(path, step, os.path.splitext(str(place))[1]))}
    return {key: keep.picture(value, keep.place(path, step)) or value}


def _assign(_result, _before, handler, value, *_args, **_kwargs):
    _assigned(handler._container, handler._path, value)


def _assign_to_run(_result, _before, container, value, *_args, **_kwargs):
    _assigned(container, "", value)


def _assigned(container, path, value):
    events = _name(container)
    if path == "sys/name":
        record.captured(BY, events=events, name=str(value))
    elif path.startswith("sys/") or _is_own(path):
        return
    elif path == "" or isinstance(value, dict) or hasattr(value, "__dataclass_fields__"):
        values = value if path == "" else _nested(path, value)
        record.params(BY, values, events)
    elif hasattr(value, "file_type") or hasattr(value, "upload"):
        _upload_value(path, value)
    else:
        record.params(BY, _nested(path, value), events)


def _nested(path, value):
    for part in reversed(path.split("/")):
        value = {part: value}
    return value


def _upload(_result, _before, handler, value, *_args, **_kwargs):
    if _is_own(handler._path):
        return
    _name(handler._container)
    _upload_value(handler._path, value)


def _upload_value(path, value):
    if isinstance(value, (str, os.PathLike)) and os.path.isfile(value):
        keep.copy(value, path + os.path.splitext(str(value))[1])
        return
    content, place = _part(value, "content"), _part(value, "path")
    if place and os.path.isfile(str(place)):
        keep.copy(place, path + os.path.splitext(str(place))[1])
    elif isinstance(content, (bytes, bytearray)):
        keep.expfile(content, "%s.%s" % (path, _part(value, "extension") or "bin"))
    else:
        keep.picture(value, path)


def _upload_files(_result, _before, handler, value, *_args, **_kwargs):
    import glob

    if _is_own(handler._path):
        return
    _name(handler._container)
    for pattern in [value] if isinstance(value, str) else list(value):
        for path in glob.glob(pattern, recursive=True):
            keep.copy(path, "%s/%s" % (handler._path, os.path.basename(os.path.normpath(path))))


def _add(_result, _before, handler, values, *_args, **_kwargs):
    events = _name(handler._container)
    listed = [values] if isinstance(values, str) else list(values)
    if handler._path in ("sys/tags", "sys/group_tags"):
        record.captured(BY, events=events, tags=listed)
    else:
        record.params(BY, _nested(handler._path, listed), events)


def watch(module):
    """Watches handlers of fields, and runs to which a whole dict is assigned."""
    if module.__name__.endswith("metadata_container"):
        record.after(BY, module.MetadataContainer, "assign", _assign_to_run)
        return
    for name, note in (
        ("append", _append),
        ("log", _append),
        ("extend", _extend),
        ("assign", _assign),
        ("upload", _upload),
        ("upload_files", _upload_files),
        ("add", _add),
    ):
        record.after(BY, module.Handler, name, note)
