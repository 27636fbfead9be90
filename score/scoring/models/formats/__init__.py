"""The formats of model files: one table from ending to loader.

A new format is one line in `FORMATS` and one small function. What a loader returns is a
scikit-learn estimator or behaves like one: `predict(frame)`, `predict_proba(frame)` where it
can, `classes_` of a classifier, and `feature_names_in_` or `n_features_in_` where the file
tells them.

Formats beyond env.yml are imported when they are met; a missing package is an error that
names the line to add.
"""

from __future__ import annotations

import json
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib

from scoring.errors import ModelBroken
from scoring.settings import Settings
from scoring.telemetry.log import logger

#: Smaller files are read into memory: sharing them saves nothing worth a file handle per array.
MMAP_BYTES = 50_000_000

#: What makes a folder an MLflow model.
MLFLOW_FILE = "MLmodel"

#: What makes a folder a fitted pipeline of pyspark.ml.
SPARK_FILES = "metadata/part-*"


@dataclass(frozen=True)
class Format:
    """One line of the table.

    Attributes:
        name: as in a manifest.
        suffixes: endings of its files, lower case; none for a folder.
        load: returns the model in a file.
        signature: how the file begins, for endings that other files have as well.
    """

    name: str
    suffixes: tuple[str, ...]
    load: Callable[[Path, Settings], Any]
    signature: bytes = b""


def format_of(path: Path) -> Format | None:
    """Return the format of a model's file or folder, None when it holds no model."""
    if path.is_dir():
        if (path / MLFLOW_FILE).is_file():
            return MLFLOW
        return SPARK if any(path.glob(SPARK_FILES)) else None
    suffix = path.suffix.lower()
    candidates = [known for known in FORMATS if suffix in known.suffixes]
    return next((known for known in candidates if _begins(path, known.signature)), None)


@contextmanager
def optional(package: str, needed_by: str = "this format") -> Iterator[None]:
    """Turn a missing module into an error that names the line for env.yml.

    Args:
        package: the package's name on the index.
        needed_by: what needs it.

    Raises:
        ModelBroken: what is imported inside is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise ModelBroken(
            f"{needed_by} needs the package {package} ({error}). "
            f"Add the line '- {package}' to the pip list of env.yml."
        ) from None


def _begins(path: Path, signature: bytes) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(len(signature)) == signature


def _load_joblib(path: Path, settings: Settings) -> Any:
    if not settings.mmap or path.stat().st_size < MMAP_BYTES:
        return joblib.load(path)
    try:
        # "c", copy on write: some estimators need arrays they may write to.
        model = joblib.load(path, mmap_mode="c")
    except OSError as error:
        logger.warning("%s is read into memory, not mapped: %s", path.name, error)
        return joblib.load(path)
    # Each mapped array keeps a file handle; a boosted ensemble can have thousands.
    handles = sum(1 for _ in Path("/dev/fd").iterdir())
    if handles > resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2:
        logger.warning("%s is read into memory: it has too many arrays to map.", path.name)
        del model
        return joblib.load(path)
    return model


def _load_skops(path: Path, settings: Settings) -> Any:
    with optional("skops"):
        from skops.io import get_untrusted_types, load
    unknown = sorted(set(get_untrusted_types(file=path)) - set(settings.trusted_types))
    if unknown:
        raise ModelBroken(
            f"it holds types that skops does not trust: {', '.join(unknown)}. "
            "If you do, list them in SCORING_TRUSTED_TYPES, separated by commas."
        )
    return load(path, trusted=list(settings.trusted_types))


def _load_onnx(path: Path, _settings: Settings) -> Any:
    from scoring.models.formats.onnx import OnnxModel

    with optional("onnxruntime"):
        return OnnxModel(path)


def _load_xgboost(path: Path, _settings: Settings) -> Any:
    with optional("xgboost-cpu"):
        import xgboost
    # The estimator's own load_model() reads the file; which one it is, its objective tells.
    config = json.loads(xgboost.Booster(model_file=str(path)).save_config())
    family = config["learner"]["objective"]["name"].partition(":")[0]
    kinds = {"binary": "XGBClassifier", "multi": "XGBClassifier", "rank": "XGBRanker"}
    estimator = getattr(xgboost, kinds.get(family, "XGBRegressor"))()
    estimator.load_model(path)
    return estimator


def _load_lightgbm(path: Path, _settings: Settings) -> Any:
    from scoring.models.formats.onnx import LightGbmModel

    with optional("lightgbm"):
        return LightGbmModel(path)


def _load_mlflow(path: Path, _settings: Settings) -> Any:
    # MLflow reports its use to its makers unless told otherwise; a service must not.
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    with optional("mlflow-skinny"):
        from mlflow import pyfunc
        from mlflow.models import Model
    # Through pyfunc a scikit-learn model would lose predict_proba().
    if "sklearn" in Model.load(str(path)).flavors:
        from mlflow import sklearn

        return sklearn.load_model(str(path))
    return pyfunc.load_model(str(path))


def _load_spark(path: Path, _settings: Settings) -> Any:
    from scoring.parameters.spark_table import local_session

    local_session()
    from pyspark.ml import PipelineModel

    return PipelineModel.load(path.absolute().as_uri())


MLFLOW = Format("mlflow", (), _load_mlflow)
SPARK = Format("spark", (), _load_spark)

FORMATS = (
    Format("joblib", (".joblib", ".pkl"), _load_joblib),
    Format("skops", (".skops",), _load_skops),
    Format("onnx", (".onnx",), _load_onnx),
    Format("xgboost", (".ubj",), _load_xgboost),
    Format("xgboost", (".json",), _load_xgboost, signature=b'{"learner"'),
    Format("lightgbm", (".txt", ".lgb", ".lgbm"), _load_lightgbm, signature=b"tree\n"),
    MLFLOW,
    SPARK,
)
