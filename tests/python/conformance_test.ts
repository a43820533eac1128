// One program in TypeScript and in Python: what they write differs in ids, times and hashes of these alone.
import { assertEquals } from "../assert.ts";
import { openRepository } from "../../mod.ts";
import { findingsIn, python, pythonTest } from "./python.ts";

const DATA = {
  loss: 0.5,
  steps: [1, 2, 3],
  nested: { text: "é\u2028", none: null, yes: true },
  small: 1e-7,
  big: 1e21,
};

async function inTypeScript(repo: string): Promise<void> {
  const experiment = await (await openRepository(repo)).experiment({
    kind: "conformance",
    name: "a/b",
    params: { lr: 0.1, clip: Infinity, layers: [18, 34], when: new Date(0) },
    extra: { dataset: "x" },
  });
  const run = await experiment.run({ env: false, git: false, cmd: ["p", "--lr", "1"], pwd: "/w", script: "/w/p" });
  run.log("train", { step: 1, ...DATA });
  run.log("special", { nan: NaN, inf: [Infinity, -Infinity], event: 1, ts: 2, _ts: 3 });
  run.log("value", 5);
  run.log("none");
  const file = await run.file("a.txt", new TextEncoder().encode("hello"));
  run.log("kept", { file });
  for (const epoch of run.each("epoch", 2)) epoch.log("train", { loss: epoch.index });
  run.openLog("eval").sub("test", 3).log("acc", { acc: 1 });
  await run.finish();
}

const IN_PYTHON = `import dbxlogger, datetime, json, sys
params = {"lr": 0.1, "clip": float("inf"), "layers": [18, 34], "when": datetime.datetime.fromtimestamp(0)}
exp = dbxlogger.Exp("py", "conformance", params, "a/b", {"dataset": "x"}, env=False, git=False, strict=True)
exp.cmd, exp.pwd, exp.script = ["p", "--lr", "1"], "/w", "/w/p"
exp.save()
log = exp.logger()
log("train", {"step": 1, **json.loads(sys.argv[1])})
log("special", {"nan": float("nan"), "inf": [float("inf"), float("-inf")], "event": 1, "ts": 2, "_ts": 3})
log("value", 5)
log("none")
with exp.file("a.txt") as file:
    file.write("hello")
log("kept", {"file": exp.file("a.txt")})
for epoch in log.each("epoch", 2):
    epoch("train", {"loss": epoch.index})
exp.logger("eval").sub("test", 3)("acc", {"acc": 1})
`;

/** The files of a repository, each as its values, with ids, times and what depends on them replaced. */
async function contentsOf(repo: string): Promise<Record<string, unknown>> {
  const ids = new Map<string, string>();
  const found: [string, string, number][] = [];
  async function walk(folder: string): Promise<void> {
    for await (const { name, isDirectory } of Deno.readDir(`${repo}/${folder}`)) {
      const path = `${folder}${name}`;
      if (isDirectory) await walk(`${path}/`);
      else {
        const { mode } = await Deno.stat(`${repo}/${path}`);
        found.push([path, await Deno.readTextFile(`${repo}/${path}`), mode! & 0o777]);
      }
    }
  }
  await walk("");
  const isId = /\b[0-9a-z]{13}\b/g;
  for (const [path] of found) {
    for (const [id] of path.matchAll(isId)) ids.set(id, path.includes(`runs/${id}`) ? "run" : "exp");
  }
  const known = (text: string) => text.replace(isId, (id) => ids.get(id) ?? (/^\d+$/.test(id) ? id : "repo"));
  const entries = found.map(([path, text, mode]) => {
    const lines = path.endsWith(".json") ? [text] : path.endsWith(".jsonl") ? text.trim().split("\n") : undefined;
    if (lines === undefined) return [known(path), [mode, text]];
    return [known(path), [
      mode,
      lines.map((line) =>
        JSON.parse(known(line), (key, value) => {
          if (
            ["createdAt", "ts", "durationMs", "pid"].includes(key) && !(key === "ts" && value === 2)
          ) return typeof value;
          // Python writes 1e-07 where TypeScript writes 1e-7, so sizes of logs differ too.
          return /^(sha256|size)$/.test(key) && path.endsWith("dbx.log.jsonl") ? "of the bytes" : value;
        })
      ),
      lines.map((line) => Object.keys(JSON.parse(line))),
    ]];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => String(a) < String(b) ? -1 : 1));
}

pythonTest("conformance: the same program in TypeScript writes an equal repository", async (folder) => {
  await inTypeScript(`${folder}/ts`);
  const ran = await python(folder, IN_PYTHON, { args: [JSON.stringify(DATA)] });
  assertEquals([ran.code, ran.stdout, ran.stderr], [0, "", ""]);
  const [ts, py] = [await contentsOf(`${folder}/ts`), await contentsOf(`${folder}/py`)];
  assertEquals(py, ts);
  assertEquals(Object.keys(py).length, 9);
  assertEquals(await findingsIn(`${folder}/py`), []);
});
