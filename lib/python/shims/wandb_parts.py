"""Parts of the stand-in for wandb: its errors, dicts with attributes, artifacts, and the params of sweeps."""
import os
import random
import shutil
import tempfile
import types

from dbx_capture import keep, record
from dbx_shims.silent import missing, tell

BY = "wandb"


class Error(Exception):
    """What wandb's own errors come from."""


class UsageError(Error):
    """A call that wandb refuses."""


class CommError(Error):
    """A connection that failed: the shim has none."""


class AuthenticationError(CommError):
    """A key that is wrong: the shim needs none."""


class ConfigError(Error):
    """A param of the config that is set to another value."""


errors = types.SimpleNamespace(
    Error=Error, UsageError=UsageError, CommError=CommError, AuthenticationError=AuthenticationError
)


def safely(where, call, *args):
    """Nothing that goes wrong while it is recorded reaches the script."""
    try:
        return call(*args)
    except Exception as error:
        record.failed(BY, where, error)
        return None


def dict_of(value):
    """A config as a dict: given as one, or as the namespace of argparse."""
    if value is None:
        return {}
    if isinstance(value, str):
        tell("the shim of wandb does not read the config file %s" % value)
        return {}
    return dict(value) if hasattr(value, "keys") else dict(vars(value))


class Named(dict):
    """A dict whose keys are attributes too, and which tells of what is set."""

    def __init__(self, changed):
        super().__init__()
        object.__setattr__(self, "_changed", changed)

    def __getattr__(self, name):
        if name in self:
            return self[name]
        raise AttributeError("%s is not set" % name)

    def __setattr__(self, name, value):
        self[name] = value

    def __setitem__(self, key, value):
        super().__setitem__(key, value)
        self._changed({key: value})

    def update(self, other=None, allow_val_change=None, **more):
        """Sets several."""
        values = {**dict_of(other), **more}
        super().update(values)
        self._changed(values)

    def setdefaults(self, other):
        """Sets those that are not set."""
        self.update({key: value for key, value in dict_of(other).items() if key not in self})

    def as_dict(self):
        """A copy."""
        return dict(self)

    _as_dict = as_dict


class Config(Named):
    """The params of a run: one that is set keeps its value, unless the caller says that it may change."""

    def _check(self, values):
        for key, value in values.items():
            if key in self and value != self[key]:
                raise ConfigError(
                    'Attempted to change value of key "%s" from %s to %s\n'
                    "If you really want to do this, pass allow_val_change=True to config.update()"
                    % (key, self[key], value)
                )

    def __setitem__(self, key, value):
        self._check({key: value})
        super().__setitem__(key, value)

    def update(self, other=None, allow_val_change=None, **more):
        """Sets several."""
        values = {**dict_of(other), **more}
        if not allow_val_change:
            self._check(values)
        super().update(values)


#: Not that of the script, whose seed would give each run the same id, and whose numbers would be others with the shim.
_random = random.SystemRandom()


def new_id():
    """Eight letters and digits."""
    return "".join(_random.choice("0123456789abcdefghijklmnopqrstuvwxyz") for _ in range(8))


_ADJECTIVES = (
    "amber bold brisk calm clear cool daring eager fresh gentle glad golden keen light "
    "lively mild neat noble quiet rapid silver steady sunny swift vivid warm wise"
).split()
_NOUNS = (
    "bay birch brook cedar cliff cloud comet dawn dune fern field forest grove harbor "
    "hill lake maple meadow moon oak pine river shore sky star stone wave"
).split()


def new_name():
    """A name for a run that was given none."""
    return "%s-%s-%d" % (_random.choice(_ADJECTIVES), _random.choice(_NOUNS), _random.randrange(1, 1000))


def sweep_params():
    """The params that an agent of a sweep gave to this process: a file of `name:`, and `value: …` below."""
    path = os.environ.get("WANDB_SWEEP_PARAM_PATH")
    if not path or not os.path.isfile(path):
        return {}
    import json

    values, name = {}, None
    with open(path, encoding="utf-8") as file:
        for line in file:
            text = line.rstrip()
            if text and not text[0].isspace() and text.endswith(":"):
                name = text[:-1].strip("'\"")
            elif name is not None and text.strip().startswith("value:"):
                word = text.strip()[len("value:") :].strip()
                try:
                    values[name] = json.loads(word)
                except ValueError:
                    values[name] = word.strip("'\"")
    return values


class Artifact:
    """Files under one name."""

    def __init__(self, name, type=None, description=None, metadata=None, *_args, **_kwargs):
        self.name, self.type, self.description, self.metadata = name, type, description, metadata or {}
        self.version, self.aliases = "v0", []
        self._entries = {}
        self._folder = None

    def add_file(self, local_path, name=None, *_args, **_kwargs):
        """Adds a file."""
        if not os.path.isfile(local_path):
            raise ValueError("Path is not a file: %r" % (local_path,))
        self._entries[name or os.path.basename(os.fspath(local_path))] = os.fspath(local_path)

    def add_dir(self, local_path, name=None, *_args, **_kwargs):
        """Adds the files of a folder."""
        if not os.path.isdir(local_path):
            raise ValueError("Path is not a directory: %r" % (local_path,))
        for folder, _, names in os.walk(local_path):
            for one in names:
                path = os.path.join(folder, one)
                below = os.path.relpath(path, local_path).replace(os.sep, "/")
                self._entries[below if name is None else "%s/%s" % (name, below)] = path

    def new_file(self, name, mode="w", encoding=None):
        """A file of the artifact to write."""
        self._folder = self._folder or tempfile.mkdtemp(prefix="dbx-wandb-")
        path = os.path.join(self._folder, keep.clean(name))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        self._entries[name] = path
        return open(path, mode, encoding=encoding)

    def add(self, obj, name, *_args, **_kwargs):
        """Adds a table or an image."""
        content, ending = obj._dbx_media()
        with self.new_file(name + ending, "wb") as file:
            file.write(content)

    def add_reference(self, uri, name=None, *_args, **_kwargs):
        """Names something that is elsewhere."""
        safely("add_reference", lambda: record.captured(BY, artifact=self.name, reference=str(uri)))

    def keep_files(self):
        """Keeps the files in the run of dbx."""
        for name, path in self._entries.items():
            keep.copy(path, "artifacts/%s/%s" % (self.name, name))
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def wait(self, *_args, **_kwargs):
        """It is there already."""
        return self

    def __getattr__(self, name):
        return missing(BY, name)
