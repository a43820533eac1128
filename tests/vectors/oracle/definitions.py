"""Markers and definitions."""

import re

from .text import Damage, Parsed, is_any_id, is_id, is_number, is_plain_time, read_time


def decode(data):
    """A definition's text: without a byte order mark, U+FFFD for what is not UTF-8; and whether it is otherwise."""
    text = data.decode("utf-8", "replace")
    try:
        data.decode("utf-8")
        is_utf8 = True
    except UnicodeDecodeError:
        is_utf8 = False
    has_mark = text.startswith("\ufeff")
    return text[1:] if has_mark else text, has_mark, is_utf8


def read_object(data):
    text, has_mark, is_utf8 = decode(data)
    parsed = Parsed(text)
    if not isinstance(parsed.value, dict):
        raise Damage("not an object")
    return parsed.value, has_mark or parsed.odd, is_utf8


def read_marker(data):
    """The id of a marker that is whole. Raises Damage, or ValueError for another version."""
    fields, _, _ = read_object(data)
    version = fields.get("dbx")
    if is_number(version) and version != 1:
        raise ValueError("another version")
    if version != 1 or isinstance(version, bool):
        raise Damage("no version")
    if not isinstance(fields.get("id"), str) or not is_id(fields["id"]) or read_time(fields.get("createdAt")) is None:
        raise Damage("no id, or no time")
    return fields["id"]


def open_marker(data, copy=None):
    """`whole`, `damaged` or `refused`, and the id of the repository."""
    try:
        return "whole", read_marker(data)
    except ValueError:
        return "refused", None
    except Damage:
        pass
    try:
        known = None if copy is None else read_marker(copy)
    except (Damage, ValueError):
        known = None
    text = decode(data)[0]
    numbers = re.findall(r'"dbx"[ \t\r\n]*:[ \t\r\n]*(-?[0-9]+(?:\.[0-9]+)?)[ \t\r\n]*([,}]?)', text)
    if any(float(number) != 1 for number, _ in numbers):
        return "refused", None
    is_told = len(numbers) == 1 and numbers[0][1] != ""
    if not is_told and known is None:
        return "refused", None
    said = re.search(r'"id"[ \t\r\n]*:[ \t\r\n]*"([0-9a-z]{13})"', text)
    return "damaged", known or (said and said.group(1))


def is_text(value):
    return isinstance(value, str)


def is_object(value):
    return isinstance(value, dict)


def is_texts(value):
    return isinstance(value, list) and all(map(is_text, value))


def is_environment(value):
    return isinstance(value, dict) and all(map(is_text, value.values()))


EXPERIMENT = {"kind": (is_text, ""), "name": (is_text, ""), "params": (is_object, {})}
RUN = {"cmd": (is_texts, None), "pwd": (is_text, None), "script": (is_text, None), "hostname": (is_text, None),
       "env": (is_environment, None), "git": (is_object, None)}


def read_definition(data, of):
    """What a definition says, and whether a check notes it, and whether it is UTF-8. Raises Damage."""
    fields, is_odd, is_utf8 = read_object(data)
    given, created = fields.pop("id", None), fields.pop("createdAt", None)
    ms = read_time(created)
    if not isinstance(given, str) or not is_any_id(given) or ms is None:
        raise Damage("no id, or no time")
    said = {"id": given, "createdAt": float(ms)}
    for key, (fits, default) in (EXPERIMENT if of == "experiment" else RUN).items():
        value = fields.pop(key, None)
        if value is None:
            value = default
        elif not fits(value):
            raise Damage(f"{key} has another type")
        if value is not None:
            said[key] = value
    said["own"] = fields
    return said, is_odd or not is_plain_time(created), is_utf8


def read_old_definition(data, path):
    """The experiment and the run of a definition of version 0, and the rest as above. Raises Damage."""
    fields, is_odd, is_utf8 = read_object(data)
    *folders, given, _ = path.split("/")
    fields.pop("id", None)
    created = fields.get("createdAt")
    is_seconds = is_number(created) and created < 1e11
    ms = read_time(created * 1000 if is_seconds else created)
    if ms is not None or created is None:
        fields.pop("createdAt", None)
    ms = None if ms is None else float(ms)
    experiment = {"id": given, "createdAt": ms, "kind": "", "name": "/".join(folders), "params": {}}
    run = {"id": given, "createdAt": ms, "own": {}}
    if isinstance(fields.get("cmd"), str):
        fields["cmd"] = [fields["cmd"]]
    for said, table in ((experiment, EXPERIMENT), (run, RUN)):
        for key, (fits, _) in table.items():
            value = fields.get(key)
            if value is None:
                fields.pop(key, None)
            elif fits(value):
                said[key] = fields.pop(key)
            elif said is run:
                run["own"][key] = fields.pop(key)
    experiment["own"] = fields
    return experiment, run, is_odd, is_utf8
