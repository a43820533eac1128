"""What a check finds in a repository: the table "What a check finds" of FORMAT.md."""

from .life import check_seals, expfiles_in, sha256
from .logs import events_of, lines_of, read_line
from .text import Damage, Parsed, is_any_id, is_experiment_name, is_hash, is_id, is_log_name, log_of
from .definitions import decode

DAMAGE = ("bad-marker", "bad-definition", "wrong-id", "duplicate", "bad-line", "not-utf8", "bad-name", "link", "wrong-hash",
          "broken-seal", "short-log", "bad-tombstone", "purged")


def finding(kind, path, line=None, offset=None):
    at = {"line": line, "offset": offset}
    severity = "damage" if kind in DAMAGE else "note"
    return {"path": path, "kind": kind, "severity": severity, **{key: float(item) for key, item in at.items() if item is not None}}


def check(repository):
    if repository.verdict == "damaged":
        yield finding("bad-marker", "dbx.json")
    for experiment in repository.experiments:
        yield from check_experiment(experiment)
    yield from check_duplicates(repository)
    yield from check_objects(repository)
    yield from check_links(repository)
    yield from check_tombstones(repository)
    for kind, path in repository.problems:  # The last, as reading has to be over.
        yield finding(kind, path)


def check_experiment(experiment):
    repository, folder = experiment.repository, experiment.folder
    if experiment.version == 1:
        *above, own = folder.split("/")
        if "/".join(above) != experiment.said["name"]:
            yield finding("moved", f"{folder}/meta.json")
        if not is_experiment_name("/".join(above)) or not is_id(own):
            yield finding("irregular-name", folder)
        yield from check_definition(experiment, folder)
        yield from strays(repository, folder, lambda path: path.name in ("meta.json", "runs", "notes"))
        yield from strays(repository, f"{folder}/runs", lambda path: path.is_dir() and is_any_id(path.name))
        yield from strays(repository, f"{folder}/notes", lambda path: is_log(path) and path.name != "log.jsonl")
    else:
        yield from check_bytes(experiment, f"{folder}/meta.json")
    for run in experiment.runs:
        yield from check_run(run, experiment)
    for replica, log in experiment.notes.items():
        yield from check_log(repository, f"{folder}/notes/{replica}.log.jsonl", log, 1, replica)


def check_run(run, experiment):
    version = int(experiment.version)
    if version == 1:
        if not is_id(run.folder.split("/")[-1]):
            yield finding("irregular-name", run.folder)
        yield from check_definition(run, run.folder)
        yield from strays(experiment.repository, run.folder, lambda path: path.name == "meta.json" or is_log(path))
    for name, log in run.logs.items():
        if not is_log_name(name):
            yield finding("irregular-name", run.path_of(name))
        yield from check_log(experiment.repository, run.path_of(name), log, version, name)
    life = [event for _, _, event in events_of(run.logs.get("dbx", b""), version, "dbx")]
    lost = life[-1].data.get("lost") if life and version == 1 else None
    if isinstance(lost, dict) and lost.get("events", 0) > 0:
        yield finding("lost-events", run.folder)
    if version == 0:
        return
    for (what, name), kind, offset in check_seals(experiment.meta, run.meta, run.logs):
        of = run.path_of(name) if what == "log" else f"{(run if name == 'run' else experiment).folder}/meta.json"
        yield finding(kind, of, None, offset)


def check_definition(of, folder):
    """Of an experiment or a run."""
    path = f"{folder}/meta.json"
    if not of.has_own_id:
        yield finding("wrong-id", path)
    yield from check_bytes(of, path)
    repository = of.repository if hasattr(of, "repository") else of.experiment.repository
    for _ in missing(repository, Parsed(decode(of.meta)[0]).value):
        yield finding("missing-object", path)


def check_bytes(of, path):
    if not of.is_utf8:
        yield finding("not-utf8", path)
    if of.is_odd:
        yield finding("irregular-definition", path)


def missing(repository, value):
    wanted = {file["sha256"] for file in expfiles_in(value)}
    return [digest for digest in wanted if not (repository.root / "objects" / digest[:2] / digest).is_file()]


def is_log(path):
    return path.is_file() and log_of(path.name) is not None


def strays(repository, folder, is_known):
    for path in repository.entries(folder):
        if not is_known(path):
            yield finding("temporary" if path.name.startswith(".tmp-") else "stray", f"{folder}/{path.name}")


def check_log(repository, path, log, version, name):
    lines, torn = lines_of(log)
    for number, offset, line in lines:
        try:
            event = read_line(line, version, name)
        except Damage:
            yield finding("bad-line", path, number, offset)
            continue
        if event.is_odd:
            yield finding("irregular-line", path, number, offset)
        for _ in missing(repository, event.data) if version == 1 else []:
            yield finding("missing-object", path, number, offset)
    if torn:
        yield finding("torn-tail", path, None, len(log) - len(torn))


def check_duplicates(repository):
    experiments, runs = {}, {}
    for experiment in repository.experiments:
        experiments.setdefault(experiment.said["id"], []).append(experiment.folder)
        for run in experiment.runs if experiment.version == 1 else []:
            runs.setdefault(run.said["id"], []).append((experiment.said["id"], run.folder))
    for folders in experiments.values():
        if len(folders) > 1:
            yield finding("duplicate", min(folders))
    for places in runs.values():
        if len({owner for owner, _ in places}) > 1:
            yield finding("duplicate", min(folder for _, folder in places))


def check_objects(repository):
    for shelf in repository.entries("objects"):
        if shelf.name.startswith(".tmp-"):
            yield finding("temporary", f"objects/{shelf.name}")
            continue
        for path in repository.entries(f"objects/{shelf.name}") if shelf.is_dir() else [shelf]:
            name = path.relative_to(repository.root).as_posix()
            if path.name.startswith(".tmp-"):
                yield finding("temporary", name)
            elif not is_hash(path.name) or shelf.name != path.name[:2]:
                yield finding("stray", name)
            elif sha256(path.read_bytes()) != path.name:
                yield finding("wrong-hash", name)


def check_links(repository):
    for path in repository.root.rglob("*"):
        if path.is_symlink():
            name = path.relative_to(repository.root).as_posix()
            yield finding("local-link" if name.startswith(".dbx/") else "link", name)


def check_tombstones(repository):
    ids = set()
    for path in repository.entries("purged"):
        if path.is_file() and path.name.endswith(".json") and is_any_id(path.name[:-5]):
            ids.add(path.name[:-5])
            if path.read_bytes() != f'{{"event":"dbx/purge","id":"{path.name[:-5]}"}}\n'.encode():
                yield finding("bad-tombstone", f"purged/{path.name}")
    for path in repository.root.rglob("*"):
        name = path.relative_to(repository.root).as_posix()
        if path.is_dir() and path.name in ids and not name.startswith("."):
            yield finding("purged", name)
