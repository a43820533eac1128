// The client's types, and what it makes of real arrays. mypy and numpy are among the packages of tests/interop.
import { assertEquals, assertStringIncludes } from "../assert.ts";
import { testWithPackages } from "../interop/python_packages.ts";
import { scratch } from "../e2e/dbx.ts";
import { findingsIn, logsIn, pythonEnv } from "./python.ts";

const client = decodeURIComponent(new URL("../../lib/python/dbxlogger/dbxlogger.py", import.meta.url).pathname);

async function run(python: string, cwd: string, args: readonly string[]) {
  const command = new Deno.Command(python, { args: [...args], cwd, env: pythonEnv(), stdin: "null" });
  const { code, stdout, stderr } = await command.output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out, err };
}

/** A script as people write it, which is right, but for one line that mypy must find. */
const TYPED = `import dbxlogger
run = dbxlogger.init({"lr": 0.1})
for epoch in run.each("epoch", 3):
    run.log({"loss": 1.5}, step=epoch)
with run.context("a", 1) as below, run.filepath("x") as path:
    below("b", {"c": path.upper()})
exp = dbxlogger.exp_from_args(object(), kind="k")
exp.save().logger("eval").sub("x").log("y", {"z": 1})
for word in exp.logger().at_iter(["a"], lambda item: item.upper()):
    word.lower()
rows = dbxlogger.open("r").query("SELECT 1", x=5)
print(rows[0]["a"], rows.columns[0].upper(), dbxlogger.now().year, dbxlogger.stopwatch()() + 1)
run.log({"loss": 1}, stepp=1)
`;

testWithPackages(
  "python: mypy --strict finds nothing in the client, and what is wrong in a script [slow]",
  async (python) => {
    await using folder = await scratch();
    const mypy = (file: string) => run(python, folder.path, ["-m", "mypy", "--strict", "--no-color-output", file]);
    assertEquals(await mypy(client), { code: 0, out: "Success: no issues found in 1 source file\n", err: "" });
    await Deno.copyFile(client, `${folder.path}/dbxlogger.py`);
    await Deno.writeTextFile(`${folder.path}/script.py`, TYPED);
    const { code, out } = await mypy("script.py");
    assertEquals(code, 1);
    assertStringIncludes(out, 'script.py:13: error: Unexpected keyword argument "stepp" for "log" of "Run"');
    assertStringIncludes(out, "Found 1 error in 1 file");
  },
);

testWithPackages("python: scalars and arrays of numpy", async (python) => {
  await using folder = await scratch();
  const script = `import dbxlogger, numpy as np
run = dbxlogger.init({"lr": np.float32(0.5), "shape": np.arange(3)}, repo="r", git=False, strict=True)
run.log("a", {"f32": np.float32(1.5), "f64": np.float64("nan"), "f16": np.float16("-inf"), "i": np.int64(3), "b": np.bool_(True)})
run.log("b", {"text": np.str_("x"), "array": np.array([[1, 2.5], [np.nan, np.inf]]), "zero": np.array(7), "wide": np.longdouble(1.25)})
run.log("c", np.float32(2))
run.log("d", {"time": np.datetime64("2026-01-31"), "big": np.uint64(2**63), np.int64(4): 1})
with run.context("step", 1):
    run.log({"loss": np.float32(0.25)}, step=np.int32(9))
`;
  await Deno.writeTextFile(`${folder.path}/script.py`, script);
  assertEquals(await run(python, folder.path, ["script.py"]), { code: 0, out: "", err: "" });
  const [nan, inf, minus] = ["nan", "inf", "-inf"].map((_dbx) => ({ _dbx }));
  assertEquals((await logsIn(`${folder.path}/r`)).log as unknown[], [
    { event: "a", f32: 1.5, f64: nan, f16: minus, i: 3, b: true },
    { event: "b", text: "x", array: [[1, 2.5], [nan, inf]], zero: 7, wide: 1.25 },
    { event: "c", value: 2 },
    { event: "d", time: "2026-01-31", big: "9223372036854775808", 4: 1 },
    { event: "step/1", step: 9, loss: 0.25 },
  ]);
  assertEquals(await findingsIn(`${folder.path}/r`), []);
});
