// What `dbx run --shim` puts in the place of packages of Python.
import init from "./shims/__init__.py" with { type: "text" };
import distribution from "./shims/distribution.py" with { type: "text" };
import media from "./shims/media.py" with { type: "text" };
import neptune from "./shims/neptune.py" with { type: "text" };
import silent from "./shims/silent.py" with { type: "text" };
import trackio from "./shims/trackio.py" with { type: "text" };
import wandb from "./shims/wandb.py" with { type: "text" };
import wandbParts from "./shims/wandb_parts.py" with { type: "text" };

/** By path: the modules of the package `dbx_shims`. */
export const SHIM_FILES: Readonly<Record<string, string>> = {
  "dbx_shims/__init__.py": init,
  "dbx_shims/distribution.py": distribution,
  "dbx_shims/media.py": media,
  "dbx_shims/neptune.py": neptune,
  "dbx_shims/silent.py": silent,
  "dbx_shims/trackio.py": trackio,
  "dbx_shims/wandb.py": wandb,
  "dbx_shims/wandb_parts.py": wandbParts,
};
