// The modules of Python that dbx run brings to record what other packages log.
import init from "./capture/__init__.py" with { type: "text" };
import record from "./capture/record.py" with { type: "text" };
import values from "./capture/values.py" with { type: "text" };
import keep from "./capture/keep.py" with { type: "text" };
import aim from "./capture/aim_hook.py" with { type: "text" };
import comet_ml from "./capture/comet_ml_hook.py" with { type: "text" };
import lightning from "./capture/lightning_hook.py" with { type: "text" };
import mlflow from "./capture/mlflow_hook.py" with { type: "text" };
import neptune from "./capture/neptune_hook.py" with { type: "text" };
import swanlab from "./capture/swanlab_hook.py" with { type: "text" };
import tensorboard from "./capture/tensorboard_hook.py" with { type: "text" };
import tensorflow from "./capture/tensorflow_hook.py" with { type: "text" };
import trackio from "./capture/trackio_hook.py" with { type: "text" };
import wandb from "./capture/wandb_hook.py" with { type: "text" };

/** The modules by path: those of the package `dbx_capture`. */
export const CAPTURE_FILES: Readonly<Record<string, string>> = {
  "dbx_capture/__init__.py": init,
  "dbx_capture/record.py": record,
  "dbx_capture/values.py": values,
  "dbx_capture/keep.py": keep,
  "dbx_capture/aim_hook.py": aim,
  "dbx_capture/comet_ml_hook.py": comet_ml,
  "dbx_capture/lightning_hook.py": lightning,
  "dbx_capture/mlflow_hook.py": mlflow,
  "dbx_capture/neptune_hook.py": neptune,
  "dbx_capture/swanlab_hook.py": swanlab,
  "dbx_capture/tensorboard_hook.py": tensorboard,
  "dbx_capture/tensorflow_hook.py": tensorflow,
  "dbx_capture/trackio_hook.py": trackio,
  "dbx_capture/wandb_hook.py": wandb,
};
