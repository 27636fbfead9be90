"""Where a run is recorded: azureml-core's Run or MLflow, behind the same four calls.

Both SDKs are imported when they are used: `train.py` needs neither, and a job needs only one.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import joblib
import numpy as np
import pandas as pd

#: Where the output folder lies among a run's files; `train --register` registers it from there.
MODEL_FOLDER = "model"


class Tracker(AbstractContextManager["Tracker"], Protocol):
    """What a training records; leaving the context ends the recording."""

    def log_parameters(self, parameters: Mapping[str, Any]) -> None:
        """Record what the model is trained with."""

    def log_metrics(self, metrics: Mapping[str, float]) -> None:
        """Record how good the model is."""

    def set_tags(self, tags: Mapping[str, str]) -> None:
        """Record what the run can be found by."""

    def log_model(self, folder: Path) -> None:
        """Record the output folder: model, manifest, sample and picture."""


class AzureMLTracker:
    """Records in the Azure ML run this program is in, or on standard output outside of one."""

    def __enter__(self) -> AzureMLTracker:
        """Find the run; azureml-core gives an offline run where there is none."""
        from azureml.core import Run

        self.run = Run.get_context()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Send what still waits, and leave the run open: whoever started the job ends it."""
        # The SDK sends metrics in the background, and a program that ends does not wait for it.
        self.run.flush()

    def log_parameters(self, parameters: Mapping[str, Any]) -> None:
        """Record each parameter as a value of the run, as SDK v1 has no parameters."""
        for name, value in parameters.items():
            self.run.log(name, value)

    def log_metrics(self, metrics: Mapping[str, float]) -> None:
        """Record each metric."""
        for name, value in metrics.items():
            self.run.log(name, value)

    def set_tags(self, tags: Mapping[str, str]) -> None:
        """Record the tags."""
        self.run.set_tags(dict(tags))

    def log_model(self, folder: Path) -> None:
        """Upload the folder, and show its pictures with the run."""
        self.run.upload_folder(MODEL_FOLDER, str(folder))
        for picture in sorted(folder.glob("*.png")):
            self.run.log_image(picture.stem, path=str(picture))


class MLflowTracker:
    """Records with MLflow, where MLFLOW_TRACKING_URI says; Azure ML sets it inside a job."""

    def __enter__(self) -> MLflowTracker:
        """Start a run, or join the one that Azure ML has started."""
        import mlflow

        self.mlflow = mlflow
        mlflow.start_run()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the run: FAILED when an error passes through."""
        self.mlflow.end_run("FAILED" if exc else "FINISHED")

    def log_parameters(self, parameters: Mapping[str, Any]) -> None:
        """Record the parameters."""
        self.mlflow.log_params(dict(parameters))

    def log_metrics(self, metrics: Mapping[str, float]) -> None:
        """Record the metrics."""
        self.mlflow.log_metrics(dict(metrics))

    def set_tags(self, tags: Mapping[str, str]) -> None:
        """Record the tags."""
        self.mlflow.set_tags(dict(tags))

    def log_model(self, folder: Path) -> None:
        """Record the model in MLflow's own format, with its signature, and the folder's files."""
        import mlflow.sklearn
        from mlflow.models import infer_signature

        entry, *_ = json.loads((folder / "models.json").read_text())["models"]
        model = joblib.load(folder / entry["file"])
        file = folder / "sample_input.json"
        features = getattr(model, "n_features_in_", 0)
        sample = (
            pd.DataFrame(json.loads(file.read_text()))
            if file.is_file()
            else np.zeros((1, features))
        )
        self.mlflow.log_artifacts(str(folder), MODEL_FOLDER)
        with tempfile.TemporaryDirectory() as temporary:
            # Saved and uploaded as files: log_model() asks the server for MLflow 3's "logged
            # models", which not every server of the protocol has.
            mlflow.sklearn.save_model(
                model,
                f"{temporary}/mlflow_model",
                signature=infer_signature(sample, model.predict(sample)),
                **_trusted(model),
                # Told, not guessed: MLflow's guess loads the model in another process.
                pip_requirements=[f"{n}=={v}" for n, v in entry["libraries"].items()],
            )
            self.mlflow.log_artifacts(temporary)


def _trusted(model: Any) -> dict[str, list[str]]:
    """Return MLflow's option for classes that skops does not know, all of them scikit-learn's.

    skops refuses them when it loads a file; this model was trained here.
    """
    import skops.io

    unknown = skops.io.get_untrusted_types(data=skops.io.dumps(model))
    own = [name for name in unknown if name.startswith("sklearn.")]
    return {"skops_trusted_types": own} if own else {}


TRACKERS: dict[str, type[Tracker]] = {"azureml": AzureMLTracker, "mlflow": MLflowTracker}


class NoTracker(AbstractContextManager["NoTracker"]):
    """Records nothing: a training whose folder is all that is wanted."""

    def __exit__(self, *_: object) -> None:
        """Do nothing."""

    def log_parameters(self, parameters: Mapping[str, Any]) -> None:
        """Do nothing."""

    def log_metrics(self, metrics: Mapping[str, float]) -> None:
        """Do nothing."""

    def set_tags(self, tags: Mapping[str, str]) -> None:
        """Do nothing."""

    def log_model(self, folder: Path) -> None:
        """Do nothing."""


def recorded(name: str | None) -> Any:
    """Return the tracker of this name, or one that records nothing."""
    return TRACKERS[name]() if name else NoTracker()
