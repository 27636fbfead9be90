"""The formats of model files: one table from ending to loader.

A new format is one line in `FORMATS` and one small function. What a loader returns is a
scikit-learn estimator or behaves like one: `predict(frame)`, `predict_proba(frame)` where it
can, `classes_` of a classifier, and `feature_names_in_` or `n_features_in_` where the file
tells them.

Formats beyond env.yml are imported when they are met; a missing package is an error that
names the line to add.
"""

from __future__ import annotations

from pathlib import Path

from scoring.models.formats.base import Format
from scoring.models.formats.joblib import PICKLES, _load_joblib, begins_pickle
from scoring.models.formats.lightgbm import _load_lightgbm
from scoring.models.formats.mlflow import MLFLOW_FILE, _load_mlflow
from scoring.models.formats.onnx import _load_onnx
from scoring.models.formats.skops import _load_skops
from scoring.models.formats.spark import SPARK_FILES, _load_spark
from scoring.models.formats.xgboost import _load_xgboost


def format_of(path: Path) -> Format | None:
    """Return the format of a model's file or folder, None when it holds no model."""
    if path.is_dir():
        if (path / MLFLOW_FILE).is_file():
            return MLFLOW
        return SPARK if any(path.glob(SPARK_FILES)) else None
    if not path.suffix:
        return JOBLIB if path.is_file() and begins_pickle(path) else None
    name = path.name.lower()
    candidates = [known for known in FORMATS if known.suffixes and name.endswith(known.suffixes)]
    return next((known for known in candidates if _begins(path, known.signature)), None)


def bare_name(path: Path) -> str:
    """Return a model's name without its format's ending, `model` of `model.pkl.gz`."""
    endings = (ending for known in FORMATS for ending in known.suffixes)
    longest = max((e for e in endings if path.name.lower().endswith(e)), key=len, default="")
    return path.name.removesuffix(path.name[len(path.name) - len(longest) :]) or path.name


def _begins(path: Path, signature: bytes) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(len(signature)) == signature


JOBLIB = Format("joblib", PICKLES, _load_joblib)
MLFLOW = Format("mlflow", (), _load_mlflow)
SPARK = Format("spark", (), _load_spark)

FORMATS = (
    JOBLIB,
    Format("skops", (".skops",), _load_skops),
    Format("onnx", (".onnx",), _load_onnx),
    Format("xgboost", (".ubj",), _load_xgboost),
    Format("xgboost", (".json",), _load_xgboost, signature=b'{"learner"'),
    Format("lightgbm", (".txt", ".lgb", ".lgbm"), _load_lightgbm, signature=b"tree\n"),
    MLFLOW,
    SPARK,
)
