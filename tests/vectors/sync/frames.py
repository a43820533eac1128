"""Frames and names of files, by the letter of lib/docs/SYNC.md."""
import hashlib, json, re, struct, zlib

MIB = 1 << 20
ID = re.compile(r"[_0-9a-zA-Z]{13}")
SHA256 = re.compile(r"[0-9a-f]{64}")


class Broken(Exception):
    """Whoever sent it breaks a rule."""


class Changed(Exception):
    """It was changed or cut on its way."""


def kind_of(name):
    """What the file of a name is; None where a peer must refuse the name."""
    if name == "dbx.json":
        return "marker"
    if len(name.encode("utf-16-le", "surrogatepass")) > 2 * 4096 or name.count("/") > 63:
        return None
    if re.search("[\x00-\x1f\x7f\\\\\ud800-\udfff]", name) or re.search("(^|/)[A-Za-z]:", name):
        return None
    *folders, last = name.split("/")
    for segment in folders + [last]:
        if not 1 <= len(segment.encode()) <= 255 or segment.startswith("."):
            return None
    if not folders:
        return None
    if folders[0] == "objects":
        return "object" if len(folders) == 2 and SHA256.fullmatch(last) and folders[1] == last[:2] else None
    if not any(ID.fullmatch(folder) for folder in folders):
        is_tombstone = folders == ["purged"] and last.endswith(".json") and ID.fullmatch(last[:-5])
        return "tombstone" if is_tombstone else None
    if last in ("meta.json", "files.json"):
        return "definition" if last == "meta.json" else "registry"
    is_log = last == "log.jsonl" or (last.endswith(".log.jsonl") and last != "log.log.jsonl")
    return "log" if is_log else "file"


def is_count(value):
    return type(value) is int and 0 <= value < 1 << 53


def inflate(data, length):
    if not is_count(length) or length > MIB:
        raise Broken("a wrong inflated length")
    engine = zlib.decompressobj(-15)
    try:
        data = engine.decompress(data, length + 1)
    except zlib.error as error:
        raise Broken(error)
    if not engine.eof or engine.unused_data or len(data) != length:
        raise Broken("compressed bytes that are not what they say")
    return data


def read_head(text):
    try:
        head = json.loads(text.decode())
    except ValueError as error:
        raise Broken(error)
    if not isinstance(head, dict):
        raise Broken("a head that is not an object")
    if head.get("last") is True:
        return head
    if not isinstance(head.get("name"), str) or kind_of(head["name"]) is None:
        raise Broken("a name that no repository has")
    if not is_count(head.get("offset")) or not is_count(head.get("size")):
        raise Broken("no offset or size")
    if "sha256" in head and not (isinstance(head["sha256"], str) and SHA256.fullmatch(head["sha256"])):
        raise Broken("a malformed SHA-256")
    return head


class Order:
    """The rules of the frames of a stream."""

    def __init__(self):
        self.open, self.seen = None, set()

    def next(self, part):
        before, end = self.open, part["offset"] + len(part["bytes"])
        if end > part["size"] or ("error" in part and not part["end"]):
            raise Broken("beyond the size, or an error without end")
        if part["end"] and "error" not in part and end < part["size"]:
            raise Broken("an end before the size")
        wrong = None
        if before is None:
            wrong = "a file twice" if part["name"] in self.seen else None
        elif before["name"] != part["name"]:
            wrong = "another file before the end"
        elif before["offset"] + len(before["bytes"]) != part["offset"]:
            wrong = "a gap or an overlap"
        elif "error" not in part:
            is_torn = kind_of(part["name"]) == "log" and part["end"] and part["size"] < before["size"]
            if part["size"] != before["size"] and not is_torn:
                wrong = "another size"
            elif part.get("sha256") != before.get("sha256"):
                wrong = "another SHA-256"
        self.seen.add(part["name"])
        self.open = None if part["end"] else part
        return wrong


def parts_of(body, limit=None, cut=False):
    """The parts in a stream of frames. `cut`: those that came whole before it was cut."""
    at, checks, total, order, wrong, parts = 0, [], 0, Order(), None, []
    while True:
        if len(body) - at < 8:
            break
        head_length, length = struct.unpack_from(">II", body, at)
        if head_length > 32 * 1024 or length > MIB:
            raise Changed("lengths beyond the limits")
        end = at + 8 + head_length + length + 4
        if end > len(body):
            break
        whole, at = body[at:end], end
        if struct.unpack(">I", whole[-4:])[0] != zlib.crc32(whole[:-4]):
            raise Changed("a wrong checksum")
        head = read_head(whole[8 : 8 + head_length])
        if head.get("last"):
            if head.get("frames") != len(checks) or head.get("check") != "%08x" % zlib.crc32(b"".join(checks)):
                raise Changed("frames are missing or were sent twice")
            if wrong:
                raise Broken(wrong)
            if at < len(body):
                raise Changed("bytes after the last frame")
            return parts
        checks.append(whole[-4:])
        data = whole[8 + head_length : -4]
        if "inflated" in head:
            data = inflate(data, head["inflated"])
        total += len(data)
        if limit is not None and total > limit:
            raise Broken("too much")
        keys = ("name", "offset", "size", "sha256", "modifiedAt", "error")
        part = {**{key: head[key] for key in keys if key in head}, "end": head.get("end") is True, "bytes": data}
        wrong = order.next(part) or wrong
        parts.append(part)
    if cut:
        return parts
    raise Changed("it was cut")


def sha256(data):
    return hashlib.sha256(data).hexdigest()
