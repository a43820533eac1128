// The package that `scripts/build_wheel.ts` makes.
import { assertEquals, assertStringIncludes } from "../assert.ts";
import { VERSION } from "../../lib/base/version.ts";
import { PYTHON, pythonTest } from "./python.ts";

pythonTest(
  "the wheel is one that pip installs, the same each time, with its types and its file unchanged [slow]",
  async (folder) => {
    const run = async (program: string, args: readonly string[]) => {
      const { code, stdout, stderr } = await new Deno.Command(program, { args: [...args], cwd: folder }).output();
      assertEquals(code, 0, new TextDecoder().decode(stderr));
      return new TextDecoder().decode(stdout).trim();
    };
    const script = decodeURIComponent(new URL("../../scripts/build_wheel.ts", import.meta.url).pathname);
    const build = (output: string) => run(Deno.execPath(), ["run", "-A", "--quiet", script, "--output", output]);
    const [wheel, again] = [await build(`${folder}/a`), await build(`${folder}/b`)];
    assertEquals(await Deno.readFile(wheel), await Deno.readFile(again));
    await run(PYTHON!, ["-m", "venv", "env"]);
    await run("env/bin/pip", ["install", "--quiet", "--disable-pip-version-check", "--no-index", wheel]);
    const path = await run("env/bin/python", ["-c", "import dbxlogger; print(dbxlogger.__file__)"]);
    assertStringIncludes(path, "/site-packages/dbxlogger/__init__.py");
    const client = new URL("../../lib/python/dbxlogger/dbxlogger.py", import.meta.url);
    assertEquals(await Deno.readTextFile(path), await Deno.readTextFile(client));
    assertEquals((await Deno.stat(path.replace("__init__.py", "py.typed"))).isFile, true);
    assertStringIncludes(await run("env/bin/pip", ["show", "dbxlogger"]), `Version: ${VERSION}\n`);
  },
);
