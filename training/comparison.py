"""Is a new model better than the registered one? Both are asked about the same held-out rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import pandas as pd
from sklearn.base import is_classifier
from sklearn.metrics import get_scorer, get_scorer_names

#: Asked where no metric is named; scikit-learn's names.
METRICS = {True: "balanced_accuracy", False: "r2"}


class NotCompared(ValueError):
    """The two cannot be compared; the message says why and what to do."""


@dataclass(frozen=True)
class Comparison:
    """What both models score; larger is better, as scikit-learn's scorers have it.

    Attributes:
        metric: scikit-learn's name of the scorer.
        new, old: its values.
        old_name: `NAME:VERSION` of the registered model.
        rows: how many held-out rows both were asked about.
    """

    metric: str
    new: float
    old: float
    old_name: str
    rows: int

    @property
    def better(self) -> bool:
        """Whether the new model wins; equal is not better."""
        return self.new > self.old

    def __str__(self) -> str:
        """Return it as one line."""
        sign = ">" if self.better else "is not above"
        return (
            f"{self.metric} on {self.rows} held-out rows: new {self.new:.6g} {sign} "
            f"{self.old_name} {self.old:.6g}"
        )

    def tags(self) -> dict[str, str]:
        """Return it as tags of the new model."""
        return {
            "compared_with": self.old_name,
            f"{self.metric}_new": f"{self.new:.6g}",
            f"{self.metric}_old": f"{self.old:.6g}",
        }


def compare(
    new: Path, old: Path, old_name: str, X: pd.DataFrame, y: pd.Series, metric: str | None
) -> Comparison:
    """Return what both models score on rows that neither was trained on.

    Args:
        new: a model's file, or a folder with one.
        old: the same, of the registered model.
        old_name: what it is called.
        X: features of the held-out rows.
        y: their target.
        metric: scikit-learn's name of a scorer; by the kind of model without.

    Raises:
        NotCompared: one of them cannot be loaded or does not predict these rows.
    """
    if metric is not None and metric not in get_scorer_names():
        raise NotCompared(f"{metric!r} is no metric; there are {', '.join(get_scorer_names())}")
    models = {"the new model": _load(new), old_name: _load(old)}
    chosen = metric or METRICS[is_classifier(models["the new model"])]
    scorer = get_scorer(chosen)
    score_new, score_old = (_scored(scorer, name, model, X, y) for name, model in models.items())
    return Comparison(chosen, score_new, score_old, old_name, len(X))


def _scored(scorer: Any, name: str, model: Any, X: pd.DataFrame, y: pd.Series) -> float:
    try:
        return float(scorer(model, X, y))
    except Exception as error:
        said = str(error).strip().splitlines()[0]
        raise NotCompared(f"{name} does not predict the held-out rows: {said}") from error


def _load(path: Path) -> Any:
    files = [path] if path.is_file() else sorted([*path.rglob("*.joblib"), *path.rglob("*.pkl")])
    if len(files) != 1:
        raise NotCompared(f"{path} holds {len(files)} joblib files, not one")
    try:
        model = joblib.load(files[0])
    except Exception as error:
        raise NotCompared(f"{files[0].name} cannot be loaded: {error}") from error
    # The digits' file holds more than the model.
    return model["classifier"] if isinstance(model, dict) else model
