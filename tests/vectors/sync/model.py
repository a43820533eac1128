"""A copy of a repository in memory, and what a server answers for it, by the letter of lib/docs/SYNC.md."""
import json, re
from frames import MIB, kind_of, sha256

# What is written while vectors are made has this time.
WRITTEN = 1_100_000_000_000


def bytes_of(told):
    if told is None:
        return b""
    if "text" in told:
        return told["text"].encode()
    pieces = told.get("pieces", [told.get("hex")])
    return b"".join(bytes.fromhex(one) if isinstance(one, str) else bytes.fromhex(one[0]) * one[1] for one in pieces)


def line(entry):
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"))


def fnv(name, buckets):
    value = 0x811C9DC5
    for byte in name.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value % buckets


def digest_of(lines):
    ordered = sorted(lines, key=lambda one: one.encode("utf-16-be", "surrogatepass"))
    return sha256("".join(one + "\n" for one in ordered).encode())[:16]


def whole_end(name, data):
    return data.rfind(b"\n") + 1 if kind_of(name) == "log" else len(data)


class Copy:
    def __init__(self, state):
        state = state or {"files": {}}
        self.files = {name: [bytes_of(told), told.get("time", WRITTEN)] for name, told in state["files"].items()}
        self.incoming = {name: bytes_of(told) for name, told in state.get("incoming", {}).items()}
        self.collected = set(state.get("collected", []))

    def differs(self, state, times=True):
        """What is not as a state says."""
        other = Copy(state)
        for name in sorted(self.files.keys() | other.files.keys()):
            if self.files.get(name, [None])[0] != other.files.get(name, [None])[0]:
                return f"{name} holds other bytes"
            if times and self.files[name][1] != other.files[name][1]:
                return f"{name} has the time {self.files[name][1]}, not {other.files[name][1]}"
        if self.incoming != other.incoming or self.collected != other.collected:
            return "other partial or collected objects"

    # What it lists

    def purged(self):
        return {name[7:-5] for name in self.files if kind_of(name) == "tombstone"}

    def is_below(self, name, ids):
        return any(segment in ids for segment in name.split("/")[:-1])

    def lines(self):
        gone = self.purged()
        for name, (data, time) in self.files.items():
            if name != "dbx.json" and kind_of(name) and not self.is_below(name, gone):
                yield name, line([name, len(data)] if kind_of(name) == "object" else [name, len(data), time])

    def buckets(self, count):
        found = [[] for _ in range(count)]
        for name, text in self.lines():
            found[fnv(name, count)].append(text)
        return found

    def partials(self):
        return [line([f"objects/{name[:2]}/{name}", len(data), "partial"]) for name, data in self.incoming.items()]

    # What it answers

    def inventory(self, asked):
        """Head and lines, in any order."""
        count, known = asked.get("buckets", 1), asked.get("digests", "")
        buckets = self.buckets(count)
        digests = [digest_of(one) for one in buckets]
        sent = [at for at in range(count) if not known or known[16 * at : 16 * at + 16] != digests[at]]
        head = {"buckets": count, "sent": sent}
        if "dbx.json" in self.files:
            head["marker"] = len(self.files["dbx.json"][0])
        return head, sorted([text for at in sent for text in buckets[at]] + self.partials())

    def prove(self, name, length=None):
        if name not in self.files:
            return "collected" if name[-64:] in self.collected else None
        data = self.files[name][0]
        length = len(data) if length is None else length
        return [len(data), whole_end(name, data), sha256(data[:length]) if length <= len(data) else None]

    def proofs(self, asked):
        """A proof for each, or a digest of each group of them."""
        proofs, group = [self.prove(*extent) for extent in asked["extents"]], asked.get("group")
        if group is None:
            return {"proofs": proofs}
        groups = [proofs[at : at + group] for at in range(0, len(proofs), group)]
        return {"groups": [sha256(line(one).encode()) for one in groups]}

    def give(self, name, offset):
        """The bytes from an offset on, and the time that goes with them."""
        data, time = self.files[name]
        end = whole_end(name, data)
        return data[offset:end], time if end == len(data) else None

    def take(self, parts):
        """Takes parts; up to where each file is there now, and what kept others away."""
        ends, setbacks, lost = {}, [], set()
        for part in parts:
            name = part["name"]
            ends[name] = part["offset"] + len(part["bytes"])
            problem = None if name in lost else self.take_part(part)
            if problem:
                kind, *size = problem if isinstance(problem, tuple) else (problem,)
                setbacks.append([name, kind, *size])
                lost.add(name)
        if self.coming and not self.coming[2]:
            setbacks.append([self.coming[0], "retry"])
            lost.add(self.coming[0])
        self.coming = None
        if self.held:
            setbacks.append([self.held["name"], "retry"])
            lost.add(self.held["name"])
        self.held = None
        for name in ends:
            # What a tombstone behind it had go again.
            if name not in lost and self.is_below(name, self.purged()):
                setbacks.append([name, "refused"])
                lost.add(name)
        return [None if name in lost else end for name, end in ends.items()], setbacks

    # The file whose end has not come, what came of it before, and whether that is kept.
    coming = None

    # A part with the beginning of a line, for whose place there is a torn tail.
    held = None

    def take_part(self, part):
        name, data, offset, kind = part["name"], part["bytes"], part["offset"], kind_of(part["name"])
        if self.coming and self.coming[0] != name:
            self.coming = None
        if "error" in part:
            self.coming = None
            return "failed"
        if kind == "marker":
            return self.mark(part)
        if kind == "tombstone":
            if data != b'{"event":"dbx/purge","id":"%s"}\n' % name[7:-5].encode():
                return "refused"
            return self.bury(name)
        if self.is_below(name, self.purged()):
            return "refused"
        if kind in ("log", "definition"):
            self.collected = {one for one in self.collected if one.encode() not in data}
        if kind == "log":
            return self.grow(part)
        whole = name[-64:] if kind == "object" else part.get("sha256")
        if part["size"] > MIB and whole:
            return self.resume(part, whole)
        if offset > 0 and (self.coming is None or self.coming[0] != name):
            return "retry", 0
        data = (b"" if offset == 0 else self.coming[1]) + data
        self.coming = None if part["end"] else [name, data, False]
        return self.place(part, data, whole) if part["end"] else None

    def mark(self, part):
        name, data = part["name"], part["bytes"]
        if name in self.files:
            return None if self.files[name][0] == data else "diverged"
        if part["offset"] > 0 or not part["end"] or json.loads(data).get("dbx") != 1:
            return "refused"
        self.files[name] = [data, part.get("modifiedAt", WRITTEN)]

    def grow(self, part):
        if self.held and self.held["name"] == part["name"]:
            part = {**part, "offset": self.held["offset"], "bytes": self.held["bytes"] + part["bytes"]}
        self.held = None
        name, data, offset = part["name"], part["bytes"], part["offset"]
        there, time = self.files.get(name, [b"", WRITTEN])
        if offset > len(there):
            return "retry", len(there)
        both = min(len(there), offset + len(data))
        if there[offset:both] != data[: both - offset]:
            # A torn tail gives way; whole lines must be the same.
            kept = max(offset, there.rfind(b"\n") + 1)
            if there[offset:kept] != data[: kept - offset]:
                return "diverged"
            if b"\n" not in data[kept - offset :]:
                # It stays until a whole line has come for its place.
                self.held = None if part["end"] else part
                return "retry" if part["end"] else None
            there = there[:kept]
        grown = there + data[max(0, len(there) - offset) :]
        if grown != there or name not in self.files:
            time = WRITTEN
        if part["end"] and "modifiedAt" in part and len(grown) == offset + len(data):
            time = part["modifiedAt"]
        self.files[name] = [grown, time]

    def resume(self, part, whole):
        there = self.incoming.get(whole, b"")
        if part["offset"] > len(there):
            return "retry", len(there)
        began = self.coming[1] if self.coming else part["offset"]
        data = there[: part["offset"]] + part["bytes"]
        self.coming = None if part["end"] else [part["name"], began, True]
        self.incoming[whole] = data
        if not part["end"]:
            return None
        del self.incoming[whole]
        problem = self.place(part, data, whole)
        # Whether what was there before or what came is wrong, only a whole one can tell.
        return "retry" if problem == "damaged" and began > 0 else problem

    def place(self, part, data, whole):
        name = part["name"]
        if whole and sha256(data) != whole:
            return "damaged"
        there = self.files.get(name)
        if kind_of(name) == "registry" and there:
            if not json.loads(data).items() >= json.loads(there[0]).items():
                return "diverged"
        elif there:
            return None if there[0] == data else "diverged"
        self.files[name] = [data, part.get("modifiedAt", WRITTEN)]

    def bury(self, name):
        self.files.setdefault(name, [b'{"event":"dbx/purge","id":"%s"}\n' % name[7:-5].encode(), WRITTEN])
        gone = {one: self.files.pop(one) for one in list(self.files) if self.is_below(one, self.purged())}
        told = lambda files: set(re.findall(rb"[0-9a-f]{64}", b" ".join(data for data, _ in files)))
        only = told(gone.values()) - told([file for one, file in self.files.items() if kind_of(one) != "object"])
        for one in (one.decode() for one in only):
            if self.files.pop(f"objects/{one[:2]}/{one}", None):
                self.collected.add(one)

    def settle(self, files):
        for name, size, time in files:
            if name in self.files and len(self.files[name][0]) == size:
                self.files[name][1] = time
