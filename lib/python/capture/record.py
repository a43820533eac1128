"""Writes what is captured into logs of the run: one append per event, no lock, nothing raised.

The first process writes to $DBX_LOG. Every other one has a log of its own: rank3 where a launcher says its rank, else one with
the number of the process. What is said about a run (packages, params, names, failures) is in a small log beside: capture.
"""
import json
import math
import os
import re
import sys
import threading
import time

from dbx_capture.values import plain, special, text_of

#: The variables in which launchers say the rank of a process.
RANKS = ("RANK", "OMPI_COMM_WORLD_RANK", "PMI_RANK", "SLURM_PROCID", "HOROVOD_RANK", "JSM_NAMESPACE_RANK")
#: The process that writes to $DBX_LOG, in the environment of those that it starts.
OWNER = "DBX_CAPTURE_OWNER"
#: Failures of one package that are recorded, in a process.
MAX_FAILURES = 20

_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
_files = {}
_failures = {}
_nested = threading.local()


def _forked():
    """A forked process has a log of its own."""
    _files.clear()
    _failures.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


def _suffix():
    """What distinguishes the logs of this process: nothing for the first one."""
    rank = next((os.environ[name] for name in RANKS if os.environ.get(name, "").isdigit()), None)
    owner, own = os.environ.get(OWNER), str(os.getpid())
    if owner in (None, own) and rank in (None, "0"):
        os.environ[OWNER] = own
        return ""
    if rank is None:
        return "p" + own
    return "rank" + rank if len(rank) < 20 else "rank"


def _open(log):
    suffix = _suffix()
    name = log if suffix == "" else suffix if log == "log" else log + "-" + suffix
    path = os.environ["DBX_LOG"] if name == "log" else None
    path = path or os.path.join(os.environ["DBX_RUN_DIR"], name + ".log.jsonl")
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
    file = _files[log] = os.open(path, flags, 0o666)
    return file


def _append(log, line):
    data = line.encode("utf-8", "backslashreplace")
    file = _files.get(log)
    if file is None:
        file = _open(log)
    written = os.write(file, data)
    while written < len(data):
        data = data[written:]
        written = os.write(file, data)


def event(name, data, step=None, ts=None):
    """Appends an event to the log of this process: data have plain keys, any values."""
    parts = ['{"event":', _encode(name), ',"ts":', str(time.time_ns() // 1000000 if ts is None else int(ts))]
    if step is not None:
        step = plain(step)
        if type(step) in (int, float) and "step" not in data:
            parts.append(',"step":%s' % step)
    kept = {}
    for key, value in data.items():
        kind = type(value)
        if kind is float:
            value = value if math.isfinite(value) else special(value)
        elif kind is not str:
            value = plain(value)
        kept["_" + key if key in ("event", "ts") else key] = value
    text = _encode(kept)
    parts.append("," + text[1:] if kept else "}")
    parts.append("\n")
    _append("log", "".join(parts))


def fact(name, by, /, **data):
    """Appends an event of dbx's own, about what a package says of the run."""
    ts = time.time_ns() // 1000000
    _append("capture", _encode({"event": "dbx/" + name, "ts": ts, "by": by, **plain(data)}) + "\n")


def captured(by, /, **data):
    """Says that a package logs, and what it calls the run: name, tags, notes."""
    fact("captured", by, **{key: value for key, value in data.items() if value not in (None, "", [], ())})


def file_event(data):
    """Says that a file belongs to the run."""
    _append("capture", _encode({"event": "dbx/file", "ts": time.time_ns() // 1000000, **data}) + "\n")


def params(by, values):
    """Says with which params a package was told that the run works. What is named like a secret is left out."""
    if values:
        fact("params", by, params=unsecret(plain(values)))


_SECRET = re.compile(r"(?i)(password|passwd|secret|token|api_?key|credential|private_?key)s?$")
#: Shorter texts are not keys and tokens of services, but such as "</s>".
SHORT = 12


def unsecret(value):
    """Texts whose key is that of a secret are left out."""
    if isinstance(value, dict):
        return {key: _unsecret(key, item) for key, item in value.items()}
    return [unsecret(item) for item in value] if isinstance(value, list) else value


def _unsecret(key, value):
    if isinstance(value, str) and len(value) >= SHORT and " " not in value and _SECRET.search(key):
        return "[redacted:name]"
    return unsecret(value)


def version_of(package):
    """The version of a package that is imported."""
    return text_of(getattr(sys.modules.get(package), "__version__", None) or "") or None


def failed(by, where, error):
    """Records a failure of the capture itself; the same one once, and not more than some."""
    try:
        key = (by, where, type(error).__name__)
        known = _failures.get(by, ())
        if key in known or len(known) >= MAX_FAILURES:
            return
        _failures[by] = (*known, key)
        fact("capture-failed", by, where=where, error=text_of("%s: %s" % (type(error).__name__, error)))
    except Exception:
        pass


def after(by, cls, name, note, before=None):
    """Replaces a function or method by one that calls it, and then notes what was done.

    note(result, known, *args, **kwargs) is called with what the call returned and what before(*args, **kwargs) found; so the
    names of its further parameters are those of the original.
    A call inside of a watched one is a part of it, and is not noted. Whatever note does, the caller sees only the original.
    """
    original = getattr(cls, name)
    if getattr(original, "__dbx__", False):
        return

    def wrapper(*args, **kwargs):
        if getattr(_nested, "inside", False):
            return original(*args, **kwargs)
        _nested.inside = True
        try:
            known = None
            if before is not None:
                try:
                    known = before(*args, **kwargs)
                except Exception as error:
                    failed(by, name, error)
            result = original(*args, **kwargs)
        finally:
            _nested.inside = False
        try:
            note(result, known, *args, **kwargs)
        except Exception as error:
            failed(by, name, error)
        return result

    for attribute in ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__", "__wrapped__"):
        try:
            setattr(wrapper, attribute, original if attribute == "__wrapped__" else getattr(original, attribute))
        except Exception:
            pass
    wrapper.__dbx__ = True
    setattr(cls, name, wrapper)


_names = {}


def name_of(by, key, label="", always=False):
    """The name of the events of one of a package's own runs: the package's, and for all but the first one its label too."""
    name = _names.get((by, key))
    if name is not None:
        return name
    letters = (" " if ord(letter) < 32 or 127 <= ord(letter) < 160 else letter for letter in str(label)[:200])
    # A part that is a number would be a step.
    parts = ["run-" + part if part.isdigit() else part for part in "".join(letters).split("/") if part]
    taken = set(_names.values())
    first = "/".join([by, *parts])
    name = by if by not in taken and not always else first
    count = 2
    while name in taken:
        name, count = "%s-%d" % (first, count), count + 1
    _names[(by, key)] = name
    return name
