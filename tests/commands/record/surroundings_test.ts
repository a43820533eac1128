// What surrounds a command, found without starting anything: its code, its Python.
import { isCode } from "../../../lib/commands/record/surroundings/code_names.ts";
import { pythonPackages, pythonVersion } from "../../../lib/commands/record/surroundings/python_packages.ts";
import { findPython } from "../../../lib/commands/record/surroundings/python_places.ts";
import { scriptFiles } from "../../../lib/commands/record/surroundings/script_files.ts";
import { assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

function makeFiles(root: string, names: readonly string[]): void {
  for (const name of names) {
    Deno.mkdirSync(`${root}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
    if (!name.endsWith("/")) Deno.writeTextFileSync(`${root}/${name}`, "");
  }
}

Deno.test("code: known by its name, not where programs put what they make", () => {
  const code = [
    "train.py",
    "a/b/model.cu",
    "conf/lr.yaml",
    "Makefile",
    "requirements-dev.txt",
    "run.sbatch",
    "x.ipynb",
  ];
  const other = [
    "model.pt",
    "data.csv",
    "notes.txt",
    ".env",
    ".ssh/config.py",
    "node_modules/x/index.js",
    "venv/lib/python3.11/site-packages/torch/nn.py",
    "package-lock.json",
    "uv.lock",
    "wandb/run-1/config.yaml",
  ];
  assertEquals(code.filter(isCode), code);
  assertEquals(other.filter(isCode), []);
});

Deno.test("code outside of git: the script, files of its kind beside it, and packages there", async () => {
  await using folder = await scratch();
  makeFiles(folder.path, [
    "train.py",
    "model.py",
    "data.csv",
    "other.sh",
    "net/__init__.py",
    "net/deep/__init__.py",
    "net/deep/layer.py",
    "scripts/once.py",
    ".hidden/__init__.py",
  ]);
  Deno.symlinkSync("/etc/passwd", `${folder.path}/link.py`);
  const { folder: top, paths } = scriptFiles(`${folder.path}/train.py`);
  assertEquals(top, folder.path);
  assertEquals([...paths].sort(), [
    "model.py",
    "net/__init__.py",
    "net/deep/__init__.py",
    "net/deep/layer.py",
    "train.py",
  ]);
  assertEquals(scriptFiles(`${folder.path}/none.py`).paths, []);
});

Deno.test("python: the venv that is named, active or the project's; pyenv, conda, a system; what an older folder hides", async () => {
  await using folder = await scratch();
  const { path } = folder;
  const site = "lib/python3.11/site-packages";
  makeFiles(path, [
    `venv/${site}/numpy-1.26.4.dist-info/METADATA`,
    `venv/${site}/Typing_Extensions-4.9.0.dist-info/METADATA`,
    `venv/${site}/old-0.1-py3.11.egg-info`,
    `venv/${site}/numpy/`,
    "venv/bin/python",
    "venv/bin/torchrun",
    `project/.venv/${site}/x-1.dist-info/METADATA`,
    "project/sub/train.py",
    "pyenv/shims/python",
    "pyenv/versions/3.11.7/lib/python3.11/site-packages/pip-24.0.dist-info/METADATA",
    "pyenv/versions/3.9.1/lib/python3.9/site-packages/pip-20.0.dist-info/METADATA",
    "conda/lib/python3.12/site-packages/y-2.dist-info/METADATA",
    "usr/bin/python3.10",
    "usr/lib/python3.10/site-packages/z-3.dist-info/METADATA",
    "usr/lib/python3.8/site-packages/z-1.dist-info/METADATA",
  ]);
  Deno.writeTextFileSync(`${path}/venv/pyvenv.cfg`, "home = /usr/bin\nversion = 3.11.9\n");
  Deno.writeTextFileSync(`${path}/project/.venv/pyvenv.cfg`, "version_info = 3.11.2.final.0\n");
  Deno.writeTextFileSync(`${path}/pyenv/version`, "3.9.1\n");
  Deno.symlinkSync("python3.10", `${path}/usr/bin/python3`);
  const found = (words: string[], program?: string, env: Record<string, string> = {}, cwd = path) => {
    const python = findPython(words, program, { env, cwd });
    return python && [pythonVersion(python), ...pythonPackages(python)];
  };
  const venv = ["3.11.9", "numpy==1.26.4", "old==0.1", "typing-extensions==4.9.0"];
  assertEquals(found(["python", "t.py"], `${path}/venv/bin/python`), venv);
  assertEquals(found(["torchrun", "t.py"], `${path}/venv/bin/torchrun`), venv);
  assertEquals(found(["./train.sh"], "/x/train.sh", { VIRTUAL_ENV: `${path}/venv` }), venv);
  assertEquals(found(["srun", `${path}/venv/bin/python`, "t.py"], "/usr/bin/srun"), venv);
  assertEquals(found(["sh", "-c", "python t.py"], "/bin/sh"), undefined);
  assertEquals(found(["bash", "t.py"], "/bin/bash", { PATH: `${path}/venv/bin` }), venv);
  assertEquals(found(["uv", "run", "t.py"], "/x/uv", {}, `${path}/project/sub`), ["3.11.2", "x==1"]);
  assertEquals(found(["./t"], "/x/t", { CONDA_PREFIX: `${path}/conda` }), ["3.12", "y==2"]);
  const shim = `${path}/pyenv/shims/python`;
  assertEquals(found(["python", "t.py"], shim), ["3.9.1", "pip==20.0"]);
  assertEquals(found(["python", "t.py"], shim, { PYENV_VERSION: "3.11" }), ["3.11.7", "pip==24.0"]);
  assertEquals(found(["python3", "t.py"], `${path}/usr/bin/python3`), ["3.10", "z==3"]);
  assertEquals(found(["./t"], "/x/t"), undefined);
});
