import { replaceFile } from "../../../fs/files/atomic_file.ts";
import { RootFolder } from "../../../fs/folders/root_folder.ts";
import { pythonFolder } from "./python_folder.ts";

const FILE = "sitecustomize.py";

/**
 * Python writes whole lines at once into a terminal, and blocks of 8 KiB into a pipe. PYTHONUNBUFFERED would write a text and
 * its line feed apart, so that parallel processes tear each other's lines; this makes the two streams line-buffered instead.
 */
export const SITECUSTOMIZE =
  `# Written by dbx run, which puts this folder first on PYTHONPATH: stdout and stderr become line-buffered, as on a
# terminal. "dbx run --no-python-hook" does without. A sitecustomize of your own, further on sys.path, is run as always.
import sys


def _line_buffered(name):
    stream = getattr(sys, name, None)
    if stream is None or getattr(stream, "line_buffering", True) or getattr(stream, "write_through", False):
        return
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(line_buffering=True)
        return
    import io

    encoding, errors = stream.encoding, stream.errors
    new = io.TextIOWrapper(stream.detach(), encoding, errors, line_buffering=True)
    new.mode = "w"
    setattr(sys, name, new)
    setattr(sys, "__" + name + "__", new)


def _own():
    import os

    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != here]
    if os.environ.get("PYTHONUNBUFFERED"):
        return
    for name in ("stdout", "stderr"):
        try:
            _line_buffered(name)
        except Exception:
            pass


def _next():
    try:
        from importlib.machinery import PathFinder
        from importlib.util import module_from_spec

        spec = PathFinder.find_spec("sitecustomize", sys.path)
        if spec is None or spec.loader is None or spec.origin == __file__:
            return None
        return spec, module_from_spec(spec)
    except Exception:
        return None


try:
    _own()
except Exception:
    pass
_found = _next()
if _found is not None:
    sys.modules["sitecustomize"] = _found[1]
    _found[0].loader.exec_module(_found[1])
`;

/**
 * Writes the start-up file, and returns the variable that leads Python to it; nothing where the folder cannot be
 * written. Whatever else lies in a folder on PYTHONPATH is run under the name of a module, so it is never one of a
 * repository, which others may have made, but one that no other user can write, with nothing else in it.
 */
export async function pythonHook(
  env: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const folder = pythonFolder(env);
  if (folder === undefined) return {};
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    const { uid, mode, isDirectory } = await Deno.lstat(folder);
    if (!isDirectory || uid !== Deno.uid() || ((mode ?? 0) & 0o022) !== 0) return {};
    if (Array.from(Deno.readDirSync(folder)).some(({ name }) => !OWN_NAMES.test(name))) return {};
    if (await Deno.readTextFile(`${folder}/${FILE}`).catch(() => "") !== SITECUSTOMIZE) {
      replaceFile(new RootFolder(folder), FILE, SITECUSTOMIZE, { durable: false });
    }
  } catch {
    return {};
  }
  const given = env.PYTHONPATH;
  return { PYTHONPATH: given === undefined || given === "" ? folder : `${folder}:${given}` };
}

/** What dbx and Python themselves put there; a `dbx run` that was killed may have left a temporary file. */
const OWN_NAMES = /^(__pycache__|sitecustomize\.py|\.tmp-[0-9a-z]{13})$/;
