"""Writes what is captured into logs of the run: one append per event, nothing raised.

Each package has a log, wandb or mlflow; each further process one of its own, wandb-rank3 where a launcher says its rank, else
wandb-2, also when the first one has ended. What is said about a run (names, tags, params, files, failures) stands in a small log beside: capture.
"""
import json
import math
import os
import re
import sys
import threading
import time

from dbx_capture.values import plain, special, text_of

try:
    import fcntl
except ImportError:
    fcntl = None

#: The variables in which launchers say the rank of a process.
RANKS = ("RANK", "OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK", "SLURM_PROCID", "LOCAL_RANK")
#: The event of what is logged together.
METRICS = "log"
#: The log of what is said about a run.
FACTS = "capture"
#: Failures of one package that are recorded, in a process.
MAX_FAILURES = 20

_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
_files = {}
#: What the log of each package is called in this process.
_logs = {}
_failures = {}
_nested = threading.local()
_opening = threading.Lock()


def _forked():
    """A forked process has logs of its own: the locks of these are those of the process that opened them."""
    global _opening
    _opening = threading.Lock()
    _files.clear()
    _logs.clear()
    _failures.clear()
    _nested.inside = False


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


def _rank():
    """What distinguishes the logs of a rank: nothing for the first one."""
    for name in RANKS:
        value = os.environ.get(name, "")
        if value.isdigit() and len(value) < 20 and (name != "SLURM_PROCID" or os.environ.get("SLURM_NTASKS", "1") != "1"):
            return "" if int(value) == 0 else "-rank%d" % int(value)
    return ""


def _open(log):
    """Makes the first file of a log that no process has made before: one that has ended keeps its log for itself."""
    base = log + _rank()
    number = 1
    while True:
        name = base if number == 1 else "%s-%d" % (base, number)
        path = os.path.join(os.environ["DBX_RUN_DIR"], name + ".log.jsonl")
        try:
            file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o666)
            break
        except FileExistsError:
            number += 1
    if fcntl is not None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            # The file system has no locks.
            pass
    _files[log] = file
    _logs[log] = name
    return file


def _file_of(log):
    file = _files.get(log)
    if file is None:
        with _opening:
            file = _files.get(log) or _open(log)
    return file


def _append(log, line):
    """A line is one write, whole or not at all."""
    data = line.encode("utf-8", "backslashreplace")
    file = _file_of(log)
    written = os.write(file, data)
    if written < len(data):
        start = os.fstat(file).st_size - written
        try:
            while written < len(data):
                data = data[written:]
                written = os.write(file, data)
        except OSError:
            os.ftruncate(file, start)
            raise


def event(by, name, data, step=None, ts=None):
    """Appends an event to the log of a package: data have plain keys, any values."""
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
    _append(by, "".join(parts))


def fact(name, by, /, **data):
    """Appends an event of dbx's own, about what a package says of the run."""
    ts = time.time_ns() // 1000000
    log = {"log": _logs[by]} if by in _logs else {}
    _append(FACTS, _encode({"event": "dbx/" + name, "ts": ts, "by": by, **log, **plain(data)}) + "\n")


def captured(by, /, **data):
    """Says that a package logs, and what it calls the run: name, tags, notes."""
    if "version" in data and by in os.environ.get("DBX_SHIM", "").split(","):
        data["shim"] = True
    fact("captured", by, **{key: value for key, value in data.items() if value not in (None, "", [], ())})


def file_event(data):
    """Says that a file belongs to the run."""
    _append(FACTS, _encode({"event": "dbx/file", "ts": time.time_ns() // 1000000, **data}) + "\n")


def params(by, values, events=None):
    """Says with which params a package was told that the run works: the one of these events, where that is known.

    What is named like a secret is left out.
    """
    if values:
        fact("params", by, **({} if events is None else {"events": events}), params=unsecret(plain(values)))


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
            known = problem = None
            if before is not None:
                try:
                    known = before(*args, **kwargs)
                except Exception as error:
                    problem = error
            result = original(*args, **kwargs)
        finally:
            _nested.inside = False
        try:
            # What the package itself refuses is no failure of ours.
            if problem is not None:
                raise problem
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
    """The name of the events of one of a package's own runs: log, and for all but the first one its label too.

    The first one is that of the first process (of a rank) in which the package has a run.
    """
    name = _names.get((by, key))
    if name is not None:
        return name
    letters = (" " if ord(letter) < 32 or 127 <= ord(letter) < 160 else letter for letter in str(label)[:200])
    # A part that is a number would be a step.
    parts = ["run-" + part if part.isdigit() else part for part in "".join(letters).split("/") if part]
    taken = {name for (package, _), name in _names.items() if package == by}
    first = "/".join([METRICS, *parts])
    _file_of(by)
    is_first = METRICS not in taken and _logs[by] == by + _rank()
    name = METRICS if is_first and not always else first
    count = 2
    while name in taken:
        name, count = "%s-%d" % (first, count), count + 1
    _names[(by, key)] = name
    return name
