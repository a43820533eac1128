"""Notes, seals, references to objects, and ids that follow from others."""

import hashlib
import json
import re

from .logs import events_of, lines_of, read_line
from .text import Damage, Parsed, is_hash, is_id, is_number

LAST_MOMENT = 8640000000000000
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def note_times(logs):
    """The times of the events of each log."""
    said = {event.ts for log in logs for event in log if event.ts is not None}
    latest = LAST_MOMENT
    while latest + 1 in said:
        latest += 1
    times = []
    for log in logs:
        own, time = [], 0.0
        for event in log:
            if event.ts is not None and 0 <= event.ts <= latest:
                time = max(time, event.ts)
            own.append(time)
        times.append(own)
    return times


def read_notes(logs):
    """What is said, by the bytes of the notes of each replica, and the ts of the next note at 1000."""
    names = sorted(logs)
    events = [[event for _, _, event in events_of(logs[name])] for name in names]
    times = note_times(events)
    order = sorted((time, names[log], at, events[log][at]) for log in range(len(names)) for at, time in enumerate(times[log]))
    tags, notes, name, deleted = {None: set()}, [], None, False
    for _, _, _, event in order:
        run, text = event.data.get("run"), event.data.get("text")
        run = run if isinstance(run, str) else None
        tag = event.data.get("tag")
        if event.name == "dbx/tag" and isinstance(tag, str):
            own = tags.setdefault(run, set())
            own.discard(tag) if event.data.get("remove") is True else own.add(tag)
        elif event.name == "dbx/note" and isinstance(text, str):
            note = {"text": text} if run is None else {"text": text, "run": run}
            if event.data.get("remove") is True:
                notes = [other for other in notes if other != note]
            else:
                notes.append(note)
        elif event.name == "dbx/rename" and isinstance(event.data.get("name", ""), str):
            name = event.data.get("name")
        elif event.name in ("dbx/delete", "dbx/restore"):
            deleted = event.name == "dbx/delete"
    run_tags = {run: sorted(own) for run, own in tags.items() if run is not None and own}
    said = {"tags": sorted(tags[None]), "runTags": run_tags, "notes": notes, "name": name, "deleted": deleted}
    return said, max(1000, 1 + max((time for log in times for time in log), default=0))


CLOSING = re.compile(rb',"sha256":"([0-9a-f]{64})"\}\Z')


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def seals_of(life):
    """File and seal of each seal in the bytes of a life."""
    for _, _, event in events_of(life, 1, "dbx"):
        if event.name != "dbx/seal":
            continue
        log, what, size = event.data.get("log"), event.data.get("definition"), event.data.get("size")
        if not is_number(size) or size < 0 or size != int(size) or not is_hash(event.data.get("sha256")):
            continue
        seal = int(size), event.data["sha256"]
        if isinstance(log, str) and what is None:
            yield ("log", log), seal
        elif what in ("run", "experiment") and log is None:
            yield ("definition", what), seal


def goes_on(torn):
    """Whether something stands behind a whole JSON object."""
    text = torn.decode("utf-8", "replace")
    try:
        value, end = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return False
    return isinstance(value, dict) and end < len(text)


def check_seals(experiment, run, logs):
    """What a check finds by the seals of a run: what it is of (`log` or `definition`, and its name), kind and offset."""
    life = logs.get("dbx", b"")
    lines, torn = lines_of(life)
    last = lines[-1][2] if lines else b""
    is_ended = last.startswith(b'{"event":"dbx/end"')
    seals = {}
    for file, seal in seals_of(life):
        seals.setdefault(file, []).append(seal)
    may_have_been_end = bool(seals) and not last.startswith(b'{"event":"dbx/seal"')
    closing = CLOSING.search(last) if is_ended or may_have_been_end else None
    if seals and goes_on(torn):
        yield ("log", "dbx"), "broken-seal", None
    if closing and sha256(life[:lines[-1][1] + closing.start()]) != closing.group(1).decode():
        yield ("log", "dbx"), "broken-seal", None
    elif is_ended and not closing and seals:
        yield ("log", "dbx"), "broken-seal", None
    for (what, name), own in seals.items():
        data = logs.get(name, b"") if what == "log" else experiment if name == "experiment" else run
        if what == "definition":
            if any((len(data), sha256(data)) != seal for seal in own):
                yield (what, name), "broken-seal", None
            continue
        good = 0
        for size, digest in own:
            if size > len(data):
                yield (what, name), "short-log" if is_ended else "growing-log", None
                break
            if sha256(data[:size]) != digest:
                later_fits = sha256(data[:own[-1][0]]) == own[-1][1] and len(data) >= own[-1][0]
                yield (what, name), "broken-seal", None if later_fits else good
                break
            good = size


def is_event(line):
    try:
        return read_line(line, 1, "dbx") is not None
    except Damage:
        return False


def is_closed(logs):
    life = logs.get("dbx", b"")
    lines, torn = lines_of(life)
    if torn or not lines or not lines[-1][2].startswith(b'{"event":"dbx/end"') or not CLOSING.search(lines[-1][2]):
        return False
    if any(b"dbx/seal" in line and not is_event(line) for _, _, line in lines):
        return False
    sealed = {name: size for (what, name), (size, _) in seals_of(life) if what == "log" and name != "dbx"}
    lengths = {name: len(log) for name, log in logs.items() if name != "dbx"}
    return all(name in lengths for name in sealed) and all(sealed.get(name, 0) == size for name, size in lengths.items())


def expfiles_in(value):
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict) and item.get("_dbx") == "expfile" and is_hash(item.get("sha256")):
            yield item
        waiting += item.values() if isinstance(item, dict) else item if isinstance(item, list) else []


def hashes_in(data):
    return {match.decode() for match in re.findall(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", data)}


def plain_event(line):
    """An event of a line that is written as dbx writes it; None for any other."""
    try:
        value = json.loads(line.decode("utf-8"))
    except (ValueError, UnicodeDecodeError):
        return None
    if not isinstance(value, dict) or list(value)[:2] != ["event", "ts"]:
        return None
    return value if json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() == line else None


def kept_lines(lines):
    """The lines of a log `files` but for the versions that a later one says need not be kept."""
    unkept, left = set(), []
    for line in reversed(lines):
        event = plain_event(line[2]) or {}
        if event.get("event") == "dbx/unkept":
            unkept.add((event.get("name"), event.get("sha256")))
        more = [value for key, value in event.items() if key != "file"]
        if event.get("event") == "dbx/file" and not any(isinstance(value, (dict, list)) for value in more):
            file = event.get("file")
            if isinstance(file, dict) and (event.get("name"), file.get("sha256")) in unkept:
                continue
        left.append(line)
    return left[::-1]


def references(data, of):
    """The objects that a collector has to keep for some bytes, and whether they may refer to any."""
    objects, any_other = set(), False
    is_log = of != "definition"
    lines, torn = lines_of(data) if is_log else ([(1, 0, data)], b"")
    for _, _, line in kept_lines(lines) if of == "files log" else lines:
        try:
            value = None if is_log and not line.strip() else Parsed(line.decode("utf-8")).value
            objects |= {file["sha256"] for file in expfiles_in(value)}
        except (Damage, UnicodeDecodeError):
            any_other = True
            objects |= hashes_in(line)
    objects |= hashes_in(torn)
    try:
        objects |= {file["sha256"] for file in expfiles_in(Parsed(torn.decode("utf-8")).value)}
    except (Damage, UnicodeDecodeError):
        pass  # It may become a line, whose hashes were found above.
    return sorted(objects), any_other


def derived_id(vector):
    if "run" in vector:
        attempt = int(vector["attempt"])
        if attempt == 0:
            return vector["run"]
        number = int(sha256(f"{vector['run']}/{attempt}".encode()), 16)
        return "".join(DIGITS[number // 36**at % 36] for at in range(12, -1, -1))
    number = int(sha256(f"dbx resume\n{vector['repository']}\n{vector['name']}".encode()), 16)
    return "".join(DIGITS[number // 36**at % 36] for at in range(13))


def request_of(data):
    """The command of a request; None for what is none."""
    command, run = data.get("command"), data.get("run")
    if not isinstance(data.get("id"), str) or not is_id(data["id"]):
        return None
    if command == "stop":
        return command if isinstance(run, str) else None
    if command == "cancel":
        return command if isinstance(data.get("of"), str) else None
    words = data.get("cmd")
    is_start = command == "start" and isinstance(run, str) and is_id(run) and isinstance(words, list) and words
    return command if is_start and all(isinstance(word, str) for word in words) else None
