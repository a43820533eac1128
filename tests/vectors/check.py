"""Compares the test vectors of the repository format with what a program says that was written from FORMAT.md alone.

Prints what differs, and ends with 1 where something does. Standard library only.
"""

import pathlib
import sys

sys.dont_write_bytecode = True
sys.setrecursionlimit(10_000)  # Values may be 500 deep.

from oracle import definitions, life, logs, places, repositories, text  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parent


def bytes_of(vector):
    return bytes.fromhex(vector["hex"]) if "hex" in vector else vector["text"].encode()


def encoded(named):
    return {name: value.encode() for name, value in named.items()}


def line(vector):
    data = bytes_of(vector)
    if not data.endswith(b"\n"):
        return {"verdict": "nothing"}
    try:
        event = logs.read_line(data[:-1], int(vector.get("version", 1)), vector.get("log", "log"))
    except text.Damage:
        return {"verdict": "damage"}
    value = {"event": event.name, "ts": event.ts, "data": event.data}
    return {"verdict": "note" if event.is_odd else "event", "value": value}


def log(vector):
    whole, torn = logs.lines_of(bytes_of(vector))
    lines = []
    for number, offset, data in whole:
        said = line({"hex": (data + b"\n").hex()})
        name = {"event": said["value"]["event"]} if "value" in said else {}
        lines.append({"line": float(number), "offset": float(offset), "verdict": said["verdict"], **name})
    return {"lines": lines, "torn": float(len(torn))}


NAMES = {"experiment": text.is_experiment_name, "log": text.is_log_name, "event": text.is_event_name, "id": text.is_id,
         "id-of-version-0": text.is_any_id, "hash": text.is_hash}


def series(vector):
    log_bytes = "".join(line + "\n" for line in vector["lines"]).encode()
    points = logs.points_of(event for _, _, event in logs.events_of(log_bytes))
    keys = ("series", "step", "coordinates", "value")
    return sorted((dict(zip(keys, (name, step, at, value))) for name, _, step, at, value, _ in points), key=by_series)


def by_series(point):
    return point["series"]


def marker(vector):
    copy = vector.get("copy")
    verdict, repository = definitions.open_marker(bytes_of(vector), None if copy is None else copy.encode())
    return {"verdict": verdict} if verdict == "refused" else {"verdict": verdict, "repository": repository}


def definition(vector):
    try:
        value, is_odd, is_utf8 = definitions.read_definition(bytes_of(vector), vector["of"])
    except text.Damage:
        return {"verdict": "damage"}
    return {"verdict": "damage" if not is_utf8 else "note" if is_odd else "fine", "value": value}


def old_definition(vector):
    try:
        experiment, run, _, _ = definitions.read_old_definition(vector["text"].encode(), vector["path"])
    except text.Damage:
        return {"value": None}
    return {"value": {"experiment": experiment, "run": run}}


def notes(vector):
    value, following = life.read_notes(encoded(vector["logs"]))
    return {"value": value, "next": float(following)}


def sorted_tags(vector):
    return {"value": {**vector["value"], "tags": sorted(vector["value"]["tags"])}, "next": vector["next"]}


def seals(vector):
    files = encoded(vector["files"])
    folder = next(path for path in files if path.endswith("/meta.json"))[:-len("meta.json")]
    run_logs = {text.log_of(path[len(folder):]): data for path, data in files.items() if text.log_of(path[len(folder):])}
    found = []
    for (what, name), kind, offset in life.check_seals(files["meta.json"], files[folder + "meta.json"], run_logs):
        path = ("" if name == "experiment" else folder) + "meta.json" if what == "definition" else folder + ("log.jsonl" if name == "log" else name + ".log.jsonl")
        found.append({"file": path, "kind": kind, **({} if offset is None else {"offset": float(offset)})})
    return {"found": found, **({"closed": life.is_closed(run_logs)} if "closed" in vector else {})}


def references(vector):
    objects, any_other = life.references(bytes_of(vector), vector["of"])
    return {"objects": objects, "any": any_other}


def arrivals(vector):
    events = [event for _, _, event in logs.events_of(vector["dbx"].encode(), 1, "dbx")]
    return [{"offset": item["offset"], "time": logs.arrival_time(events, "log", item["offset"])} for item in vector["times"]]


def portable(vector):
    return sorted(({"path": path, "systems": systems} for path, systems in places.unportable(vector["paths"])), key=by_path)


def by_path(item):
    return item["path"], len(item["systems"])


def printed(vector):
    return [dict(zip(("stream", "ts", "text"), item)) for item in logs.shown(encoded(vector["logs"]))]


def only(*keys):
    return lambda vector: {key: vector[key] for key in keys if key in vector}


# By file: what the program says of a vector, and what the vector expects.
CHECKS = {
    "lines": (line, only("verdict", "value")),
    "logs": (log, only("lines", "torn")),
    "times": (lambda vector: text.read_time(vector["value"]), lambda vector: vector["ms"]),
    "names": (lambda vector: NAMES[vector["of"]](vector["name"]), lambda vector: vector["valid"]),
    "places": (lambda vector: places.place_of(vector["path"]), lambda vector: vector["place"]),
    "portable": (portable, lambda vector: sorted(vector["unportable"], key=by_path)),
    "series": (series, lambda vector: sorted(vector["points"], key=by_series)),
    "markers": (marker, only("verdict", "repository")),
    "definitions": (definition, only("verdict", "value")),
    "definitions-v0": (old_definition, only("value")),
    "status": (lambda vector: logs.status_of(encoded(vector["logs"]), vector["now"]), lambda vector: vector["status"]),
    "notes": (notes, sorted_tags),
    "seals": (seals, lambda vector: {**only("closed")(vector), "found": [only("file", "kind", "offset")(one) for one in vector["found"]]}),
    "references": (references, lambda vector: {"objects": sorted(vector["objects"]), "any": vector["any"]}),
    "requests": (lambda vector: life.request_of(vector["data"]), lambda vector: vector["command"]),
    "ids": (life.derived_id, lambda vector: vector["derived"]),
    "arrivals": (arrivals, lambda vector: vector["times"]),
    "printed": (printed, lambda vector: vector["shown"]),
}


def main():
    checked, differences = 0, []
    for name, (say, expect) in CHECKS.items():
        for vector in text.load((FOLDER / f"{name}.json").read_text("utf-8"))["vectors"]:
            checked += 1
            said, expected = say(vector), expect(vector)
            if not text.same(said, expected):
                differences.append(f"{name}.json: {vector['id']}: {said!r:.300} and not {expected!r:.300}")
    for path in sorted((FOLDER / "repositories").glob("*.json")):
        checked += 1
        differences += [f"{path.name}: {difference}" for difference in repositories.differences(path)]
    sys.stdout.reconfigure(errors="backslashreplace")
    print("\n".join([*differences, f"{checked} vectors, {len(differences)} differences"]))
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
