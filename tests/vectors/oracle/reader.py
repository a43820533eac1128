"""Reads a repository: its experiments, their runs and logs. What is odd on the way is kept for a check."""

import re

from .definitions import open_marker, read_definition, read_old_definition
from .text import Damage, is_any_id, log_of


def cannot_be_used(name):
    if re.search("[\0-\x1f\x7f\\\\]|^[a-zA-Z]:", name):
        return True
    return any("\udc80" <= unit <= "\udcff" for unit in name)  # How Python says that bytes are not UTF-8.


class Repository:
    def __init__(self, root):
        self.root = root
        self.problems = []
        marker, copy = root / "dbx.json", root / ".dbx" / "marker.json"
        self.version, self.verdict, self.id = 0.0, "whole", None
        if marker.is_file():
            self.version = 1.0
            self.verdict, self.id = open_marker(marker.read_bytes(), copy.read_bytes() if copy.is_file() else None)
        self.experiments = []
        if self.verdict != "refused":
            self._look(root, "")
        if self.version == 0 and not self.experiments and not self.problems:
            self.verdict = "refused"  # There is no repository.

    def entries(self, folder):
        """What stands in a folder: but for links, and what has a name that cannot be used."""
        entries = []
        for path in sorted((self.root / folder).iterdir()) if (self.root / folder).is_dir() else []:
            if path.is_symlink():
                continue
            is_part = path.is_dir() or log_of(path.name) is not None
            if cannot_be_used(path.name) and not path.name.startswith(".") and is_part:
                self.report("bad-name", f"{folder}/{path.name}".lstrip("/"))
            else:
                entries.append(path)
        return entries

    def report(self, kind, path):
        if (kind, path) not in self.problems:
            self.problems.append((kind, path))

    def _look(self, path, folder):
        for entry in self.entries(folder):
            name = entry.name
            if not entry.is_dir() or name.startswith(".") or (folder == "" and name == "objects"):
                continue
            inside = f"{folder}/{name}".lstrip("/")
            names = {item.name for item in self.entries(inside)}
            if is_any_id(name) and (entry / "meta.json").is_file():
                self._read(inside)
            elif is_any_id(name) and ("runs" in names or any(log_of(item) for item in names)):
                if holds_files(entry):
                    self.report("incomplete", inside)
            else:
                self._look(entry, inside)

    def _read(self, folder):
        try:
            self.experiments.append(Experiment(self, folder))
        except Damage:
            self.report("bad-definition", f"{folder}/meta.json")


def holds_files(path):
    return any(item.is_file() or holds_files(item) for item in path.iterdir() if not item.name.startswith("."))


def take_id(said, folder):
    """The id is that of the folder; whether the definition says so."""
    written, said["id"] = said.get("id"), folder.split("/")[-1]
    return written == said["id"]


class Experiment:
    def __init__(self, repository, folder):
        self.repository, self.folder = repository, folder
        self.meta = (repository.root / folder / "meta.json").read_bytes()
        beside = [path.name for path in repository.entries(folder) if path.is_file()]
        logs_beside = [name for name in beside if log_of(name) or name == "files.json"]
        run_folders = [path for path in repository.entries(f"{folder}/runs") if path.is_dir() and is_any_id(path.name)]
        self.version = 0.0 if repository.version == 0 or (logs_beside and not run_folders) else 1.0
        self.runs = []
        self.notes = {}
        for path in repository.entries(f"{folder}/notes"):
            if path.name.endswith(".log.jsonl") and log_of(path.name) and path.is_file():
                self.notes[log_of(path.name)] = path.read_bytes()
        if self.version == 0:
            self.said, run, self.is_odd, self.is_utf8 = read_old_definition(self.meta, f"{folder}/meta.json")
            self.runs.append(Run(self, folder, run, self.meta))
            return
        self.said, self.is_odd, self.is_utf8 = read_definition(self.meta, "experiment")
        self.has_own_id = take_id(self.said, folder)
        for path in run_folders:
            self._read_run(path)
        self.runs.sort(key=lambda run: (run.said["createdAt"], run.said["id"]))

    def _read_run(self, path):
        folder = f"{self.folder}/runs/{path.name}"
        self.repository.entries(folder)
        if not (path / "meta.json").is_file():
            if holds_files(path):
                self.repository.report("incomplete", folder)
            return
        meta = (path / "meta.json").read_bytes()
        try:
            said, is_odd, is_utf8 = read_definition(meta, "run")
        except Damage:
            self.repository.report("bad-definition", f"{folder}/meta.json")
            return
        self.runs.append(Run(self, folder, said, meta, is_odd, is_utf8))


class Run:
    def __init__(self, experiment, folder, said, meta, is_odd=False, is_utf8=True):
        self.experiment, self.folder, self.said, self.meta = experiment, folder, said, meta
        self.is_odd, self.is_utf8 = is_odd, is_utf8
        self.has_own_id = take_id(said, folder)
        self.logs = {}
        for path in experiment.repository.entries(folder):
            if path.is_file() and log_of(path.name):
                self.logs[log_of(path.name)] = path.read_bytes()

    def path_of(self, log):
        return f"{self.folder}/log.jsonl" if log == "log" else f"{self.folder}/{log}.log.jsonl"
