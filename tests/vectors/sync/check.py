"""Checks the vectors in this folder against another implementation than the one that made them: this one, in Python and by
the letter of lib/docs/SYNC.md. Needs nothing but Python 3.

python3 check.py [FOLDER]   FOLDER: that of the vectors; default: this one
"""
import json, os, sys, zlib

sys.dont_write_bytecode = True
from frames import Broken, Changed, kind_of, parts_of
from messages import digest, head_check, inventory_of, object_digest, pipe_message, request_check, setbacks_of
from model import Copy, bytes_of, digest_of, fnv, line
from scenarios import check_scenario, check_single, clone, peer, push

FOLDER = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))


def read(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        return json.load(file)


def verdict_of(work):
    try:
        return work()
    except Broken:
        return "broken"
    except Changed:
        return "changed"


def checks(one):
    if one["of"] == "request":
        assert one["path"].endswith(one["target"])
        return request_check(one["method"], one["target"], one["range"]) == one["dbx-check"]
    if one["of"] == "head":
        return head_check(one["headers"]) == one["dbx-check"]
    if one["of"] == "object":
        return object_digest(one["sha256"]) == one["repr-digest"]
    data = bytes_of(one["bytes"])
    return digest(data) == one["content-digest"] and "%08x" % zlib.crc32(data) == one["crc-32"]


def digests(one):
    buckets = [[] for _ in range(one["buckets"])]
    for file in one["files"]:
        if file["name"] == "dbx.json" or file.get("partial"):
            continue
        at = fnv(file["name"], one["buckets"])
        assert at == file["bucket"]
        buckets[at].append(line([file[key] for key in ("name", "size", "modifiedAt") if key in file]))
    return [sorted(lines) for lines in one["lines"]] == [sorted(lines) for lines in buckets] and (
        "".join(digest_of(lines) for lines in buckets) == one["digests"]
    )


def frames(one):
    told = [{**part, "bytes": bytes_of(part["bytes"])} for part in one["parts"]]
    return parts_of(bytes_of(one["body"])) == told


def wrong_frames(one):
    return verdict_of(lambda: parts_of(bytes_of(one["body"]), 64 << 20)) == one["verdict"]


def inventories(one):
    found = verdict_of(lambda: inventory_of(one["text"].encode()))
    if "verdict" in one:
        return found == one["verdict"]
    files = [["partial" if key == "partial" else file[key] for key in file] for file in one["files"]]
    return found == (one.get("marker"), files)


def names(one):
    return kind_of(one["name"]) == one["kind"]


def pipe(one):
    found = verdict_of(lambda: pipe_message(bytes_of(one["bytes"])))
    return found == (one["verdict"] if "verdict" in one else (one["head"], bytes_of(one["body"])))


def proofs(one):
    files = {one["name"]: one["bytes"]} if one.get("bytes") else {}
    copy = Copy({"files": files, "collected": [one["name"][-64:]] if one.get("collected") else []})
    return copy.prove(one["name"], one.get("length")) == one["proof"]


def takes(one):
    copy = Copy(one["before"])
    taken, setbacks = copy.take(parts_of(bytes_of(one["body"])))
    assert taken == one["taken"], f"taken is {one['taken']}, not {taken}"
    told = setbacks_of(one["setbacks"])
    assert setbacks == told, f"the setbacks are {told}, not {setbacks}"
    problem = copy.differs(one["after"])
    assert problem is None, problem


def requests(one, state={}):
    if "before" in one:
        state["server"] = Copy(one["before"])
        return True
    return check_single(one["request"], one["answer"], state["server"])


def main():
    wrong, count = [], 0

    def check(name, work):
        nonlocal count
        count += 1
        try:
            if work() not in (True, None):
                wrong.append(name)
        except Exception as error:
            wrong.append(f"{name}: {type(error).__name__}: {error}")

    for test in (checks, digests, frames, inventories, names, pipe, proofs, requests, takes, wrong_frames):
        for one in read(f"{test.__name__}.json")["vectors"]:
            check(f"{test.__name__}.json: {one['id']}", lambda: test(one))
    for name in sorted(os.listdir(os.path.join(FOLDER, "scenarios"))):
        check(name, lambda: check_scenario(read(f"scenarios/{name}")))
    if peer:
        check("clone.json, by another client", lambda: clone(read("scenarios/clone.json")))
    for name in ("push_to_empty", "life_comes_last", "object_in_two_bodies") if peer else ():
        check(f"{name}.json, by another client", lambda: push(read(f"scenarios/{name}.json")))
    for line in wrong:
        print(line)
    print(f"{count - len(wrong)} of {count} vectors are as SYNC.md says")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
