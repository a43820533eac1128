"""Whole repositories: made in a folder, read, checked, and compared with their vectors."""

import os
import pathlib
import tempfile

from . import checks, tables
from .reader import Repository
from .text import load, same


def differences(path):
    """What a vector expects and this program does not find, and the other way round."""
    vector = load(path.read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        if "folder" in vector:
            root = (path.parent / vector["folder"]).resolve()
        else:
            make(root, vector)
        return list(compare(vector, root))


def make(root, vector):
    for name in vector.get("folders", []):
        (root / name).mkdir(parents=True, exist_ok=True)
    for file in vector["files"]:
        path = root / file["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes.fromhex(file["hex"]) if "hex" in file else file["text"].encode())
    for name, target in vector.get("links", {}).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        os.symlink(target, root / name)


def compare(vector, root):
    repository = Repository(root)
    if repository.verdict == "refused" or "refused" in vector:
        if (repository.verdict == "refused") != vector.get("refused", False):
            yield "one of them refuses it"
        return
    if repository.version != vector["version"] or repository.id != vector["id"]:
        yield f"version {repository.version}, id {repository.id}"
    yield from unlike("check", vector["check"], list(checks.check(repository)))
    for name, rows in vector["tables"].items():
        yield from unlike(name, rows, list(tables.TABLES[name](repository)))


def unlike(what, expected, found):
    """The items of two lists, in any order, that have no partner."""
    left = list(expected)
    for item in found:
        partner = next((at for at, other in enumerate(left) if same(item, other)), None)
        if partner is None:
            yield f"{what}: not expected: {item!r:.300}"
        else:
            del left[partner]
    yield from (f"{what}: not found: {item!r:.300}" for item in left)
