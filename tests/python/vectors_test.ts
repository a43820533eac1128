// The client against the vectors of the format that say what a writer takes.
import { assertEquals, assertStringIncludes } from "../assert.ts";
import { python, pythonTest } from "./python.ts";

const vectors = decodeURIComponent(new URL("../vectors", import.meta.url).pathname);

pythonTest("names of experiments, logs and events, and markers: as the vectors of the format say", async (folder) => {
  const ran = await python(
    folder,
    `import dbxlogger, json, os, sys
def vectors(name):
    with open(f"{sys.argv[1]}/{name}.json", encoding="utf-8") as file:
        return json.load(file)["vectors"]
def takes(call, *args):
    try:
        return call(*args) is not False
    except (ValueError, dbxlogger.DbxError):
        return False
calls = {
    "experiment": dbxlogger._check_name,
    "log": lambda name: dbxlogger._is_log_name(name) is not None,
    "event": lambda name: dbxlogger._event_head(name) and None,
}
count = 0
for vector in vectors("names"):
    if vector["of"] in calls:
        count += 1
        if takes(calls[vector["of"]], vector["name"]) != vector["valid"]:
            print(vector)
for vector in vectors("markers"):
    count += 1
    path = f"markers/{vector['id']}"
    os.makedirs(path)
    with open(path + "/dbx.json", "wb") as file:
        file.write(vector["text"].encode("utf-8", "surrogatepass") if "text" in vector else bytes.fromhex(vector["hex"]))
    if "copy" in vector:
        os.mkdir(path + "/.dbx")
        with open(path + "/.dbx/marker.json", "w") as file:
            file.write(vector["copy"])
    if takes(dbxlogger._init_repository, os.path.abspath(path)) != (vector["verdict"] != "refused"):
        print(vector)
    if vector["verdict"] == "refused" and sorted(os.listdir(path)) not in (["dbx.json"], [".dbx", "dbx.json"]):
        print("made something in", vector)
print(count > 50)
`,
    { args: [vectors] },
  );
  assertEquals([ran.code, ran.stdout], [0, "True\n"], ran.stderr);
  assertStringIncludes(ran.stderr, '/dbx.json" is damaged; dbx check --repair-marker mends it');
});
