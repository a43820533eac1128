// What records what other packages of Python log.
import init from "./capture/__init__.py" with { type: "text" };
import record from "./capture/record.py" with { type: "text" };
import values from "./capture/values.py" with { type: "text" };
import keep from "./capture/keep.py" with { type: "text" };
import aimHook from "./capture/aim_hook.py" with { type: "text" };
import cometMlHook from "./capture/comet_ml_hook.py" with { type: "text" };
import lightningHook from "./capture/lightning_hook.py" with { type: "text" };
import mlflowHook from "./capture/mlflow_hook.py" with { type: "text" };
import neptuneHook from "./capture/neptune_hook.py" with { type: "text" };
import swanlabHook from "./capture/swanlab_hook.py" with { type: "text" };
import tensorboardHook from "./capture/tensorboard_hook.py" with { type: "text" };
import tensorflowHook from "./capture/tensorflow_hook.py" with { type: "text" };
import trackioHook from "./capture/trackio_hook.py" with { type: "text" };
import wandbHook from "./capture/wandb_hook.py" with { type: "text" };

/** By path: the modules of the package `dbx_capture`. */
export const CAPTURE_FILES: Readonly<Record<string, string>> = {
  "dbx_capture/__init__.py": init,
  "dbx_capture/record.py": record,
  "dbx_capture/values.py": values,
  "dbx_capture/keep.py": keep,
  "dbx_capture/aim_hook.py": aimHook,
  "dbx_capture/comet_ml_hook.py": cometMlHook,
  "dbx_capture/lightning_hook.py": lightningHook,
  "dbx_capture/mlflow_hook.py": mlflowHook,
  "dbx_capture/neptune_hook.py": neptuneHook,
  "dbx_capture/swanlab_hook.py": swanlabHook,
  "dbx_capture/tensorboard_hook.py": tensorboardHook,
  "dbx_capture/tensorflow_hook.py": tensorflowHook,
  "dbx_capture/trackio_hook.py": trackioHook,
  "dbx_capture/wandb_hook.py": wandbHook,
};
