"""LightGBM's text files, with the methods of a scikit-learn estimator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.extras import optional
from scoring.settings import Settings


class LightGbmModel:
    """A LightGBM text file; a classifier answers labels, 0 to n-1, and probabilities.

    The file does not keep the labels' names, only their numbers.

    Raises:
        ModuleNotFoundError: lightgbm is not installed.
    """

    def __init__(self, path: Path) -> None:
        import lightgbm

        self._booster = lightgbm.Booster(model_file=str(path))
        self.feature_names_in_ = np.array(self._booster.feature_name(), dtype=object)
        self.n_features_in_ = self._booster.num_feature()
        objective = str(self._booster.dump_model(num_iteration=1).get("objective", ""))
        self._binary = objective.startswith("binary")
        if self._binary or objective.startswith("multiclass"):
            # A binary booster has one tree per iteration and gives the second class's share.
            classes = 2 if self._binary else self._booster.num_model_per_iteration()
            self.classes_ = np.arange(classes)
            self.predict_proba = self._predict_proba

    def predict(self, table: Any) -> npt.NDArray[Any]:
        """Return numbers, or a classifier's labels, (rows,)."""
        if hasattr(self, "classes_"):
            return np.asarray(self.classes_[np.argmax(self._predict_proba(table), axis=1)])
        return np.asarray(self._booster.predict(table))

    def _predict_proba(self, table: Any) -> npt.NDArray[Any]:
        scores = np.asarray(self._booster.predict(table))
        return np.column_stack([1 - scores, scores]) if self._binary else scores


def _load_lightgbm(path: Path, _settings: Settings) -> Any:
    with optional("lightgbm"):
        return LightGbmModel(path)
