"""A stand-in for wandb under `dbx run --shim wandb`: what a script logs goes into the run of dbx, and nowhere else."""
import os
import types

from dbx_capture import keep, record, wandb_hook
from dbx_shims.media import Audio, Histogram, Html, Image, Media, Molecule, Object3D, Table, Video
from dbx_shims.silent import Nothing, missing, tell
from dbx_shims.wandb_parts import (
    BY,
    Artifact,
    AuthenticationError,
    CommError,
    Config,
    ConfigError,
    Error,
    Named,
    UsageError,
    dict_of,
    errors,
    new_id,
    new_name,
    safely,
    sweep_params,
)

__version__ = "0.31.0"

run = None


Graph = Plotly = Bokeh = Media


class Run:
    """One run; with `dbx run` all of them are series of the same run of dbx."""

    def __init__(self, settings, values):
        self._settings = settings
        self._local_step = 0
        self._last = {}
        self.config = self._config = Config(lambda news: safely("config", wandb_hook._config, self, news))
        dict.update(self.config, values)
        self.summary = Named(self._summarise)
        self.disabled = False
        self.offline = True
        self.resumed = False
        self.url = self.project_url = self.sweep_url = None
        self.entity = None
        self.sweep_id = os.environ.get("WANDB_SWEEP_ID")

    def _summarise(self, news):
        item = types.SimpleNamespace
        update = [item(key=(str(key),), value=value) for key, value in news.items()]
        safely("summary", wandb_hook._summary, None, None, self, item(update=update))

    id = property(lambda self: self._settings.run_id)
    dir = property(lambda self: self._settings.files_dir)
    project = property(lambda self: self._settings.project)
    group = property(lambda self: self._settings.run_group)
    job_type = property(lambda self: self._settings.run_job_type)
    step = property(lambda self: self._local_step)
    path = property(lambda self: "%s/%s" % (self.project, self.id))

    def _property(label):
        attribute = "run_" + label

        def assign(self, value):
            setattr(self._settings, attribute, value)
            safely(label, wandb_hook._say(label), None, None, self, value)

        return property(lambda self: getattr(self._settings, attribute), assign)

    name = _property("name")
    tags = _property("tags")
    notes = _property("notes")
    del _property

    def log(self, data, step=None, commit=None, sync=None):
        """Logs values at a step."""
        if not hasattr(data, "keys"):
            raise TypeError("wandb.log must be passed a dictionary")
        if any(not isinstance(key, str) for key in data):
            raise TypeError("Key values passed to `wandb.log` must be strings.")
        safely("log", wandb_hook._logged, None, (self._local_step, dict(data)), self, data, step)
        dict.update(self.summary, data)
        if step is not None:
            self._local_step = max(self._local_step, step)
        if commit or (step is None and commit is None):
            self._local_step += 1

    def define_metric(self, name, step_metric=None, *_args, **_kwargs):
        """Names the metric that is the step of others."""
        safely("define_metric", wandb_hook._defined, None, None, self, name, step_metric)
        return types.SimpleNamespace(name=name, step_metric=step_metric)

    def watch(self, *_args, **_kwargs):
        """Does nothing: gradients are not logged."""
        tell("the shim of wandb logs no gradients: watch does nothing")

    def unwatch(self, *_args, **_kwargs):
        """Does nothing."""

    def save(self, glob_str=None, base_path=None, policy="live", **_kwargs):
        """Keeps files."""
        import glob

        paths = glob.glob(str(glob_str)) if glob_str is not None else []
        for path in paths:
            name = os.path.relpath(path, base_path) if base_path is not None else path
            safely("save", keep.copy, path, os.path.basename(name) if os.path.isabs(name) else name)
        return paths

    def log_artifact(self, artifact_or_path, name=None, type=None, aliases=None, tags=None):
        """Keeps the files of an artifact."""
        artifact = artifact_or_path
        if not isinstance(artifact, Artifact):
            path = os.fspath(artifact_or_path)
            artifact = Artifact(name or "run-%s-%s" % (self.id, os.path.basename(path)), type or "unspecified")
            (artifact.add_dir if os.path.isdir(path) else artifact.add_file)(path)
        safely("log_artifact", artifact.keep_files)
        return artifact

    def log_code(self, *_args, **_kwargs):
        """Does nothing: dbx keeps the code."""

    def use_artifact(self, artifact_or_name, *_args, **_kwargs):
        """Finds no artifact: there is no server."""
        return missing(BY, "use_artifact")

    def alert(self, title="", text="", *_args, **_kwargs):
        """Records a message."""
        tell("the shim of wandb sends no alerts: they are events of the run")
        safely("alert", lambda: record.event(BY, wandb_hook._known(self).name + "/alert", {"title": title, "text": text}))

    def mark_preempting(self):
        """Does nothing."""

    def finish(self, exit_code=None, quiet=None):
        """Ends the run; that of dbx ends with the command."""
        global run
        safely("finish", lambda: wandb_hook._finished(None, wandb_hook._known(self).name, self, exit_code))
        if run is self:
            run = None
            _publish()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_error):
        self.finish(0 if kind is None else 1)
        return False

    def __getattr__(self, name):
        return missing(BY, name)


def init(project=None, entity=None, config=None, name=None, id=None, tags=None, notes=None, group=None, job_type=None,
         dir=None, reinit=None, **_options):
    """Begins a run."""
    global run
    if run is not None and reinit not in (True, "finish_previous", "create_new", "return_previous"):
        return run
    settings = types.SimpleNamespace(
        run_id=id or os.environ.get("WANDB_RUN_ID") or new_id(),
        run_name=name or os.environ.get("WANDB_NAME") or new_name(),
        run_tags=tuple(tags or filter(None, os.environ.get("WANDB_TAGS", "").split(","))),
        run_notes=notes or os.environ.get("WANDB_NOTES"),
        project=project or os.environ.get("WANDB_PROJECT") or "uncategorized",
        run_group=group or os.environ.get("WANDB_RUN_GROUP"),
        run_job_type=job_type or os.environ.get("WANDB_JOB_TYPE"),
        files_dir=os.environ.get("DBX_FILES") or os.getcwd(),
        mode="offline",
    )
    run = Run(settings, {**dict_of(config), **sweep_params()})
    _publish()
    safely("init", wandb_hook._started, None, None, run)
    return run


def _publish():
    """Lets the functions of the module be those of the run, as those of wandb are."""
    own = run if run is not None else _Ended()
    for name in _OF_RUN:
        globals()[name] = getattr(own, name)


_OF_RUN = ("log", "config", "summary", "define_metric", "watch", "unwatch", "save", "log_artifact", "use_artifact", "log_code", "alert")


class _Ended:
    """Between runs."""

    def __getattr__(self, name):
        if name in ("config", "summary"):
            return Named(lambda news: None)

        def call(*_args, **_kwargs):
            if name in ("watch", "unwatch", "save", "log_code", "alert"):
                return None
            raise Error("You must call wandb.init() before wandb.%s()" % name)

        return call


def finish(exit_code=None, quiet=None):
    """Ends the run."""
    if run is not None:
        run.finish(exit_code)


def login(*_args, **_kwargs):
    """Needs no account."""
    return True


def setup(*_args, **_kwargs):
    """Does nothing."""
    return Nothing("wandb.setup")


def sweep(sweep, *_args, **_kwargs):
    """Takes a sweep, of which agent() runs one configuration."""
    tell("the shim of wandb runs no sweeps: agent() runs one configuration; dbx queue runs many")
    sweep_id = new_id()
    _sweeps[sweep_id] = dict(sweep) if isinstance(sweep, dict) else {}
    return sweep_id


_sweeps = {}


def agent(sweep_id, function=None, *_args, **_kwargs):
    """Runs one configuration of a sweep: the one in the environment, else the first value of each param."""
    tell("the shim of wandb runs one configuration of a sweep; dbx queue runs many")
    first = {}
    for name, spec in _sweeps.get(sweep_id, {}).get("parameters", {}).items():
        choices = spec.get("values") or [spec.get("value", spec.get("min"))]
        first[name] = choices[0]
    if function is None:
        return
    global init
    plain_init = init

    def init_with(*args, **kwargs):
        kwargs["config"] = {**dict_of(kwargs.get("config")), **first}
        return plain_init(*args, **kwargs)

    init = init_with
    try:
        function()
    finally:
        init = plain_init
        finish()


def Settings(**options):
    """Settings, which say nothing to the shim."""
    return types.SimpleNamespace(**options)


def __getattr__(name):
    return missing(BY, name)


_publish()
