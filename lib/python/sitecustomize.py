# Written by dbx run, which puts this folder first on PYTHONPATH: stdout and stderr become line-buffered, as on a
# terminal, and the modules beside this file can be imported. "dbx run --no-python-hook" does without. A sitecustomize
# of your own, further on sys.path, is run as always.
import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))


def _line_buffered(name):
    stream = getattr(sys, name, None)
    if stream is None or getattr(stream, "line_buffering", True) or getattr(stream, "write_through", False):
        return
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(line_buffering=True)
        return
    import io

    encoding, errors = stream.encoding, stream.errors
    new = io.TextIOWrapper(stream.detach(), encoding, errors, line_buffering=True)
    new.mode = "w"
    setattr(sys, name, new)
    setattr(sys, "__" + name + "__", new)


def _own():
    # Last, so that a module of the same name that the user has, beside the script or installed, is the one imported.
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != _HERE] + [_HERE]
    if os.environ.get("PYTHONUNBUFFERED"):
        return
    for name in ("stdout", "stderr"):
        try:
            _line_buffered(name)
        except Exception:
            pass


def _next():
    try:
        from importlib.machinery import PathFinder
        from importlib.util import module_from_spec

        spec = PathFinder.find_spec("sitecustomize", [path for path in sys.path if path != _HERE])
        if spec is None or spec.loader is None:
            return None
        return spec, module_from_spec(spec)
    except Exception:
        return None


def _capture():
    if os.environ.get("DBX_CAPTURE", "none") != "none" or os.environ.get("DBX_SHIM"):
        import dbx_capture

        dbx_capture.install()


for _part in (_own, _capture):
    try:
        _part()
    except Exception:
        pass
_found = _next()
if _found is not None:
    sys.modules["sitecustomize"] = _found[1]
    _found[0].loader.exec_module(_found[1])
