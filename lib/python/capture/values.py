"""Any value of a script as JSON that dbx keeps: what JSON lacks becomes an object with the key _dbx, or a text."""
import math
import os

#: More elements than this are not kept as a list.
MAX_ELEMENTS = 256
#: How deep lists and objects may be in one another; deeper ones become texts.
MAX_DEPTH = 50
MAX_TEXT = 1 << 20
MAX_INTEGER = (1 << 53) - 1


def plain(value, depth=0):
    """The value as JSON has it."""
    kind = type(value)
    if kind is float:
        return value if math.isfinite(value) else special(value)
    if kind is int:
        return value if -MAX_INTEGER <= value <= MAX_INTEGER else str(value)
    if kind is str:
        return value if len(value) <= MAX_TEXT else value[:MAX_TEXT]
    if value is None or kind is bool:
        return value
    if depth >= MAX_DEPTH:
        return text_of(value)
    if isinstance(value, dict):
        return {key if type(key) is str else str(key): plain(item, depth + 1) for key, item in list(value.items())}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = [plain(item, depth + 1) for item in list(value)[:MAX_ELEMENTS]]
        return items if len(value) <= MAX_ELEMENTS else items + ["%d more" % (len(value) - MAX_ELEMENTS)]
    return other(value, depth)


def special(number):
    """A float that JSON has no word for."""
    return {"_dbx": "nan" if number != number else "inf" if number > 0 else "-inf"}


def other(value, depth):
    """What is not one of Python's own plain types: scalars and arrays of other packages, paths, dates, enums, objects."""
    if isinstance(value, bool):
        return bool(value)
    if isinstance(value, float):
        return plain(float(value))
    if isinstance(value, int) and not hasattr(value, "name"):
        return plain(int(value))
    if isinstance(value, str) and not hasattr(value, "name"):
        return str.__str__(value)
    size = size_of(value)
    if size is not None:
        if size == 1 and hasattr(value, "item"):
            return plain(value.item(), depth + 1)
        if size <= MAX_ELEMENTS and hasattr(value, "tolist"):
            return plain(value.tolist(), depth + 1)
        return {"shape": [int(length) for length in value.shape], "dtype": str(getattr(value, "dtype", ""))}
    if isinstance(value, os.PathLike):
        return os.fspath(value) if isinstance(os.fspath(value), str) else text_of(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(type(value), "__members__") and hasattr(value, "value"):
        return plain(value.value, depth + 1)
    if hasattr(type(value), "__dataclass_fields__"):
        fields = {name: getattr(value, name, None) for name in type(value).__dataclass_fields__}
        return plain(fields, depth + 1)
    if hasattr(value, "items") and hasattr(value, "keys"):
        return plain(dict(value.items()), depth + 1)
    if hasattr(value, "__dict__") and type(value).__name__ == "Namespace":
        return plain(vars(value), depth + 1)
    return text_of(value)


def size_of(value):
    """How many elements an array of numpy, torch, jax or tensorflow has; None for all else."""
    shape = getattr(value, "shape", None)
    if shape is None or isinstance(value, type):
        return None
    try:
        size = 1
        for length in shape:
            size *= int(length)
        return size
    except (TypeError, ValueError):
        return None


def text_of(value):
    """A short text of anything."""
    try:
        text = str(value)
    except Exception:
        text = "<%s>" % type(value).__name__
    return text if len(text) <= 1000 else text[:1000] + "…"


def number(value):
    """A number, or one of JSON's stand-ins for it; of arrays with one element that element."""
    kept = plain(value)
    return float(kept) if isinstance(kept, bool) else kept
