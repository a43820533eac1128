"""A stand-in for neptune 1.x under `dbx run --shim neptune`: what a script logs goes into the run of dbx, and nowhere else."""
import os
import types as _types
import uuid

from dbx_capture import neptune_hook, record
from dbx_shims.media import Media, png_of
from dbx_shims.silent import missing

__version__ = "1.14.0"

BY = "neptune"


def _safely(where, call, *args, **kwargs):
    """Nothing that goes wrong while it is recorded reaches the script."""
    try:
        call(None, None, *args, **kwargs)
    except Exception as error:
        record.failed(BY, where, error)


class File:
    """Contents, or the path of a file."""

    def __init__(self, path=None, content=None, extension=None):
        self.path, self.content, self.extension = path, content, extension

    @classmethod
    def from_content(cls, content, extension=None):
        """A file of these contents."""
        is_text = isinstance(content, str)
        return cls(content=content.encode() if is_text else content, extension=extension or ("txt" if is_text else "bin"))

    @classmethod
    def from_stream(cls, stream, seek=None, extension=None):
        """A file of what is in a stream."""
        if seek is not None:
            stream.seek(seek)
        return cls.from_content(stream.read(), extension)

    @classmethod
    def as_image(cls, image, **_options):
        """A PNG file of an array, an image or a figure."""
        if hasattr(image, "savefig") or hasattr(image, "save"):
            import io

            file = io.BytesIO()
            image.savefig(file, format="png") if hasattr(image, "savefig") else image.save(file, format="PNG")
            return cls(content=file.getvalue(), extension="png")
        return cls(content=png_of(image.detach().cpu().numpy() if hasattr(image, "detach") else image), extension="png")

    @classmethod
    def as_html(cls, chart, **_options):
        """A page of a chart or a table."""
        text = chart.to_html() if hasattr(chart, "to_html") else str(chart)
        return cls(content=text.encode(), extension="html")

    @classmethod
    def as_pickle(cls, value):
        """A value of Python."""
        import pickle

        return cls(content=pickle.dumps(value), extension="pkl")


class Handler:
    """A field of a run, or a part of it."""

    def __init__(self, container, path):
        self._container = container
        self._path = path

    def __getitem__(self, path):
        return Handler(self._container, "%s/%s" % (self._path, path))

    def __setitem__(self, path, value):
        self[path].assign(value)

    def assign(self, value, **_options):
        """Sets a value, or several."""
        _safely("assign", neptune_hook._assign, self, value)
        self._container._values[self._path] = value

    def append(self, value, *, step=None, timestamp=None, **_options):
        """Adds a value to a series."""
        _safely("append", neptune_hook._append, self, value, step=step, timestamp=timestamp)
        self._container._values[self._path] = value

    log = append

    def extend(self, values, steps=None, timestamps=None, **_options):
        """Adds several."""
        _safely("extend", neptune_hook._extend, self, values, steps, timestamps)

    def add(self, values, **_options):
        """Adds texts to a set, such as the tags."""
        _safely("add", neptune_hook._add, self, values)

    def upload(self, value, **_options):
        """Keeps a file."""
        _safely("upload", neptune_hook._upload, self, value)

    def upload_files(self, value, **_options):
        """Keeps the files that globs name."""
        _safely("upload_files", neptune_hook._upload_files, self, value)

    def track_files(self, path, **_options):
        """Says where files are."""
        _safely("track_files", neptune_hook._assign, self, str(path))

    def fetch(self, **_options):
        """The last value that this process set."""
        return self._container._values.get(self._path)

    fetch_last = fetch

    def get_root_object(self):
        """The run."""
        return self._container

    def __getattr__(self, name):
        return missing(BY, name)


class Run:
    """One run; with `dbx run` all of them are series of the same run of dbx."""

    def __init__(self, with_id=None, project=None, name=None, tags=None, description=None, **_options):
        self._sys_id = with_id or "DBX-" + uuid.uuid4().hex[:8]
        self._values = {"sys/id": self._sys_id, "sys/name": name}
        tags = [tags] if isinstance(tags, str) else list(tags or ())
        try:
            neptune_hook._name(self)
            record.captured(BY, run=self._sys_id, name=name, tags=tags, notes=description, project=project)
        except Exception as error:
            record.failed(BY, "init_run", error)

    def __getitem__(self, path):
        return Handler(self, path)

    def __setitem__(self, path, value):
        Handler(self, path).assign(value)

    def assign(self, value, **_options):
        """Sets several values."""
        _safely("assign", neptune_hook._assign_to_run, self, value)

    def exists(self, path):
        """Whether this process set it."""
        return path in self._values

    def stop(self, *_args, **_kwargs):
        """Ends the run; that of dbx ends with the command."""

    wait = sync = ping = start = stop

    def get_url(self):
        """There is no page."""
        return ""

    get_run_url = get_url

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        return False

    def __getattr__(self, name):
        return missing(BY, name)


def init_run(*args, **kwargs):
    """Begins a run."""
    names = ("with_id", "project", "api_token", "custom_run_id", "mode", "name", "description")
    given = {**dict(zip(names, args)), **kwargs}
    if given.get("project") is None:
        given["project"] = os.environ.get("NEPTUNE_PROJECT")
    return Run(**given)


init = init_run
metadata_containers = handler = _types.SimpleNamespace(Run=Run, Handler=Handler)
ANONYMOUS_API_TOKEN = "ANONYMOUS"


def stringify_unsupported(value, **_options):
    """As it is: any value can be kept."""
    return value


class NeptuneException(Exception):
    """What neptune's own errors come from."""


def __getattr__(name):
    return missing(BY, name)
