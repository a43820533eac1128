"""What the file of a path is, by the tree of FORMAT.md."""

import re
import unicodedata

from .text import has_half, is_any_id, is_experiment_name, is_hash, log_of


def place_of(path):
    if path == "dbx.json":
        return {"what": "marker"}
    parts = path.split("/")
    if re.search("[\0-\x1f\x7f\\\\]|^[a-zA-Z]:", path) or has_half(path) or any(part == "" or part[0] == "." for part in parts):
        return None
    last = parts[-1]
    if parts[0] == "objects":
        is_object = len(parts) == 3 and is_hash(last) and parts[1] == last[:2]
        return {"what": "object"} if is_object else None
    if len(parts) == 2 and parts[0] == "purged" and last.endswith(".json") and is_any_id(last[:-5]):
        return {"what": "tombstone", "of": last[:-5]}
    log = log_of(last)
    folder = experiment_at(parts, len(parts) - 2)
    if folder is not None and last == "meta.json":
        return {"what": "experiment", "experiment": folder}
    of_run = experiment_at(parts, len(parts) - 4)
    if of_run is not None and parts[-3] == "runs" and is_any_id(parts[-2]):
        if last == "meta.json":
            return {"what": "run", "experiment": of_run, "run": parts[-2]}
        return None if log is None else {"what": "log", "experiment": of_run, "run": parts[-2], "log": log}
    of_notes = experiment_at(parts, len(parts) - 3)
    if of_notes is not None and parts[-2] == "notes":
        is_notes = log is not None and last != "log.jsonl"
        return {"what": "notes", "experiment": of_notes, "replica": log} if is_notes else None
    if folder is not None and (log is not None or last == "files.json"):
        return {"what": "old log" if log is not None else "old registry", "experiment": folder}
    for at in range(len(parts) - 1):
        folder = experiment_at(parts, at)
        if folder is not None:
            return None if parts[at + 1] in ("runs", "notes") else {"what": "old file", "experiment": folder}
    return None


def experiment_at(parts, at):
    """The folder of the experiment whose id is a part of a path."""
    if at < 0 or not is_any_id(parts[at]) or not is_experiment_name("/".join(parts[:at])):
        return None
    return "/".join(parts[:at + 1])


DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3]) *(\.|\Z)", re.IGNORECASE)


def units(text):
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def unportable(paths):
    """The folders and files on the way to some paths that some systems cannot hold or keep apart, and these systems."""
    seen, keys = set(), {}
    for path in paths:
        parts = path.split("/")
        for at, name in enumerate(parts):
            here, above = "/".join(parts[:at + 1]), "/".join(parts[:at])
            if here in seen:
                continue
            seen.add(here)
            if re.search(r'[<>:"|?*]', name):
                yield here, ["Windows"]
            if name[-1] in ". ":
                yield here, ["Windows"]
            if DEVICE.match(name):
                yield here, ["Windows"]
            if unicodedata.normalize("NFC", name) != name:
                yield here, ["macOS"]
            if units(name) > 255:
                yield here, ["Windows", "macOS"]
            if units(here) > 240 >= units(above):
                yield here, ["Windows"]
            key = above, unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())
            other = keys.setdefault(key, name)
            if other != name:
                is_same = unicodedata.normalize("NFC", other) == unicodedata.normalize("NFC", name)
                yield here, ["macOS"] if is_same else ["Windows", "macOS"]
