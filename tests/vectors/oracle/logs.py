"""Lines and logs, and what follows from their events: series, times of arrival, printed lines, how a run is doing."""

import math
import re

from .text import Damage, Parsed, is_event_name, is_number

PRINTED = ("printed", "printed_stderr")
PRINTED_LINE = re.compile(rb'\{"ts":([0-9]+),')


class Event:
    def __init__(self, name, ts, data, is_odd=False):
        self.name, self.ts, self.data, self.is_odd = name, ts, data, is_odd


def read_line(line, version=1, log="log"):
    """The event of the bytes of a line without its line feed. Raises Damage."""
    try:
        parsed = Parsed(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Damage("not UTF-8") from error
    if not isinstance(parsed.value, dict) or not isinstance(parsed.value.get("event"), str):
        raise Damage("not an object with a text event")
    data = dict(parsed.value)
    name = data.pop("event")
    keys = parsed.keys
    if version == 1 and log in PRINTED and PRINTED_LINE.match(line):
        keys = keys[1:]
        keys = [keys[0], "ts"] + keys[1:]  # What was printed need not have a time.
    is_odd = parsed.odd or not is_event_name(name) or keys[0] != "event"
    ts = None
    if version == 1 and "ts" in data:
        ts = data["ts"]
        is_odd = is_odd or keys[1] != "ts" or not is_number(ts) or ts != math.floor(ts) or abs(ts) > 2**53 - 1
        if is_number(ts):
            ts = float(math.floor(data.pop("ts")))
        else:
            ts = None
    return Event(name, ts, data, is_odd)


def lines_of(log):
    """Number, offset and bytes of each whole line; the torn tail last."""
    *whole, torn = log.split(b"\n")
    offset = 0
    lines = []
    for number, line in enumerate(whole, 1):
        lines.append((number, offset, line))
        offset += len(line) + 1
    return lines, torn


def events_of(log, version=1, name="log"):
    """Number, offset and event of each line that is one."""
    for number, offset, line in lines_of(log)[0]:
        try:
            yield number, offset, read_line(line, version, name)
        except Damage:
            pass


def pattern_of(name):
    coordinates, segments = [], []
    for segment in name.split("/"):
        if re.match(r"[0-9]{1,15}\Z", segment):
            coordinates.append(float(segment))
            segments.append("*")
        else:
            segments.append(r"\*" if segment == "*" else re.sub(r"[:\\]", r"\\\g<0>", segment))
    return "/".join(segments), coordinates


def points_of(events):
    """Series, index in it, step, coordinates, value and event of each point of some events."""
    counts = {}
    for event in events:
        if event.name.startswith("dbx/"):
            continue
        pattern, coordinates = pattern_of(event.name)
        step = event.data.get("step")
        for path, value in numbers_in(event.data):
            if path == ["step"] and is_number(step):
                continue
            series = pattern + ":" + ".".join(re.sub(r"[.\\]", r"\\\g<0>", key) for key in path)
            index = counts[series] = counts.get(series, -1) + 1
            at = step if is_number(step) else coordinates[-1] if coordinates else float(index)
            yield series, index, at, coordinates, value, event


def numbers_in(data):
    waiting = [([key], value) for key, value in reversed(data.items())]
    while waiting:
        path, value = waiting.pop()
        word = value.get("_dbx") if isinstance(value, dict) else None
        if is_number(value):
            yield path, value
        elif word in ("nan", "inf", "-inf"):
            yield path, {"_dbx": word}
        elif isinstance(value, dict) and not isinstance(word, str):
            waiting += [(path + [key], item) for key, item in reversed(value.items())]
        elif isinstance(value, list) and len(value) <= 256:
            waiting += reversed([(path + [str(index)], item) for index, item in enumerate(value)])


def arrival_time(life, log, offset):
    """The time of a line without ts that starts there, by the events of the log dbx; None where it has none yet."""
    size, latest = 0.0, -math.inf
    for event in life:
        said = event.data
        if event.name != "dbx/arrival" or said.get("log") != log or not said["size"] > size:
            continue
        since, until = max(said["since"], latest), max(event.ts, latest)
        since = min(since, until)
        if said["size"] > offset:
            return float(math.floor(since + (until - since) * (offset - size) / (said["size"] - size)))
        size, latest = said["size"], until
    return None


def shown(logs):
    """The printed lines of a run, by the bytes of its logs: stream, time and text."""
    waiting = {}
    for log, stream in (("printed", "stdout"), ("printed_stderr", "stderr")):
        lines = []
        for _, offset, line in lines_of(logs.get(log, b""))[0]:
            match = PRINTED_LINE.match(line)
            if match:
                text = (b"{" + line[match.end():]).decode("utf-8")
                lines.append((offset + len(line) + 1, (stream, float(match.group(1)), text)))
        waiting[log] = lines

    def take(log, size):
        while waiting[log] and waiting[log][0][0] <= size:
            yield waiting[log].pop(0)[1]

    for _, _, event in events_of(logs.get("stdout", b"")):
        if event.name == "dbx/printed":
            yield from take(event.data["log"], event.data["size"])
        elif event.name in ("stdout", "stderr"):
            yield event.name, event.ts, event.data["text"]
    for log in PRINTED:
        yield from take(log, math.inf)


def status_of(logs, now):
    """How a run is doing, by the bytes of its logs."""
    events = {name: [event for _, _, event in events_of(log, 1, name)] for name, log in logs.items()}
    life = events.get("dbx", [])
    if not life:
        return "unknown"
    if life[-1].name == "dbx/end":
        status = life[-1].data.get("status")
        return status if status in ("finished", "failed", "killed", "lost") else "unknown"
    if life[-1].name == "dbx/expired":
        return "lost"
    first = life[1] if life[0].name == "dbx/claim" and len(life) > 1 else life[0]
    heartbeat = first.data.get("heartbeat")
    if not is_number(heartbeat) or not heartbeat > 0:
        heartbeat = 30
    newest = max(log[-1].ts or 0 for name, log in events.items() if log and not name.startswith("put-"))
    return "running" if now - newest <= 4 * heartbeat * 1000 else "lost"
