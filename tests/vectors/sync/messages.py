"""Checksums, inventories and messages over a pipe, by the letter of lib/docs/SYNC.md."""
import base64, hashlib, json, struct, zlib
from frames import Broken, Changed, is_count, kind_of, sha256


def digest(data):
    return "sha-256=:%s:" % base64.b64encode(hashlib.sha256(data).digest()).decode()


def object_digest(name):
    return "sha-256=:%s:" % base64.b64encode(bytes.fromhex(name)).decode()


def crc(text):
    return "%08x" % zlib.crc32(text.encode())


def request_check(method, target, range_=None):
    return crc(f"{method} {target}\n{range_ or ''}\n")


def head_check(headers):
    return crc("%s %s %s\n" % tuple(headers.get(key, "") for key in ("dbx-kind", "dbx-size", "dbx-modified-at")))


def head_of(line):
    head = json.loads(line)
    # What was asked had no digests.
    if not isinstance(head, dict) or head.get("sent") != [0] or head.get("buckets") != 1:
        raise Broken("no head")
    return head


def file_of(line):
    file = json.loads(line)
    if not isinstance(file, list) or not 2 <= len(file) <= 3 or not isinstance(file[0], str):
        raise Broken("a line that is no file")
    if kind_of(file[0]) in (None, "marker") or not is_count(file[1]):
        raise Broken("a name or a length that cannot be")
    if len(file) == 3 and file[2] != "partial" and type(file[2]) is not int:
        raise Broken("expected a time in milliseconds")
    if len(file) == 3 and (file[2] == "partial") != (kind_of(file[0]) == "object"):
        raise Broken("an object with a time, or a part of something else")
    return file


def inventory_of(text):
    """The length of the marker, and the files. Nothing is believed before the end has come; then all is a broken rule."""
    try:
        *lines, end, nothing = text.decode().split("\n")
        head, *files = lines
        end = json.loads(end)
        if nothing or not isinstance(end, dict) or end.get("end") != len(files):
            raise Broken("no end")
        if end.get("sha256") != sha256("".join(line + "\n" for line in lines).encode()):
            raise Broken("a wrong SHA-256")
        listed = [file_of(line) for line in files]
        if len({file[0] for file in listed}) < len(listed):
            raise Broken("a file twice")
        return head_of(head).get("marker"), listed
    except ValueError as error:
        raise Broken(error)


def pipe_message(data):
    """Head and body of the only message in some bytes."""
    at = 0

    def take(count):
        nonlocal at
        if at + count > len(data):
            raise Broken("it ended in the middle of a message")
        at += count
        return data[at - count : at]

    def length(most):
        (value,) = struct.unpack(">I", take(4))
        if value > most:
            raise Broken("no message")
        return value

    try:
        head = json.loads(take(length(64 * 1024)).decode())
    except ValueError as error:
        raise Broken(error)
    if not isinstance(head, dict):
        raise Broken("a head that is not an object")
    body = b""
    while True:
        count = length(2 << 20)
        if count == 0:
            return head, body
        body += take(count)


def setbacks_of(told):
    """Setbacks without their words."""
    return [[one["name"], one["kind"]] + ([one["size"]] if "size" in one else []) for one in told]
