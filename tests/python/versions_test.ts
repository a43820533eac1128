// The client on each Python that is here, and held against its types.
import { assert, assertEquals } from "../assert.ts";
import { findingsIn, logsIn, PYTHON, pythonEnv, pythonTest } from "./python.ts";

const client = decodeURIComponent(new URL("../../lib/python/dbxlogger/dbxlogger.py", import.meta.url).pathname);

/** What a program prints; an empty text where it fails or is not there. */
async function said(program: string, args: readonly string[]): Promise<string> {
  try {
    const { success, stdout } = await new Deno.Command(program, { args: [...args], stderr: "null" }).output();
    return success ? new TextDecoder().decode(stdout).trim() : "";
  } catch {
    return "";
  }
}

/** The programs of all versions from 3.8 on: those in PATH, and those of pyenv where it is there. */
async function pythons(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const names = [PYTHON!, ...Array.from({ length: 12 }, (_, at) => `python3.${at + 8}`)];
  for (const version of (await said("pyenv", ["versions", "--bare"])).split("\n")) {
    const prefix = /^3\.\d+/.test(version) ? await said("pyenv", ["prefix", version]) : "";
    if (prefix !== "") names.push(`${prefix}/bin/python3`);
  }
  for (const name of names) {
    const version = await said(name, ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]);
    if (/^3\.([89]|\d\d)$/.test(version) && !found.has(version)) found.set(version, name);
  }
  return found;
}

const SCRIPT = `import dataclasses, dbxlogger, enum, multiprocessing, sys
class Colour(enum.Enum):
    RED = 1
@dataclasses.dataclass
class Point:
    x: float
def work(run, log):
    run.log({"n": 2})
    log("spawned", {})
if __name__ == "__main__":
    with dbxlogger.init({"lr": 0.1}, repo=sys.argv[1], git=False, strict=True) as run:
        run.log({"n": 1, "nan": float("nan"), "colour": Colour.RED, "point": Point(1.5), "big": 2**60, "text": "\\ud800é"})
        with run.context("epoch", 1) as epoch:
            epoch("deep", {"list": [[[]]]})
        process = multiprocessing.get_context("spawn").Process(target=work, args=(run, run.logger("other")))
        process.start(); process.join()
        assert process.exitcode == 0
        run.file("a.txt", b"hello")
        with run.exp.filepath("dir") as path:
            import os
            os.mkdir(path)
            with open(path + "/b.txt", "w") as file: file.write("b")
        assert "polyline" in run._repr_html_()
`;

pythonTest("the same on the oldest and the newest Python that are here [slow]", async (folder) => {
  const found = await pythons();
  assert(found.size > 0);
  await Deno.writeTextFile(`${folder}/script.py`, SCRIPT);
  for (const [version, program] of found) {
    const repo = `${folder}/${version}`;
    const command = new Deno.Command(program, {
      args: ["-W", "error", "script.py", repo],
      cwd: folder,
      env: pythonEnv(),
    });
    const { code, stderr } = await command.output();
    assertEquals([version, code, new TextDecoder().decode(stderr)], [version, 0, ""]);
    const { log, other, "log-2": second } = await logsIn(repo);
    const [nan, point] = [{ _dbx: "nan" }, { x: 1.5 }];
    assertEquals(log.slice(0, 2) as unknown[], [
      { event: "log", n: 1, nan, colour: 1, point, big: "1152921504606846976", text: "\ud800é" },
      { event: "epoch/1/deep", list: [[[]]] },
    ]);
    assertEquals(log.slice(2).map(({ name }) => name), ["a.txt", "dir/b.txt"]);
    assertEquals([...second, ...other] as unknown[], [{ event: "log", n: 2 }, { event: "spawned" }]);
    assertEquals(await findingsIn(repo), []);
  }
});

pythonTest("its source is that of Python 3.8, whichever runs", async (folder) => {
  const check = "import ast, sys; ast.parse(open(sys.argv[1], encoding='utf-8').read(), feature_version=(3, 8))";
  const { code, stderr } = await new Deno.Command(PYTHON!, { args: ["-c", check, client], cwd: folder }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
});
