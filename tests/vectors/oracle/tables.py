"""What is in a repository, as rows."""

from .life import read_notes
from .text import is_hash
from .logs import arrival_time, events_of, points_of, status_of

NOW = 4_000_000_000_000  # A time at which no run of the vectors goes on any more.


def of_all(rows_of):
    """Rows of the experiments that are not deleted."""

    def rows(repository):
        for experiment in repository.experiments:
            said = read_notes(experiment.notes)[0]
            if not said["deleted"]:
                yield from rows_of(experiment, said)

    return rows


def of_logs(rows_of):
    def rows(experiment, _):
        for run in experiment.runs:
            for name in run.logs:
                of = {"exp": experiment.said["id"], "run": run.said["id"], "log": name}
                yield from ({**of, **row} for row in rows_of(run, name))

    return of_all(rows)


def experiments(experiment, notes):
    said = experiment.said
    yield {"exp": said["id"], "kind": said["kind"], "name": said["name"] if notes["name"] is None else notes["name"], "created_at": said["createdAt"], "runs": len(experiment.runs),
           "tags": sorted(notes["tags"]), "params": said["params"], "meta": said["own"], "version": experiment.version}


def runs(experiment, notes):
    for run in experiment.runs:
        said = run.said
        life = [event for _, _, event in events_of(run.logs.get("dbx", b""), 1, "dbx")] if experiment.version == 1 else []
        lost = life[-1].data.get("lost") if life else None
        row = {key: said.get(key) for key in ("cmd", "pwd", "script", "hostname", "env", "git")}
        yield {"exp": experiment.said["id"], "run": said["id"], "created_at": said["createdAt"],
               "status": status_of(run.logs, NOW) if experiment.version == 1 else "unknown",
               "lost_events": lost["events"] if lost else 0, "extra": said["own"], "tags": notes["runTags"].get(said["id"], []), **row}


def logs(run, name):
    yield {"bytes": len(run.logs[name])}


def numbered(run, name):
    """Number, time and event of each event of a log."""
    version = int(run.experiment.version)
    life = [event for _, _, event in events_of(run.logs.get("dbx", b""), 1, "dbx")] if version == 1 else []
    for number, offset, event in events_of(run.logs[name], version, name):
        yield number, arrival_time(life, name, offset) if event.ts is None else event.ts, event


def events(run, name):
    for number, ts, event in numbered(run, name):
        yield {"line": number, "event": event.name, "ts": ts, "data": event.data}


def points(run, name):
    times = {event: ts for _, ts, event in numbered(run, name)}
    for series, index, step, _, value, event in points_of(times):
        yield {"series": series, "idx": index, "step": step, "ts": times[event], "value": value}


def files(run, name):
    for _, _, event in numbered(run, name):
        for value in special_in(event.data):
            is_held = value["_dbx"] == "expfile"
            yield {"name": value["name"] if is_held else value["path"], "held": 1 if is_held else 0, "sha256": value["sha256"],
                   "path": value.get("path"), "hostname": value.get("hostname")}


def special_in(value):
    texts = {"expfile": ("exp", "name"), "reffile": ("path", "hostname")}
    if isinstance(value, dict) and isinstance(value.get("_dbx"), str) and value["_dbx"] in texts:
        if is_hash(value.get("sha256")) and all(isinstance(value.get(key), str) for key in texts[value["_dbx"]]):
            yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from special_in(item)


def notes(experiment, _):
    for replica, log in experiment.notes.items():
        for _, _, event in events_of(log):
            said = event.data
            what = event.name.removeprefix("dbx/")
            if what in ("tag", "note") and said.get("remove") is True:
                what = "un" + what
            yield {"exp": experiment.said["id"], "replica": replica, "ts": event.ts, "what": what,
                   "text": said.get("tag", said.get("text", said.get("name"))), "run": said.get("run")}


TABLES = {"experiments": of_all(experiments), "runs": of_all(runs), "logs": of_logs(logs), "events": of_logs(events),
          "points": of_logs(points), "files": of_logs(files), "notes": of_all(notes)}
