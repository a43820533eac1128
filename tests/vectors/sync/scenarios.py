"""Synchronisations as they were recorded, compared with a server and a client of another make."""
import gzip, json, os, sys, tempfile, urllib.parse
from frames import kind_of, parts_of, sha256
from messages import digest, head_check, request_check, setbacks_of
from model import WRITTEN, Copy, bytes_of, digest_of

# A client that is a test of its own: it pulls and pushes, and knows nothing of vectors. Where this folder was copied without
# it, there is none.
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../sync"))
try:
    import peer
except ImportError:
    peer = None


def check_single(request, answer, server):
    """What a server answers to one request, as far as it does not depend on what it is made of."""
    sent, headers = request.get("text", "").encode(), request["headers"]
    said, told, route = answer["status"], answer["headers"], request["path"].removeprefix("/api/v1/")
    assert told["dbx-protocol"] == "1", "no version"
    version = headers.get("dbx-protocol")
    if version not in (None, "1") or (version is None and route.startswith("sync/")):
        return (said, told.get("dbx-error")) == (400, "protocol")
    is_right = headers.get("dbx-check") in (None, request_check(request["method"], request["path"], headers.get("range")))
    if not is_right or headers.get("content-digest") not in (None, digest(sent)):
        return (said, told.get("dbx-error")) == (400, "checksum")
    assert "dbx-error" not in told
    if said >= 300:
        return True
    data = bytes_of(answer.get("body"))
    name = urllib.parse.unquote(route.removeprefix("files/"))
    if request["method"] == "HEAD":
        return head_check(told) == told["dbx-check"] and told["dbx-size"] == str(len(server.files[name][0]))
    if route == "sync/prove":
        return json.loads(data) == server.proofs(json.loads(sent))
    if route == "sync/give":
        return check_given(parts_of(data), dict(json.loads(sent)["wants"]), server) is None
    if name in server.files:
        first, last = headers.get("range", "bytes=0-").removeprefix("bytes=").split("-")
        whole = server.files[name][0]
        assert data == whole[int(first) :][: int(last) - int(first) + 1 if last else None], "other bytes"
        return said == (206 if "range" in headers and data else 200) and told["content-digest"] == digest(data)
    return True


def damaged(data, damage, of):
    if not damage or damage["of"] != of:
        return data
    if damage["does"] == "cut":
        return data[: damage["at"]]
    return data[: damage["at"]] + bytes([data[damage["at"]] ^ 1]) + data[damage["at"] + 1 :]


def body_of(message):
    data = bytes_of(message.get("body"))
    return gzip.decompress(data) if message["headers"].get("content-encoding") == "gzip" else data


def check_scenario(scenario):
    """Follows both sides: what each request and each answer must be, and what both hold in the end."""
    server, client = Copy(scenario["before"]["server"]), Copy(scenario["before"]["client"])
    for at, exchange in enumerate(scenario["exchanges"]):
        try:
            check_request(exchange["request"], client)
            check_answer(exchange, server)
        except AssertionError as error:
            raise AssertionError(f"exchange {at}: {error}")
        if scenario["does"] != "push":
            client_takes(exchange, client, scenario)
    if scenario["does"] == "pull":
        client_settles(client, server)
    for name, copy in (("server", server), ("client", client)):
        state = scenario["after"][name]
        problem = copy.differs(state)
        assert problem is None, f"{name}: {problem}"


def check_request(request, client):
    headers, method = request["headers"], request["method"]
    assert headers["dbx-check"] == request_check(method, request["path"], headers.get("range")), "dbx-check"
    if "body" in request:
        assert headers["content-digest"] == digest(bytes_of(request["body"])), "content-digest"
    if request["path"].endswith("/sync/inventory"):
        asked = json.loads(body_of(request))
        if asked.get("digests"):
            own = "".join(digest_of(lines) for lines in client.buckets(asked["buckets"]))
            assert asked["digests"] == own, "digests"


def check_answer(exchange, server):
    request, answer, damage = exchange["request"], exchange.get("answer"), exchange.get("damage")
    route = request["path"].removeprefix("/api/v1/").partition("?")[0]
    sent = body_of(request)
    if damage and damage["of"] == "request":
        if damage["does"] == "cut":
            return server.take(parts_of(damaged(sent, damage, "request"), cut=True))
        assert answer["status"] == 400 and answer["headers"]["dbx-error"] == "checksum", "not refused"
        return None
    data = body_of(answer)
    if answer["headers"].get("content-type") == "application/json":
        assert answer["headers"]["content-digest"] == digest(data), "content-digest"
    if route == "sync/inventory":
        lines = data.decode().split("\n")
        head, found = server.inventory(json.loads(sent))
        assert json.loads(lines[0]) == head and sorted(lines[1:-2]) == found, "another inventory"
    elif route == "sync/prove":
        assert json.loads(data) == server.proofs(json.loads(sent)), "other proofs"
    elif route == "sync/give" and not exchange.get("isFalse"):
        wants = {name: offset for name, offset in json.loads(sent)["wants"]}
        check_given(parts_of(data), wants, server)
    elif route == "sync/take":
        taken, setbacks = server.take(parts_of(sent, 64 << 20))
        if not exchange.get("isFalse"):
            said = json.loads(data)
            assert said["taken"] == taken, f"taken is {said['taken']}, not {taken}"
            assert setbacks_of(said["setbacks"]) == setbacks, "other setbacks"
    elif route == "sync/settle":
        assert answer["status"] == 204
        server.settle(json.loads(sent)["files"])
    elif route.startswith("files/"):
        check_file(request, answer, urllib.parse.unquote(route[6:]), sent, data, server)


def check_given(parts, wants, server):
    """All that was asked for comes, in that order; what is not there is an error."""
    found = {}
    for part in parts:
        found.setdefault(part["name"], []).append(part)
    assert list(found) == list(wants), "other files than were asked for, or in another order"
    for name, own in found.items():
        if name not in server.files or wants[name] > len(server.files[name][0]):
            assert len(own) == 1 and own[0]["end"] and "error" in own[0], f"{name} has no error"
            continue
        data, time = server.give(name, wants[name])
        assert own[0]["offset"] == wants[name] and b"".join(one["bytes"] for one in own) == data, name
        assert own[-1]["end"] and own[-1].get("modifiedAt") == time, f"the time of {name}"


def check_file(request, answer, name, sent, data, server):
    if request["method"] == "PUT":
        assert answer["status"] == 201 and name not in server.files
        server.files[name] = [sent, WRITTEN]
    elif request["method"] == "GET":
        assert data == server.files[name][0] and answer["headers"]["content-digest"] == digest(data)
        assert answer["headers"]["dbx-size"] == str(len(data))


def client_takes(exchange, client, scenario):
    """What a client that pulls does with an answer."""
    route, answer = exchange["request"]["path"].removeprefix("/api/v1/"), exchange.get("answer")
    if answer is None or exchange.get("isFalse") or "error" in scenario["result"]:
        return
    data, damage = body_of(answer), exchange.get("damage")
    if route == "files/dbx.json" and scenario["before"]["client"] is None:
        client.files["dbx.json"] = [data, WRITTEN]
    elif route == "sync/inventory" and not damage:
        for line in data.decode().split("\n")[1:-2]:
            name = json.loads(line)[0]
            if kind_of(name) == "tombstone" and name not in client.files:
                client.bury(name)
    elif route == "sync/give":
        # Of an answer that was changed on its way, dbx keeps nothing; of one that was cut, the whole frames.
        if damage and damage["does"] == "flip":
            return
        parts = parts_of(damaged(data, damage, "answer"), cut=bool(damage))
        client.take([part for part in parts if is_meant(part, client, scenario)])


def is_meant(part, client, scenario):
    """Some files are only read, to know what is meant."""
    ids = scenario.get("select", {}).get("ids")
    return not ids or kind_of(part["name"]) == "object" or any(id in part["name"] for id in ids)


def client_settles(client, server):
    """Files that are equal get the times of the source."""
    for name, (data, time) in client.files.items():
        theirs = server.files.get(name)
        if theirs and theirs[0] == data and name != "dbx.json" and kind_of(name) in ("definition", "log", "file"):
            client.files[name][1] = theirs[1]


def clone(scenario):
    """A client of another make is given the recorded answers, and ends with the same files."""
    def ask(url, method, route, body=None, headers={}):
        for exchange in scenario["exchanges"]:
            request, answer = exchange["request"], exchange["answer"]
            if request["method"] != method or request["path"] != "/api/v1/" + route:
                continue
            if route == "sync/give":
                key = lambda text: sorted(name for name, _ in json.loads(text)["wants"])
                if key(body_of(request)) != key(body):
                    continue
            return body_of(answer)
        raise AssertionError(f"there is no answer to {method} {route} {body}")

    with tempfile.TemporaryDirectory() as folder:
        peer.ask = ask
        peer.pull("", folder)
        return same_files(folder, scenario["after"]["client"])


def push(scenario):
    """A client of another make sends the same files to a server of another make."""
    server = Copy(scenario["before"]["server"])

    def ask(url, method, route, body=None, headers={}):
        if route == "sync/inventory":
            head, lines = server.inventory(json.loads(body))
            text = "".join(one + "\n" for one in [json.dumps(head)] + lines)
            return (text + json.dumps({"end": len(lines), "sha256": sha256(text.encode())}) + "\n").encode()
        assert route == "sync/take"
        taken, setbacks = server.take(parts_of(body))
        return json.dumps({"taken": taken, "setbacks": setbacks}).encode()

    with tempfile.TemporaryDirectory() as folder:
        write(folder, scenario["before"]["client"])
        peer.ask = ask
        peer.push("", folder)
    problem = server.differs(scenario["after"]["server"], times=False)
    assert problem is None, problem


def write(folder, state):
    for name, (data, _) in Copy(state).files.items():
        os.makedirs(os.path.dirname(f"{folder}/{name}"), exist_ok=True)
        with open(f"{folder}/{name}", "wb") as file:
            file.write(data)


def same_files(folder, state):
    for name, (data, _) in Copy(state).files.items():
        with open(f"{folder}/{name}", "rb") as file:
            assert file.read() == data, name
