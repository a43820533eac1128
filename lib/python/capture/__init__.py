"""What dbx run records of other packages that log: wandb, mlflow, TensorBoard writers and others.

sitecustomize.py calls install(). A package is watched from the moment in which a script imports it; the module here that
knows it is loaded then, and never in a program that does not import it.
"""
import os
import sys

#: Which module here watches a module, after its import; the first word of a name is that of --capture.
WATCHED = {
    "wandb.sdk.wandb_run": "wandb",
    "wandb.sdk.lib.noop_run": "wandb",
    "mlflow.tracking.client": "mlflow",
    "mlflow.tracking.fluent": "mlflow",
    "tensorboardX.writer": "tensorboard",
    "torch.utils.tensorboard.writer": "tensorboard",
    "tensorflow.summary": "tensorflow",
    "tensorflow._api.v2.summary": "tensorflow",
    "tensorflow._api.v2.compat.v2.summary": "tensorflow",
    "tensorflow._api.v2.v2.summary": "tensorflow",
    "trackio.run": "trackio",
    "swanlab.sdk.internal.run": "swanlab",
    "swanlab.sdk.internal.run.components.config": "swanlab",
    "neptune.metadata_containers.metadata_container": "neptune",
    "neptune.handler": "neptune",
    "comet_ml.experiment": "comet_ml",
    "aim.sdk.run": "aim",
    "lightning.fabric.loggers.csv_logs": "lightning",
    "lightning.pytorch.loggers.csv_logs": "lightning",
    "lightning_fabric.loggers.csv_logs": "lightning",
    "pytorch_lightning.loggers.csv_logs": "lightning",
}

#: What --capture calls a module here, where that is another word.
CALLED = {"tensorflow": "tensorboard"}


class _Loader:
    """Runs a module as its own loader does, and then has it watched."""

    def __init__(self, loader, watcher):
        self._loader = loader
        self._watcher = watcher

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        # From here on nobody sees that there was another loader: some packages ask theirs for files.
        module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        watch(module, self._watcher)


class _Finder:
    """Stands before all other finders, and leaves every import but those of watched modules to them."""

    def __init__(self, watched, shims):
        self._watched = watched
        self._shims = shims

    def find_spec(self, name, path=None, target=None):
        if sys.meta_path[0] is not self:
            self._go_first()
        watcher = self._watched.get(name)
        if watcher is None:
            return find_shim(name) if self._shims and name.split(".")[0] in self._shims else None
        for finder in sys.meta_path:
            if finder is self or not hasattr(finder, "find_spec"):
                continue
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = _Loader(spec.loader, watcher)
                return spec
        return None

    def _go_first(self):
        """Packages that watch others (comet_ml) put finders before this one, which would find those modules first."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
            sys.meta_path.insert(0, self)

    def find_distributions(self, context):
        """Some scripts ask for the version of a package before they import it."""
        if context.name in self._shims:
            from dbx_shims.distribution import Shimmed

            yield Shimmed(context.name)


class _Submodule:
    """A module of a shimmed package, which has what the package itself has by a name."""

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        from dbx_shims.silent import known_or_missing

        module.__getattr__ = known_or_missing(module.__name__)


def find_shim(name):
    """Where a module of a shimmed package is: the package itself is a file."""
    from importlib.util import spec_from_file_location, spec_from_loader

    if "." in name:
        return spec_from_loader(name, _Submodule(), is_package=True)
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return spec_from_file_location(
        name, os.path.join(here, "dbx_shims", name + ".py"), submodule_search_locations=[]
    )


def watch(module, watcher):
    """Lets a module here watch one that was imported. What fails is recorded, and never seen by the script."""
    try:
        from importlib import import_module

        import_module("dbx_capture." + watcher + "_hook").watch(module)
    except Exception as error:
        try:
            from dbx_capture import record

            record.failed(CALLED.get(watcher, watcher), "import of " + module.__name__, error)
        except Exception:
            pass


def install(environ=os.environ):
    """Begins to watch what DBX_CAPTURE names, and to put shims in the place of what DBX_SHIM names."""
    wanted = environ.get("DBX_CAPTURE", "none")
    shims = [name for name in environ.get("DBX_SHIM", "").split(",") if name]
    if "DBX_RUN_DIR" not in environ or (wanted == "none" and not shims):
        return
    names = wanted.split(",")
    watched = {
        module: watcher
        for module, watcher in WATCHED.items()
        if (wanted == "auto" or CALLED.get(watcher, watcher) in names) and module.split(".")[0] not in shims
    }
    sys.meta_path.insert(0, _Finder(watched, frozenset(shims)))
