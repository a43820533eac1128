"""A stand-in for Trackio under `dbx run --shim trackio`: what a script logs goes into the run of dbx, and nowhere else."""
import os
import types
import uuid

from dbx_capture import keep, record, trackio_hook
from dbx_shims.media import Audio, Histogram, Html, Image, Media, Table, Video
from dbx_shims.silent import missing

__version__ = "0.43.0"

BY = "trackio"
run = None
config = {}


class Markdown(Media):
    """A text."""

    _ending = ".md"


def _safely(where, call, *args):
    """Nothing that goes wrong while it is recorded reaches the script."""
    try:
        call(*args)
    except Exception as error:
        record.failed(BY, where, error)


class Run:
    """One run; with `dbx run` all of them are series of the same run of dbx."""

    def __init__(self, project, name, values, group):
        self.id, self.project, self.name, self.group = uuid.uuid4().hex, project, name, group
        self.config = values
        self._next_step = 0

    def log(self, metrics, step=None):
        """Logs values at a step."""
        _safely("log", trackio_hook._logged, None, (self._next_step, dict(metrics)), self, metrics, step)
        self._next_step = max(self._next_step, (self._next_step if step is None else step) + 1)

    def log_system(self, _metrics):
        """Does nothing: dbx samples the machine."""

    def log_artifact(self, artifact_or_path, name=None, type=None, **_options):
        """Keeps a file or a folder."""
        if isinstance(artifact_or_path, (str, os.PathLike)):
            label = name or os.path.basename(os.path.normpath(os.fspath(artifact_or_path)))
            _safely("log_artifact", keep.copy, artifact_or_path, "artifacts/" + label)
        return types.SimpleNamespace(name=name, type=type, version="v0")

    def alert(self, title="", text="", *_args, **_kwargs):
        """Records a message."""
        data = {"title": title, "text": text}
        _safely("alert", lambda: record.event(BY, record.name_of(BY, self.id, self.name) + "/alert", data))

    def finish(self):
        """Ends the run; that of dbx ends with the command."""
        global run
        run = None if run is self else run

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.finish()
        return False

    def __getattr__(self, name):
        return missing(BY, name)


def init(project=None, name=None, config=None, group=None, **_options):
    """Begins a run."""
    global run
    values = dict(config) if hasattr(config, "keys") else dict(vars(config)) if config is not None else {}
    run = Run(project or os.environ.get("TRACKIO_PROJECT") or "", name or "run", values, group)
    globals()["config"] = values
    _safely("init", trackio_hook._started, None, None, run)
    return run


def _current():
    if run is None:
        raise RuntimeError("Call trackio.init() before trackio.log().")
    return run


def log(metrics, step=None):
    """Logs values at a step."""
    _current().log(metrics, step)


def log_system(metrics):
    """Does nothing: dbx samples the machine."""


def log_gpu(*_args, **_kwargs):
    """Does nothing: dbx samples the machine."""
    return {}


log_cpu = log_gpu


def log_artifact(*args, **kwargs):
    """Keeps a file or a folder."""
    return _current().log_artifact(*args, **kwargs)


def alert(*args, **kwargs):
    """Records a message."""
    _current().alert(*args, **kwargs)


def save(glob_str, *_args, **_kwargs):
    """Keeps files."""
    import glob

    for path in glob.glob(str(glob_str)):
        _safely("save", keep.copy, path, os.path.basename(path))


def finish():
    """Ends the run."""
    if run is not None:
        run.finish()


def __getattr__(name):
    return missing(BY, name)
