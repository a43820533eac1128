"""JSON, times and names, as FORMAT.md says. Written from that page alone, with the standard library of Python."""

import json
import math
import re


class Damage(Exception):
    """Something is not what the format says."""


class Parsed:
    """A JSON value; `keys`: those of the top in their order; `odd`: readers take it, a writer must not write it so."""

    def __init__(self, text):
        self.keys = []
        self.odd = False
        try:
            self.value = json.loads(
                text, object_pairs_hook=self._object, parse_int=self._number, parse_float=self._number,
                parse_constant=self._constant)
        except (ValueError, RecursionError) as error:
            raise Damage(f"not JSON: {error}") from error
        if depth_of(self.value) > 500:
            raise Damage("deeper than 500")

    def _object(self, pairs):
        self.keys = [key for key, _ in pairs]
        return dict(pairs)

    def _number(self, digits):
        value = float(digits)
        if not math.isinf(value):
            return value
        self.odd = True
        return Special("inf" if value > 0 else "-inf")

    def _constant(self, word):
        self.odd = True
        return Special({"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}[word])


def depth_of(value):
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        if isinstance(item, (dict, list)):
            deepest = max(deepest, depth)
            waiting += [(inner, depth + 1) for inner in (item.values() if isinstance(item, dict) else item)]
    return deepest


class Special(dict):
    """A number that JSON lacks."""

    def __init__(self, word):
        super().__init__(_dbx=word)


def load(text):
    """JSON of a vector: all numbers are doubles."""
    return json.loads(text, parse_int=float)


def is_number(value):
    return isinstance(value, float)


def same(one, other):
    """Whether two JSON values are equal: 1 is not true."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return one == other


TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?(?:Z|([+-])([0-9]{2}):?([0-9]{2}))?)?\Z")


def days_since_1970(year, month, day):
    """None for a day that the calendar does not have. There are years before 1 too, which datetime lacks."""
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    lengths = [31, 29 if is_leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    if not 1 <= month <= 12 or not 1 <= day <= lengths[month - 1]:
        return None
    before = year - 1
    return before * 365 + before // 4 - before // 100 + before // 400 + sum(lengths[:month - 1]) + day - 1 - 719162


def read_time(value):
    """Milliseconds since 1970, or None."""
    if is_number(value):
        return math.floor(value) if abs(value) <= 8640000000000000 else None
    match = TIME.match(value) if isinstance(value, str) else None
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    fraction, sign, zone_hour, zone_minute = match.group(7), match.group(8), int(match.group(9) or 0), int(match.group(10) or 0)
    days = days_since_1970(year, month, day)
    ms = int(((fraction or "") + "000")[:3])
    rest = minute or second or int(fraction or 0)
    if days is None or hour > 24 or minute > 59 or second > 59 or (hour == 24 and rest) or zone_hour > 23 or zone_minute > 59:
        return None
    offset = (zone_hour * 60 + zone_minute) * 60_000 * (-1 if sign == "-" else 1)
    return ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + ms - offset


def is_plain_time(value):
    return isinstance(value, str) and re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z\Z", value) is not None


def is_id(text):
    return re.match(r"[0-9a-z]{13}\Z", text) is not None


def is_any_id(text):
    """Also one of version 0."""
    return re.match(r"[_0-9a-zA-Z]{13}\Z", text) is not None


def is_hash(text):
    return isinstance(text, str) and re.match(r"[0-9a-f]{64}\Z", text) is not None


CONTROL = re.compile("[\0-\x1f\x7f-\x9f]")


def has_half(text):
    return re.search("[\ud800-\udfff]", text) is not None


def is_experiment_name(name):
    if name == "":
        return True
    if CONTROL.search(name) or "\\" in name or has_half(name) or len(name.encode()) > 800 or name.count("/") > 31:
        return False
    for segment in name.split("/"):
        if segment == "" or segment[0] == "." or segment[-1] in ". " or is_id(segment):
            return False
        if segment in ("runs", "notes", "objects", "purged") or re.match("[a-zA-Z]:", segment) or len(segment.encode()) > 200:
            return False
    return True


def is_log_name(name):
    return re.match(r"[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,99}\Z", name) is not None


def is_event_name(name):
    units = len(name.encode("utf-16-le", "surrogatepass")) // 2
    return 1 <= units <= 1024 and CONTROL.search(name) is None


def log_of(file):
    """The name of the log in a file; None where it is not a log."""
    if file == "log.jsonl":
        return "log"
    if not file.endswith(".log.jsonl") or file.startswith("."):
        return None
    name = file[:-len(".log.jsonl")]
    return None if name == "log" else name
