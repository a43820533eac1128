import sitecustomize from "./sitecustomize.py" with { type: "text" };
import { CAPTURE_FILES } from "./capture_files.ts";
import { PYTHON_CLIENT } from "./client_source.ts";
import { SHIM_FILES } from "./shim_files.ts";

/**
 * What `dbx run` puts into the folder on PYTHONPATH: texts by path. `a/b.py` is in the folder `a`; there is only one level of
 * these. The files are part of the program, wherever that comes from.
 */
export const START_UP_FILES: Readonly<Record<string, string>> = {
  "sitecustomize.py": sitecustomize,
  "dbxlogger.py": PYTHON_CLIENT,
  ...CAPTURE_FILES,
  ...SHIM_FILES,
};
