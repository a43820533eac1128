"""A client of dbx in a few lines, written by the letter of lib/docs/SYNC.md and lib/docs/FORMAT.md alone.

python3 peer.py pull URL FOLDER   all that the server has
python3 peer.py push URL FOLDER   all that the folder has and the server lacks; large files in bodies of two frames
python3 peer.py read FOLDER       what is in it: experiments, events, damaged lines
"""
import base64, gzip, hashlib, json, math, os, struct, sys, urllib.request, zlib

MIB = 1 << 20
NUMBERS = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}
special = lambda word: {"_dbx": NUMBERS[word]}


def number(text):
    value = float(text)
    return {"_dbx": "inf" if value > 0 else "-inf"} if math.isinf(value) else value


def parse(text):
    return json.loads(text, parse_constant=special, parse_float=number)


def ask(url, method, route, body=None, headers={}):
    target = "/api/v1/" + route
    own = {"dbx-protocol": "1", "dbx-check": "%08x" % zlib.crc32(f"{method} {target}\n{headers.get('Range', '')}\n".encode())}
    if body is not None:
        own["Content-Digest"] = "sha-256=:%s:" % base64.b64encode(hashlib.sha256(body).digest()).decode()
    request = urllib.request.Request(url + target, method=method, data=body, headers={**headers, **own})
    with urllib.request.urlopen(request) as answer:
        said = answer.read()
        assert answer.headers.get("dbx-protocol") == "1"
        digest = answer.headers.get("Content-Digest")
        if digest:
            assert digest == "sha-256=:%s:" % base64.b64encode(hashlib.sha256(said).digest()).decode()
        return gzip.decompress(said) if answer.headers.get("Content-Encoding") == "gzip" else said


def inventory(url):
    lines = ask(url, "POST", "sync/inventory", b"{}").split(b"\n")
    assert lines.pop() == b""
    end = json.loads(lines.pop())
    assert end["sha256"] == hashlib.sha256(b"".join(line + b"\n" for line in lines)).hexdigest()
    head, *files = [json.loads(line) for line in lines]
    assert all(len(line) == (2 if line[0].startswith("objects/") else 3) for line in files if line[-1] != "partial")
    assert end["end"] == len(files) and head["sent"] == list(range(head["buckets"]))
    return head, {line[0]: line[1:] for line in files}


def frame(head, data=b""):
    text = json.dumps(head, separators=(",", ":"), ensure_ascii=False).encode()
    whole = struct.pack(">II", len(text), len(data)) + text + data
    return whole + struct.pack(">I", zlib.crc32(whole))


def last(frames):
    return frame({"last": True, "frames": len(frames), "check": "%08x" % zlib.crc32(b"".join(one[-4:] for one in frames))})


def frames_of(body):
    at, checks = 0, b""
    while True:
        head, data = struct.unpack_from(">II", body, at)
        assert head <= 32 * 1024 and data <= MIB
        whole, at = body[at : at + 8 + head + data + 4], at + 8 + head + data + 4
        assert struct.unpack(">I", whole[-4:])[0] == zlib.crc32(whole[:-4])
        told = json.loads(whole[8 : 8 + head])
        if told.get("last"):
            assert told["check"] == "%08x" % zlib.crc32(checks) and told["frames"] * 4 == len(checks) and at == len(body)
            return
        checks += whole[-4:]
        bytes_ = whole[8 + head : -4]
        if "inflated" in told:
            engine = zlib.decompressobj(-15)
            bytes_ = engine.decompress(bytes_)
            assert engine.eof and not engine.unused_data and len(bytes_) == told["inflated"]
        yield told, bytes_


def pull(url, folder):
    head, files = inventory(url)
    os.makedirs(folder, exist_ok=True)
    if "marker" in head:
        with open(f"{folder}/dbx.json", "wb") as file:
            file.write(ask(url, "GET", "files/dbx.json"))
    wants = [name for name, rest in files.items() if rest[-1:] != ["partial"]]
    left = set(wants)
    body = json.dumps({"wants": [[name, 0] for name in wants]}).encode()
    for told, data in frames_of(ask(url, "POST", "sync/give", body)):
        name = told["name"]
        assert name in left and "error" not in told
        os.makedirs(os.path.dirname(f"{folder}/{name}"), exist_ok=True)
        with open(f"{folder}/{name}", "r+b" if told["offset"] else "wb") as file:
            file.seek(told["offset"])
            file.write(data)
        if told.get("end"):
            left.remove(name)
            assert os.path.getsize(f"{folder}/{name}") == told["size"]
    assert not left, left


def push(url, folder):
    there = inventory(url)[1]
    frames, sent = [], []
    names = [os.path.relpath(os.path.join(at, name), folder) for at, _, files in os.walk(folder) for name in files]
    for name in sorted(names, key=lambda name: (name.startswith("objects/"), name)):
        if name.startswith(".") or name == "dbx.json" or name in there:
            continue
        data = open(f"{folder}/{name}", "rb").read()
        if name.endswith(".jsonl"):
            data = data[: data.rfind(b"\n") + 1]
        sha256 = hashlib.sha256(data).hexdigest()
        for at in range(0, max(1, len(data)), MIB):
            head = {"name": name, "offset": at, "size": len(data)}
            if len(data) > MIB and not name.startswith("objects/") and not name.endswith(".jsonl"):
                head["sha256"] = sha256
            if at + MIB >= len(data):
                head["end"] = True
            frames.append(frame(head, data[at : at + MIB]))
            if not sent or sent[-1][0] != name:
                sent.append([name, 0])
            sent[-1][1] = min(len(data), at + MIB)
            if len(frames) == 2:
                flush(url, frames, sent)
    flush(url, frames, sent)


def flush(url, frames, sent):
    if frames:
        said = json.loads(ask(url, "POST", "sync/take", b"".join(frames) + last(frames)))
        assert said["setbacks"] == [] and said["taken"] == [end for _, end in sent], said
    frames.clear()
    sent.clear()


def read(folder):
    found = {"experiments": {}, "events": [], "damaged": []}
    for at, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and at + "/" + name != folder + "/objects"]
        own = os.path.relpath(at, folder)
        if "meta.json" in files and os.path.basename(os.path.dirname(own)) != "runs":
            with open(f"{at}/meta.json", encoding="utf-8-sig") as file:
                found["experiments"][own] = parse(file.read()).get("params", {})
        for name in files if "/runs/" in own else []:
            if not name.endswith("log.jsonl"):
                continue
            for line in open(f"{at}/{name}", "rb").read().split(b"\n")[:-1]:
                try:
                    event = parse(line.decode("utf-8"))
                    found["events"].append([own, event.pop("event"), event.pop("ts", None), event])
                except Exception:
                    found["damaged"].append(f"{own}/{name}")
    found["events"].sort(key=json.dumps)
    return found


if __name__ == "__main__":
    what, *words = sys.argv[1:]
    if what == "read":
        print(json.dumps(read(*words)))
    else:
        {"pull": pull, "push": push}[what](*words)
